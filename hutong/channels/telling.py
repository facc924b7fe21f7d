"""What came in, as facts of the stream: the same names, ids and properties that history from a file gives."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hutong.channels import platforms
from hutong.channels.contract import File, Image, Inbound, LinkCard, Person
from hutong.channels.models import Account, Chat
from hutong.events.told import told_about, told_digest
from hutong.foundation import clock
from hutong.foundation.stream import Fact
from hutong.foundation.text import storable
from hutong.members.actions.identities import Key, Recognised, Seen

# The event, and the word under which history tells the same; "" where no file tells such a thing.
EVENTS: dict[str, tuple[str, str]] = {
    "message.new": ("message_sent", "message"),
    "message.edited": ("message_edited", ""),
    "message.deleted": ("message_recalled", "recall"),
    "reaction.added": ("reaction_added", "reaction"),
    "reaction.removed": ("reaction_removed", ""),
    "member.joined": ("member_joined", "join"),
    "member.left": ("member_left", "leave"),
    "member.kicked": ("member_left", "leave"),
    "member.banned": ("member_left", "leave"),
    "member.unbanned": ("member_unbanned", ""),
    "member.role_changed": ("role_changed", ""),
    "join.requested": ("join_requested", ""),
    "contact.added": ("contact_added", ""),
    "contact.removed": ("contact_removed", ""),
    "interaction": ("interaction_done", ""),
    "unsubscribed": ("unsubscribed", ""),
}
ABOUT_SUBJECT = frozenset({"member.joined", "member.left", "member.kicked", "member.banned", "member.unbanned", "member.role_changed"})


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote the message that is answered."""

    member_id: uuid.UUID
    origin_id: uuid.UUID


def whom(event: Inbound) -> Person | None:
    """The person whose event it is: who did it, or whom it hit."""
    if event.type in ABOUT_SUBJECT:
        return event.subject or event.actor
    return event.actor


def is_own(account: Account, person: Person | None) -> bool:
    """Whether that is this account itself."""
    return person is not None and (person.is_self or person.id == account.self_id)


def key_of(account: Account, person: Person) -> Key:
    """The identity of somebody on the account's channel."""
    return account.channel, person.id


def seen(account: Account, events: Iterable[Inbound]) -> list[Seen]:
    """Everybody these events show."""
    found = []
    for event in events:
        if event.type not in EVENTS:
            continue
        person = whom(event)
        if person is not None and person.id:
            found.append(
                Seen(
                    channel=account.channel,
                    external_id=person.id,
                    name=storable(person.name),
                    at_ms=event.occurred_at_ms,
                    is_bot=person.is_bot or is_own(account, person),
                )
            )
    return found


def fact(account: Account, event: Inbound, *, chat: Chat | None, people: dict[Key, Recognised], author: Author | None) -> Fact | None:
    """The event of the stream; None for what only changes our own state (a chat's name, the bot's place in it)."""
    names = EVENTS.get(event.type)
    if names is None:
        return None
    person = whom(event)
    known = people.get(key_of(account, person)) if person is not None else None
    group = chat.group if chat is not None else None
    answered = event.message.reply_to if event.type == "message.new" and event.message else ""
    if author is not None and known is not None and author.origin_id == known.origin_id:
        author = None
    return Fact(
        workspace_id=account.workspace_id,
        name=names[0],
        member_id=known.member_id if known else None,
        origin_id=known.origin_id if known else None,
        community_id=group.community_id if group else None,
        group_id=group.pk if group else None,
        channel=account.channel,
        occurred_at=clock.from_ms(event.occurred_at_ms),
        source=f"account:{account.pk}",
        text=storable(event.message.text) if event.message and event.type in ("message.new", "message.edited") else "",
        properties=_properties(account, event) | ({"chat_id": str(chat.pk)} if chat is not None else {}),
        id=_id(account, event, names[1], chat),
        reply_to=answered,
        addressed_id=author.member_id if author else None,
        addressed_origin_id=author.origin_id if author else None,
    )


def _id(account: Account, event: Inbound, kind: str, chat: Chat | None) -> str:
    person = whom(event)
    if not kind or person is None:
        return told_digest(f"{account.pk}\0{event.dedupe_key}".encode("utf-8", "surrogatepass")).hex()
    place = str(chat.group_id) if chat is not None and chat.group_id else f"{account.pk}/{_named(account, chat) if chat else ''}"
    by = _by(event)
    about = told_about(
        place,
        kind,
        message_id=event.message.id if event.message else "",
        at_ms=event.occurred_at_ms,
        sender_id=person.id,
        subject_id=by.id if by is not None and kind in ("join", "leave") else "",
        target_id=event.target_id,
        text=event.reaction if kind == "reaction" else event.reason if kind == "leave" else "",
    )
    return told_digest(about).hex()


def _named(account: Account, chat: Chat) -> str:
    is_apart = chat.kind == "dm" and platforms.tells_kinds_apart(account.platform)
    return f"dm/{chat.external_id}" if is_apart else chat.external_id


def _by(event: Inbound) -> Person | None:
    """Who made somebody come or go, where they did not do it themselves."""
    by = event.operator or event.actor
    subject = event.subject or event.actor
    return by if by is not None and subject is not None and by.id != subject.id else None


def _properties(account: Account, event: Inbound) -> dict[str, Any]:
    found: dict[str, Any] = {}
    message, kind = event.message, event.type
    if message is not None and message.id:
        found["message_id"] = message.edit_of or message.id
    person = whom(event)
    if person is not None and (person.is_bot or is_own(account, person)):
        found["bot"] = True
        if is_own(account, person):
            found["own"] = True
    if kind == "message.new" and message is not None:
        if message.reply_to:
            found["reply_to"] = message.reply_to
        attachments = [one for segment in message.segments if (one := _attachment(segment)) is not None]
        if attachments:
            found["attachments"] = attachments
        if message.mentions_bot:
            found["mentions_bot"] = True
        if message.subject:
            found["subject"] = message.subject
        if message.is_automatic:
            found["automatic"] = True
    elif kind in ("reaction.added", "reaction.removed"):
        found |= {"emoji": event.reaction, "message_id": event.target_id}
    elif kind == "message.deleted":
        found["message_id"] = event.target_id
    elif kind in ABOUT_SUBJECT:
        by = _by(event)
        if by is not None:
            found["by"] = by.name or by.id
        if event.reason or kind in ("member.kicked", "member.banned"):
            found["reason"] = event.reason or kind.partition(".")[2]
    elif event.reason:
        found["reason"] = event.reason
    if event.thread:
        found["thread"] = event.thread
    if event.source is not None:
        found |= {name: value for name in ("scene", "invite_code", "state") if (value := getattr(event.source, name))}
    return {name: storable(value) if isinstance(value, str) else value for name, value in found.items()}


def _attachment(segment: object) -> dict[str, Any] | None:
    if isinstance(segment, Image):
        found: dict[str, Any] = {"kind": "image", "name": storable(segment.name)}
    elif isinstance(segment, File):
        found = {"kind": segment.type, "name": storable(segment.name)}
    elif isinstance(segment, LinkCard):
        return {"kind": "link", "name": storable(segment.title or segment.url)}
    else:
        return None
    if segment.size_bytes is not None:
        found["size"] = segment.size_bytes
    if segment.file:
        found["file"] = segment.file
    return found
