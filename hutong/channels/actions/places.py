"""Chats as a platform shows them: met, turned, moved. Called for what comes in."""

from __future__ import annotations

from django.db.models import QuerySet

from hutong.channels import contract, line, platforms
from hutong.channels.models import Account, Chat
from hutong.communities import actions as communities
from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.members.names import seen_name

STATES = {"chat.dissolved": "dissolved", "bot.removed": "removed", "bot.muted": "muted", "bot.added": "in", "chat.created": "in"}


def met(account: Account, seen: contract.Chat) -> Chat:
    """The chat of that id, made where it is new. A group of the workspace with the same channel and id is it. Within a transaction."""
    ref = seen.id[: contract.ID_LENGTH_MAX]
    chat = named(account, ref, kind=seen.kind).select_related("group").first()
    is_new = chat is None
    if chat is None:
        chat = Chat.objects.create(
            workspace_id=account.workspace_id, account=account, external_id=ref, kind=seen.kind, name=seen_name(seen.name), members=seen.members
        )
    if is_new:
        if seen.kind != "dm":
            chat.group = Group.objects.in_workspace(account.workspace_id).filter(channel=account.channel, external_id=seen.id).first()
            chat.save(update_fields=["group"])
        return chat
    changes = {
        "name": seen_name(seen.name) or chat.name,
        "members": chat.members if seen.members is None else seen.members,
        "last_event_at": clock.now(),
    }
    for name, value in changes.items():
        setattr(chat, name, value)
    chat.save(update_fields=list(changes))
    return chat


def named(account: Account, external_id: str, *, kind: str) -> QuerySet[Chat]:
    """The chat of that id, if it is known. Where the platform's ids are of one series, a chat stays the same one when its kind changes."""
    rows = Chat.objects.in_workspace(account.workspace_id).filter(account=account, external_id=external_id)
    return rows.filter(kind=kind) if platforms.tells_kinds_apart(account.platform) else rows


def turned(chat: Chat, state: str) -> None:
    """The chat, or our place in it, changed. Within a transaction."""
    if chat.state != state:
        chat.state = state
        chat.save(update_fields=["state"])


def moved(account: Account, chat: Chat, external_id: str) -> Chat:
    """The platform gave the chat another id: what waits goes there, and it stays the same group. Within a transaction."""
    there = named(account, external_id, kind=chat.kind).first()
    if there is not None and there.pk != chat.pk:
        if there.group_id is None:
            there.group = chat.group
            there.save(update_fields=["group"])
        turned(chat, "dissolved")
        line.redirect(account, before=chat.external_id, after=external_id)
    elif there is None:
        line.redirect(account, before=chat.external_id, after=external_id)
        chat.external_id = external_id
        chat.save(update_fields=["external_id"])
        there = chat
    if there.group is not None:
        communities.identify_group(account.workspace_id, group_id=there.group.pk, external_id=external_id)
    return there
