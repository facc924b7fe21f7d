"""Conversations that staff begin: from a message that somebody wrote, or with a member by one of our accounts."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from hutong.channels import contract
from hutong.channels.actions import places
from hutong.channels.models import Chat
from hutong.events import browse
from hutong.foundation.errors import Invalid, NotFound
from hutong.inbox.actions.settling import settle
from hutong.inbox.errors import NoSuchEvent, NoWayToWrite
from hutong.inbox.following import TEXT_LENGTH_MAX, begin
from hutong.inbox.models import Conversation, InboxMessage
from hutong.inbox.queries import reach
from hutong.members.models import Member
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def open_one(workspace: Workspace, *, actor: Actor, event_id: str, member_id: uuid.UUID | None, account_id: uuid.UUID | None) -> Conversation:
    """Open a conversation from a message, or with a member. Raises Invalid, NotFound, NoSuchEvent, NoWayToWrite."""
    if event_id and member_id is None and account_id is None:
        return from_event(workspace, actor=actor, event_id=event_id)
    if not event_id and member_id is not None and account_id is not None:
        return with_member(workspace, actor=actor, member_id=member_id, account_id=account_id)
    raise Invalid.field("event_id", "请给出一条消息，或一位成员和一个平台账号。", "Name either a message, or a member and an account.")


def with_member(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, account_id: uuid.UUID) -> Conversation:
    """The private conversation of an account with a member. A new one waits, out of every list, for what we write. Raises NotFound, NoWayToWrite."""
    with transaction.atomic():
        way = next((one for one in reach.ways(workspace, member_id) if one.account.pk == account_id), None)
        if way is None:
            raise NoWayToWrite()
        if way.conversation_id is not None:
            return Conversation.objects.in_workspace(workspace).get(pk=way.conversation_id)
        chat = places.met(way.account, contract.Chat(id=way.identity.external_id, kind="dm"))
        made = Conversation.objects.in_workspace(workspace).filter(chat=chat, in_group=None).first()
        if made is None:
            made = begin(chat, member_id=member_id, origin_id=way.identity.origin_id, because="staff")
        audit.write(workspace, actor=actor, action="conversation.open", target=made)
    return made


def from_event(workspace: Workspace, *, actor: Actor, event_id: str) -> Conversation:
    """Open a conversation with whoever wrote a message of the stream, in the chat where it was. Raises NotFound, NoSuchEvent."""
    event = browse.event(workspace, event_id)
    chat = _chat_of(workspace, event)
    if chat is None or event["member_id"] is None or event["name"] != "message_sent" or event["properties"].get("own"):
        raise NoSuchEvent()
    with transaction.atomic():
        origin_id = event["origin_id"]
        if not Member.objects.in_workspace(workspace).filter(pk=origin_id).exists():
            raise NotFound("member")
        place = {"chat": chat, "in_group": None if chat.kind == "dm" else origin_id}
        found = Conversation.objects.in_workspace(workspace).select_related("chat__group").filter(**place).first()
        conversation = found or begin(chat, member_id=event["member_id"], origin_id=origin_id, because="staff")
        if found is None or not found.is_active:
            conversation.because = "staff"
        message_id = str(event["properties"].get("message_id") or f"event:{event_id}")[:200]
        InboxMessage.objects.in_workspace(workspace).get_or_create(
            conversation=conversation,
            external_id=message_id,
            defaults={"workspace_id": workspace.pk, "direction": "in", "at": event["occurred_at"], "text": event["text"][:TEXT_LENGTH_MAX]},
        )
        settle(conversation, reopens_at=event["occurred_at"])
        audit.write(workspace, actor=actor, action="conversation.open", target=conversation)
    return conversation


def _chat_of(workspace: Workspace, event: dict[str, Any]) -> Chat | None:
    chat_id = event["properties"].get("chat_id")
    rows = Chat.objects.in_workspace(workspace).select_related("group", "account")
    return rows.filter(pk=chat_id).first() if chat_id else None
