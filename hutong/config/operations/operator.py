"""The operator's key: a secret in the data folder that lets whoever may read that folder act through the API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hutong.workspaces import access, audit
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import APIKey, Workspace

FILE_NAME = "operator.key"
KEY_NAME = "本机命令行 / local command line"


def path() -> Path:
    """Where the secret is kept."""
    folder: Path = settings.DATA_DIR
    return folder / FILE_NAME


def _secret() -> bytes:
    """The secret, made on first need for its owner's eyes only."""
    try:
        return path().read_bytes().strip()
    except FileNotFoundError:
        return _renew()


def _renew() -> bytes:
    fresh = secrets.token_urlsafe(48).encode()
    temporary = path().with_name(f"{FILE_NAME}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path())
    return fresh


def _derived(purpose: str) -> str:
    digest = hmac.new(_secret(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def token() -> str:
    """What proves the operator to this machine's server."""
    return f"hto_{_derived('operator')}"


def is_operator(header: str) -> bool:
    """Whether an Authorization header proves the operator."""
    return path().exists() and hmac.compare_digest(header.encode("utf-8", "replace"), f"Bearer {token()}".encode())


def key_for(workspace: Workspace) -> str:
    """The command line's API key in a workspace, put among its keys on first need. One that was revoked there is replaced."""
    secret = f"htk_{_derived(f'workspace:{workspace.pk}')}"
    scopes = sorted(permission.name for permission in access.permissions())
    with transaction.atomic():
        key = APIKey.objects.in_workspace(workspace).filter(key_hash=access.hash_secret(secret)).first()
        if key is not None and key.revoked_at is not None:
            _renew()
            secret, key = f"htk_{_derived(f'workspace:{workspace.pk}')}", None
        if key is None:
            made = APIKey.objects.create(workspace=workspace, name=KEY_NAME, prefix=secret[:12], key_hash=access.hash_secret(secret), scopes=scopes)
            audit.write(workspace, actor=SYSTEM, action="key.create", target=made, target_kind="key", target_name=KEY_NAME)
        elif key.scopes != scopes:
            key.scopes = scopes
            key.save(update_fields=["scopes"])
            transaction.on_commit(partial(access.forget_keys))
    return secret
