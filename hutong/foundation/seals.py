"""Sealing bytes at rest (AES-256-GCM) under a key of the installation and of something only the reader brings."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

NONCE_BYTES = 12


def seal(plain: bytes, *, purpose: str, secret: str) -> bytes:
    """Bytes that only `unseal` with the same purpose and secret can read."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(purpose, secret)).encrypt(nonce, plain, None)


def unseal(sealed: bytes, *, purpose: str, secret: str) -> bytes:
    """The sealed bytes; raises ValueError for another secret or a changed text."""
    try:
        return AESGCM(_key(purpose, secret)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except InvalidTag:
        raise ValueError("sealed under another secret, or changed since") from None


def _key(purpose: str, secret: str) -> bytes:
    return salted_hmac(f"hutong.foundation.seals.{purpose}", secret, secret=settings.SECRET_KEY, algorithm="sha256").digest()
