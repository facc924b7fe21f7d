"""Connectors at work: one object for each account of this process, made of its settings, made anew when they change."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import msgspec
from django.conf import settings as django_settings

from hutong.channels import files, platforms
from hutong.channels.contract import Connector, Link, Manifest, NeedsReconnect, Settings
from hutong.channels.models import Account
from hutong.channels.site import talks
from hutong.foundation import seals
from hutong.foundation.http import Egress

PURPOSE = "channels.account"

_guard = threading.Lock()
_made: dict[uuid.UUID, tuple[int, Connector]] = {}


def seal(account_id: uuid.UUID, secrets: dict[str, Any]) -> bytes:
    """Secrets as they are stored."""
    return seals.seal(msgspec.json.encode(secrets), purpose=PURPOSE, secret=str(account_id))


def settings_of(account: Account) -> Settings:
    """All settings of an account, secrets opened. Raises NeedsReconnect where the installation's key was changed."""
    if not account.secrets:
        return dict(account.settings)
    try:
        opened = seals.unseal(bytes(account.secrets), purpose=PURPOSE, secret=str(account.pk))
    except ValueError:
        raise NeedsReconnect(
            "无法解开保存的密钥：安装的 secret.key 换过。请重新填写并连接。",
            "The stored secrets cannot be opened: secret.key of this installation was changed. Reconnect.",
        ) from None
    return {**account.settings, **msgspec.json.decode(opened)}


def split(manifest: Manifest, settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """What may be shown, and what is kept sealed."""
    secret = {one.name for one in manifest.fields if one.kind == "secret"}
    return {name: value for name, value in settings.items() if name not in secret}, {
        name: value for name, value in settings.items() if name in secret
    }


def callback_url(account_id: uuid.UUID | str) -> str:
    """Where a platform calls this installation for an account."""
    return f"{django_settings.PUBLIC_URL}/hooks/{account_id}"


def make(
    platform: str, *, workspace_id: uuid.UUID, account_id: uuid.UUID, settings: Settings, private_hosts: list[str], self_id: str = ""
) -> Connector:
    """A connector of these settings, kept by nobody."""
    link = Link(
        account_id=str(account_id),
        settings=settings,
        http=Egress(private_hosts=private_hosts),
        self_id=self_id,
        callback_url=callback_url(account_id),
        read=lambda name: files.read(workspace_id, name),
        leave=lambda chat_id, key, segments: talks.leave(workspace_id, account_id, chat_id, key=key, segments=segments),
    )
    return platforms.connector(platform)(link)


def of(account: Account) -> Connector:
    """The connector of an account in this process. Raises NeedsReconnect."""
    with _guard:
        found = _made.get(account.pk)
    if found is not None and found[0] == account.version:
        return found[1]
    made = make(
        account.platform,
        workspace_id=account.workspace_id,
        account_id=account.pk,
        settings=settings_of(account),
        private_hosts=account.private_hosts,
        self_id=account.self_id,
    )
    with _guard:
        there = _made.get(account.pk)
        if there is not None and there[0] == account.version:
            return there[1]
        _made[account.pk] = (account.version, made)
    if there is not None:
        there[1].link.http.close()
    return made


def forget(account_id: uuid.UUID) -> None:
    """Let go of an account's connector."""
    with _guard:
        found = _made.pop(account_id, None)
    if found is not None:
        found[1].link.http.close()


def forget_all() -> None:
    """Let go of every connector: the process stops."""
    for account_id in list(_made):
        forget(account_id)
