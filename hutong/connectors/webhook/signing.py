"""Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, several at once while a secret is changed."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

PREFIX = "whsec_"
VERSION = "v1"
TOLERANCE_SECONDS = 300
SECRET_BYTES = 32
SECRET_BYTES_MIN, SECRET_BYTES_MAX = 24, 64
SIGNATURES_MAX = 10


def make_secret() -> str:
    """A new secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The bytes a secret stands for. Raises ValueError when it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if not secret.startswith(PREFIX) or not SECRET_BYTES_MIN <= len(key) <= SECRET_BYTES_MAX:
        raise ValueError("24 to 64 bytes after whsec_")
    return key


def sign(keys: list[bytes], *, message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`."""
    return " ".join(f"{VERSION},{_signature(key, message_id, str(timestamp), body)}" for key in keys)


def is_signed(keys: list[bytes], *, message_id: str, timestamp: str, body: bytes, signatures: str, now_seconds: float) -> bool:
    """Whether one of the signatures is by one of the keys, and not older or newer than `TOLERANCE_SECONDS`."""
    if not message_id or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now_seconds - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    wanted = [_signature(key, message_id, timestamp, body).encode() for key in keys]
    found = False
    for one in signatures.split(" ")[:SIGNATURES_MAX]:
        version, _, given = one.partition(",")
        for signature in wanted:
            found |= hmac.compare_digest(signature, given.encode()) and version == VERSION
    return found


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    told = b".".join([message_id.encode(), timestamp.encode(), body])
    return base64.b64encode(hmac.digest(key, told, "sha256")).decode()
