"""Responder: conversations follow what people write, edit and recall, and what became of our answers.

A private chat is a conversation from its first message. In a group there is one with a person from the moment they call us, a rule hands over,
or staff opens one; from then on everything they write there belongs to it while it is open.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.db.models import F, Q

from hutong.channels.actions.sends import Body
from hutong.channels.fitting import plain
from hutong.channels.messages import stored
from hutong.channels.models import Chat, Send, SentMessage
from hutong.events.responders import Happening, at_once
from hutong.events.warehouse.schema import NONE
from hutong.foundation import ids
from hutong.foundation.text import storable
from hutong.inbox.actions.settling import settle
from hutong.inbox.models import Conversation, InboxMessage
from hutong.members.bulk import chunks
from hutong.members.models import Identity, Member
from hutong.workspaces.models import User

NAME = "inbox"
WRITTEN = frozenset({"message_sent", "interaction_done", "handed_over"})
CHANGED = frozenset({"message_edited", "message_recalled"})
OUTCOMES = frozenset({"message_delivered", "message_failed"})
NAMES = WRITTEN | CHANGED | OUTCOMES
TEXT_LENGTH_MAX = 20_000
ATTACHMENTS_MAX = 20
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # before any message
KEY = "inbox/"  # before the client's key, as the key of a send of ours

_body = msgspec.json.Decoder(Body).decode
Place = tuple[uuid.UUID, uuid.UUID | None]  # chat, and in groups the person's origin


@dataclass(slots=True)
class _Work:
    """One batch: what was looked up, and what is to be settled at its end."""

    chats: dict[uuid.UUID, Chat]
    known: dict[Place, Conversation]
    touched: dict[uuid.UUID, Conversation] = field(default_factory=dict)
    reopened: dict[uuid.UUID, dt.datetime] = field(default_factory=dict)

    def touch(self, conversation: Conversation, *, reopens_at: dt.datetime | None = None) -> None:
        self.touched[conversation.pk] = conversation
        if reopens_at is not None:
            before = self.reopened.get(conversation.pk)
            self.reopened[conversation.pk] = reopens_at if before is None else min(before, reopens_at)


def take(events: Sequence[Happening]) -> None:
    """Follow these. Within the responder's transaction."""
    told = [one for one in events if one.name in WRITTEN | CHANGED and "chat_id" in one.properties and not _is_of_bots(one)]
    work = _look_up(told)
    for event in told:
        chat = work.chats.get(uuid.UUID(str(event.properties["chat_id"])))
        if chat is None or str(chat.workspace_id) != event.workspace_id:
            continue
        if event.name in CHANGED:
            _change(work, event, chat)
        elif event.properties.get("own"):
            _typed_elsewhere(work, event, chat)
        elif event.member_id != NONE and not event.properties.get("bot"):
            _write(work, event, chat)
    _follow_sends(work, [one for one in events if one.name in OUTCOMES and "send_id" in one.properties])
    for pk, conversation in work.touched.items():
        settle(conversation, reopens_at=work.reopened.get(pk))


def _look_up(events: Sequence[Happening]) -> _Work:
    chat_ids = {uuid.UUID(str(one.properties["chat_id"])) for one in events}
    origins = {uuid.UUID(one.origin_id) for one in events if one.origin_id != NONE}
    work = _Work({}, {})
    for some in chunks(chat_ids):
        for people in list(chunks(origins)) or [[]]:
            _remember(work, Conversation.objects.across_workspaces().filter(Q(in_group=None) | Q(in_group__in=people), chat_id__in=some))
    matters = {uuid.UUID(str(one.properties["chat_id"])) for one in events if not _is_mere_talk(one, work)}
    for some in chunks(matters):
        rows = Chat.objects.across_workspaces().filter(pk__in=some).select_related("account", "group")
        work.chats |= {one.pk: one for one in rows}
    return work


def _is_of_bots(event: Happening) -> bool:
    """What we and other bots say in a group."""
    return event.name == "message_sent" and event.group_id != NONE and bool(event.properties.get("own") or event.properties.get("bot"))


def _is_mere_talk(event: Happening, work: _Work) -> bool:
    """What people say to each other in a group: most of what comes, and no conversation's."""
    if event.name != "message_sent" or event.group_id == NONE or event.properties.get("mentions_bot"):
        return False
    chat_id = uuid.UUID(str(event.properties["chat_id"]))
    return (chat_id, uuid.UUID(event.origin_id)) not in work.known and (chat_id, None) not in work.known


def _remember(work: _Work, rows: Any) -> None:
    for one in rows.select_related("chat__group"):
        work.known[one.chat_id, one.in_group] = one


def _place(chat: Chat, origin_id: uuid.UUID | None) -> Place:
    return chat.pk, None if chat.kind == "dm" else origin_id


def _at(event: Happening) -> dt.datetime:
    return dt.datetime.fromtimestamp(round(event.occurred_at * 1000) / 1000, dt.UTC)


def _message_id(event: Happening) -> str:
    said = event.properties.get("message_id")
    return str(said)[:200] if said else f"event:{event.id}"[:200]  # a button that was pressed has no id of its own


def begin(chat: Chat, *, member_id: uuid.UUID, origin_id: uuid.UUID, because: str) -> Conversation:
    """The row of a new conversation; `settle` opens it. Within a transaction."""
    ref = Identity.objects.in_workspace(chat.workspace_id).filter(origin_id=origin_id, channel=chat.account.channel)
    name = Member.objects.in_workspace(chat.workspace_id).filter(pk=member_id).values_list("name", flat=True).first()
    return Conversation.objects.create(
        id=ids.new(),
        workspace_id=chat.workspace_id,
        account=chat.account,
        chat=chat,
        origin_id=origin_id,
        in_group=None if chat.kind == "dm" else origin_id,
        user_ref=(ref.values_list("external_id", flat=True).first() or "")[:200],
        name=(name or chat.name or chat.external_id)[:200],
        channel=chat.account.channel,
        community_id=chat.group.community_id if chat.group else None,
        state="closed",
        is_active=False,
        because=because,
        last_at=EPOCH,
    )


def _write(work: _Work, event: Happening, chat: Chat) -> None:
    member_id, origin_id = uuid.UUID(event.member_id), uuid.UUID(event.origin_id if event.origin_id != NONE else event.member_id)
    place = _place(chat, origin_id)
    conversation = work.known.get(place)
    because = "handed_over" if event.name == "handed_over" else "mention" if chat.kind != "dm" else "message"
    if chat.kind != "dm":
        calls = event.name == "handed_over" or bool(event.properties.get("mentions_bot"))
        if event.name == "interaction_done" or not (
            calls or (conversation is not None and (conversation.is_active or conversation.pk in work.reopened))
        ):
            return
    if conversation is None:
        conversation = work.known[place] = _begun_by_us(chat, origin_id) or begin(chat, member_id=member_id, origin_id=origin_id, because=because)
    elif not conversation.is_active:
        conversation.because = because
    if event.name == "handed_over":
        conversation.because = because
        conversation.handed_over_by = storable(str(event.properties.get("rule") or event.properties.get("keyword") or ""))[:200]
    if conversation.origin_id is None:  # our own words came first
        conversation.origin_id, conversation.user_ref, conversation.name = origin_id, chat.external_id, _name(event, chat)
    at = _at(event)
    row, is_new = InboxMessage.objects.in_workspace(chat.workspace_id).get_or_create(
        conversation=conversation, external_id=_message_id(event), defaults={"workspace_id": chat.workspace_id, "direction": "in"}
    )
    if row.at is None:
        row.at, is_new = at, True
        row.reply_to = str(event.reply_to or "")[:200]
        row.attachments = _attachments(event)
        if row.edited_at is None:
            row.text = _text(event)
        row.save()
    elif at < row.at and row.direction == "in":  # what handed over said it again, later
        row.at, row.attachments = at, row.attachments or _attachments(event)
        row.save()
    thread = str(event.properties.get("thread", ""))[:200]
    if is_new and at >= conversation.last_at:
        conversation.thread, conversation.last_at = thread, at
    work.touch(conversation, reopens_at=at if is_new or event.name == "handed_over" else None)


def _begun_by_us(chat: Chat, origin_id: uuid.UUID) -> Conversation | None:
    """What staff began by the person's id, where the platform now says which private chat that is. From here on it is in this chat."""
    if chat.kind != "dm":
        return None
    rows = Conversation.objects.in_workspace(chat.workspace_id).filter(account_id=chat.account_id, in_group=None, origin_id=origin_id)
    rows = rows.filter(chat__external_id=F("user_ref")).exclude(messages__direction="in")  # they have not written where it was begun
    found = rows.select_related("chat__group").first()
    if found is not None:
        found.chat = chat
        found.save(update_fields=["chat"])
    return found


def _name(event: Happening, chat: Chat) -> str:
    found = Member.objects.in_workspace(chat.workspace_id).filter(pk=event.member_id).values_list("name", flat=True).first()
    return (found or chat.name or chat.external_id)[:200]


def _text(event: Happening) -> str:
    if event.name == "interaction_done" and not event.text:
        return storable(str(event.properties.get("reason", "")))[:TEXT_LENGTH_MAX]
    return event.text[:TEXT_LENGTH_MAX]


def _attachments(event: Happening) -> list[Any]:
    said = event.properties.get("attachments")
    return said[:ATTACHMENTS_MAX] if isinstance(said, list) else []


def _change(work: _Work, event: Happening, chat: Chat) -> None:
    message_id = _message_id(event)
    rows = InboxMessage.objects.in_workspace(chat.workspace_id).filter(conversation__chat=chat, external_id=message_id).exclude(direction="note")
    row = rows.select_related("conversation__chat__group").first()
    if row is None:
        row = _stub(work, event, chat, message_id)
        if row is None:
            return
    at = _at(event)
    if event.name == "message_recalled":
        row.recalled_at = at if row.recalled_at is None else min(row.recalled_at, at)
    elif row.edited_at is None or (at, event.text) > (row.edited_at, row.text):
        row.edited_at, row.text = at, event.text[:TEXT_LENGTH_MAX]
    row.save()
    conversation = work.known.setdefault((chat.pk, row.conversation.in_group), row.conversation)
    work.touch(conversation)


def _stub(work: _Work, event: Happening, chat: Chat, message_id: str) -> InboxMessage | None:
    """A place for a message whose edit or recall came first. In groups only where its author has a conversation."""
    if event.member_id == NONE or event.properties.get("bot"):
        return None
    member_id, origin_id = uuid.UUID(event.member_id), uuid.UUID(event.origin_id if event.origin_id != NONE else event.member_id)
    conversation = work.known.get(_place(chat, origin_id))
    if conversation is None:
        if chat.kind != "dm":
            return None
        conversation = work.known[_place(chat, origin_id)] = begin(chat, member_id=member_id, origin_id=origin_id, because="message")
    return InboxMessage(id=ids.new(), workspace_id=chat.workspace_id, conversation=conversation, direction="in", external_id=message_id)


def _typed_elsewhere(work: _Work, event: Happening, chat: Chat) -> None:
    """Our account spoke in a private chat without us: somebody answered on their phone."""
    conversation = work.known.get((chat.pk, None))
    if chat.kind != "dm" or conversation is None or event.name != "message_sent":
        return
    message_id = _message_id(event)
    ours = SentMessage.objects.in_workspace(chat.workspace_id).filter(account_id=chat.account_id, message_id=message_id, chat_ref=chat.external_id)
    if ours.exists():
        return
    row, is_new = InboxMessage.objects.in_workspace(chat.workspace_id).get_or_create(
        conversation=conversation,
        external_id=message_id,
        defaults={"workspace_id": chat.workspace_id, "direction": "out", "at": _at(event), "text": _text(event), "attachments": _attachments(event)},
    )
    if not is_new and row.at is None:  # an edit of it came first
        row.direction, row.at, row.attachments = "out", _at(event), _attachments(event)
        row.text = row.text if row.edited_at else _text(event)
        row.save()
    work.touch(conversation)


def _follow_sends(work: _Work, events: Sequence[Happening]) -> None:
    wanted = {uuid.UUID(str(one.properties["send_id"])): one for one in events}
    for some in chunks(wanted):
        rows = InboxMessage.objects.across_workspaces().filter(send_id__in=some).select_related("conversation__chat__group")
        ours = {one.send_id: one for one in rows}
        matters = [pk for pk in some if pk in ours or wanted[pk].group_id == NONE]  # in groups nothing but what staff wrote here
        sends = Send.objects.across_workspaces().filter(pk__in=matters).select_related("account") if matters else ()
        for send in sends:
            row = ours.get(send.pk) or _automatic(send)
            if row is not None:
                _outcome(work, send, row)


def _outcome(work: _Work, send: Send, row: InboxMessage) -> None:
    row.state = send.state
    names = [str(one)[:200] for one in send.message_ids]
    if names:
        echoes = InboxMessage.objects.in_workspace(send.workspace_id).filter(conversation_id=row.conversation_id, external_id__in=names)
        echoes.exclude(pk=row.pk).delete()  # what the platform told of our own message before it was known as ours
        row.external_id = names[0]
    row.save()
    conversation = work.known.setdefault((row.conversation.chat_id, row.conversation.in_group), row.conversation)
    work.touch(work.touched.get(conversation.pk, conversation))


def _automatic(send: Send) -> InboxMessage | None:
    """What a rule or a broadcast sent into a private chat that is a conversation, and what staff wrote there from elsewhere."""
    if send.chat_kind != "dm" or send.state not in ("sent", "partial"):
        return None
    conversation = (
        Conversation.objects.in_workspace(send.workspace_id)
        .select_related("chat__group")
        .filter(account_id=send.account_id, chat__external_id=send.chat_ref, chat__kind="dm", in_group=None)
        .first()
    )
    if conversation is None:
        return None
    segments = _body(bytes(send.body)).segments
    kind, _, staff_id = send.source.partition(":")
    staff = User.objects.filter(pk=staff_id).first() if kind == "staff" else None
    is_automatic = staff is None or send.purpose == "marketing"
    return InboxMessage(
        id=ids.new(),
        workspace_id=send.workspace_id,
        conversation=conversation,
        direction="out",
        at=send.finished_at or send.created_at,
        text=plain(segments)[:TEXT_LENGTH_MAX],
        parts=stored(segments),
        staff=staff,
        staff_name=staff.name if staff else "",
        is_automatic=is_automatic,
        send=send,
    )


RESPONDER = at_once(NAME, NAMES, take)
