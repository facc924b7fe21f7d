"""API keys: a program's way in, with no more rights than its maker holds."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.workspaces import access, audit, errors
from hutong.workspaces.access import Actor
from hutong.workspaces.models import APIKey, Workspace

KEY_PREFIX = "htk_"
SECRET_BYTES = 32
SHOWN_LENGTH = 12
ACTIVE_KEYS_MAX = 100
LIFETIME_MAX = dt.timedelta(days=3660)


def create(workspace: Workspace, *, actor: Actor, name: str, scopes: list[str], expires_at: dt.datetime | None) -> tuple[APIKey, str]:
    """A new key and its secret, which is kept nowhere. Scopes are permission names the maker holds."""
    _check(actor, scopes=scopes, expires_at=expires_at)
    expires_at = None if expires_at is None else expires_at.astimezone(clock.UTC)
    secret = f"{KEY_PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"
    with transaction.atomic():
        if APIKey.objects.in_workspace(workspace).filter(revoked_at=None).count() >= ACTIVE_KEYS_MAX:
            raise errors.TooManyKeys(most=ACTIVE_KEYS_MAX)
        key = APIKey.objects.create(
            workspace=workspace,
            name=name,
            prefix=secret[:SHOWN_LENGTH],
            key_hash=access.hash_secret(secret),
            scopes=sorted(set(scopes)),
            created_by=actor.user,
            expires_at=expires_at,
        )
        audit.write(
            workspace,
            actor=actor,
            action="key.create",
            target=key,
            target_kind="key",
            target_name=name,
            details={"scopes": key.scopes, "expires_at": _iso(expires_at)},
        )
    return key, secret


def revoke(workspace: Workspace, *, actor: Actor, key_id: uuid.UUID) -> None:
    """Stop a key for ever. Doing so twice changes nothing."""
    with transaction.atomic():
        key = APIKey.objects.in_workspace(workspace).select_for_update().filter(pk=key_id).first()
        if key is None:
            raise NotFound("key")
        if key.revoked_at is None:
            key.revoked_at = clock.now()
            key.save(update_fields=["revoked_at"])
            audit.write(workspace, actor=actor, action="key.revoke", target=key, target_kind="key", target_name=key.name)
    access.forget_keys()


def _check(actor: Actor, *, scopes: list[str], expires_at: dt.datetime | None) -> None:
    known = {permission.name for permission in access.permissions()}
    unknown = sorted(set(scopes) - known)
    if unknown:
        raise Invalid.field("scopes", f"没有这些权限：{', '.join(unknown)}。", f"No such permissions: {', '.join(unknown)}.")
    beyond = sorted(set(scopes) - actor.permissions)
    if beyond:
        raise Invalid.field("scopes", f"你没有这些权限：{', '.join(beyond)}。", f"You do not hold: {', '.join(beyond)}.")
    if expires_at is not None and not clock.now() < expires_at <= clock.now() + LIFETIME_MAX:
        raise Invalid.field("expires_at", "到期时间必须在将来十年之内。", "The expiry must lie within the next ten years.")


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
