"""Every write to chats: met on a platform, turned, moved, and said to be a group."""

from __future__ import annotations

import uuid

from django.db import transaction

from hutong.channels import connections, contract
from hutong.channels.actions import inbound, places
from hutong.channels.errors import ChannelDiffers, GroupLinked, NotConnected, NotOffered
from hutong.channels.models import Account, Chat
from hutong.channels.platforms import manifest
from hutong.communities import actions as communities
from hutong.communities.models import Group
from hutong.foundation.errors import NotFound
from hutong.foundation.http import EgressError
from hutong.foundation.text import one_line
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

LISTED_MAX = 5_000


def refresh(workspace: Workspace, *, account_id: uuid.UUID) -> int:
    """Ask the platform in which chats the account is. Gives how many. Raises NotOffered, NotConnected."""
    account = _account(workspace, account_id)
    said = manifest(account.platform)
    if "chats" not in said.ways:
        raise NotOffered(
            platform=said.zh,
            zh="平台不提供会话列表，有消息来时会话会自动出现。",
            en="it gives no list of chats; a chat appears when something comes from it.",
        )
    try:
        found = [chat for _, chat in zip(range(LISTED_MAX), connections.of(account).chats(), strict=False)]
    except contract.ConnectorError as error:
        raise NotConnected(error) from error
    except EgressError as error:
        raise NotConnected(zh=error.zh, en=error.en) from error
    with transaction.atomic():
        for chat in found:
            places.turned(places.met(account, chat), "in")
    return len(found)


def add(workspace: Workspace, *, actor: Actor, account_id: uuid.UUID, external_id: str, name: str, kind: str) -> Chat:
    """Name a chat by hand, where the platform tells of none."""
    with transaction.atomic():
        account = _account(workspace, account_id)
        ref = one_line("external_id", external_id, length_max=contract.ID_LENGTH_MAX)
        chat = places.met(account, contract.Chat(id=ref, kind=kind, name=one_line("name", name, length_max=200)))  # type: ignore[arg-type]
        audit.write(workspace, actor=actor, action="chat.add", target=chat, details={"account": account.name})
    return chat


def link(workspace: Workspace, *, actor: Actor, chat_id: uuid.UUID, group_id: uuid.UUID | None, community_id: uuid.UUID | None = None) -> Chat:
    """Say which group a chat is: one that is there, or a new one in a community. What waited is recorded then.

    Raises ChannelDiffers, GroupLinked, and what making a group raises.
    """
    with transaction.atomic():
        chat = _chat(workspace, chat_id)
        account = chat.account
        if group_id is None:
            if community_id is None:
                raise NotFound("group")
            group = communities.create_group(
                workspace, actor=actor, community_id=community_id, name=str(chat)[:100], channel=account.channel, external_id=chat.external_id
            )
        else:
            group = _group(workspace, group_id)
            if group.channel != account.channel:
                raise ChannelDiffers(name=group.name, channel=group.channel)
            other = Chat.objects.in_workspace(workspace).filter(account=account, group=group).exclude(pk=chat.pk).first()
            if other is not None:
                raise GroupLinked(name=group.name, chat=str(other))
            if not group.external_id:
                communities.identify_group(workspace.pk, group_id=group.pk, external_id=chat.external_id)
        chat.group = group
        chat.save(update_fields=["group"])
        inbound.replay(account, chat)
        audit.write(
            workspace, actor=actor, action="chat.link", target=chat, details={"account": account.name, "group_id": str(group.pk), "group": group.name}
        )
    return chat


def unlink(workspace: Workspace, *, actor: Actor, chat_id: uuid.UUID) -> Chat:
    """The chat is no group of ours from now on; what was recorded stays."""
    with transaction.atomic():
        chat = _chat(workspace, chat_id)
        if chat.group is not None:
            before, chat.group = chat.group, None
            chat.save(update_fields=["group"])
            audit.write(workspace, actor=actor, action="chat.unlink", target=chat, details={"group_id": str(before.pk), "group": before.name})
    return chat


def _account(workspace: Workspace, account_id: uuid.UUID) -> Account:
    found = Account.objects.in_workspace(workspace).filter(pk=account_id).exclude(state="removed").first()
    if found is None:
        raise NotFound("account")
    return found


def _chat(workspace: Workspace, chat_id: uuid.UUID) -> Chat:
    found = Chat.objects.in_workspace(workspace).select_for_update().select_related("account", "group").filter(pk=chat_id).first()
    if found is None or found.account.state == "removed":
        raise NotFound("chat")
    return found


def _group(workspace: Workspace, group_id: uuid.UUID) -> Group:
    found = Group.objects.in_workspace(workspace).filter(pk=group_id, archived_at=None).first()
    if found is None:
        raise NotFound("group")
    return found
