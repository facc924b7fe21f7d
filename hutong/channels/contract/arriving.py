"""What comes in: the events of a platform, in batches of a connection or in callbacks."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from hutong.channels.contract.saying import Chat, Person, Segment

EventType = Literal[
    "message.new",
    "message.edited",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "member.joined",
    "member.left",
    "member.kicked",
    "member.banned",
    "member.unbanned",
    "member.role_changed",
    "join.requested",
    "chat.created",
    "chat.updated",
    "chat.dissolved",
    "bot.added",
    "bot.removed",
    "bot.muted",
    "contact.added",
    "contact.removed",
    "interaction",
    "delivery.sent",
    "delivery.failed",
    "delivery.bounced",
    "unsubscribed",
]


class Message(msgspec.Struct, frozen=True):
    """A message; `text` is what a person reads, mentions and link titles included. `edit_of`: the id of the message it replaces.

    `is_automatic`: a machine wrote it in somebody's name (out of office). It is recorded as theirs, and nothing answers it.
    """

    id: str
    text: str = ""
    segments: tuple[Segment, ...] = ()
    reply_to: str = ""
    mentions_bot: bool = False
    edit_of: str = ""
    subject: str = ""  # of an e-mail
    is_automatic: bool = False


class Origin(msgspec.Struct, frozen=True):
    """How somebody came: the platform's word for the way, the invitation, what the link carried."""

    scene: str = ""
    invite_code: str = ""
    state: str = ""


class ReplyContext(msgspec.Struct, frozen=True):
    """What allows an answer that could not be sent otherwise. `expires_at_ms` None: no end; `remaining` None: any number."""

    kind: Literal["token", "message", "welcome_code", "url"]
    value: str
    expires_at_ms: int | None = None
    remaining: int | None = None


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the platform, in our words. Repeated, reordered: it is the same one as long as `dedupe_key` is.

    `actor` did it, `subject` is whom it hit, `operator` on whose order (an administrator). The product adds its id, the account,
    the platform and when it was received. `target_id` is the message of a deletion, a reaction, a delivery, or the chat's new id where a
    `chat.updated` says that it moved. `delivery.bounced` is for good: nothing more is sent to that person there until they write or somebody
    lifts it; `delivery.failed` says that this one message did not arrive. `unsubscribed` is the act of its actor, `reason` "complaint" where
    they called it spam.
    """

    type: EventType
    dedupe_key: str
    occurred_at_ms: int
    chat: Chat | None = None
    thread: str = ""
    actor: Person | None = None
    subject: Person | None = None
    operator: Person | None = None
    message: Message | None = None
    target_id: str = ""
    reaction: str = ""
    reason: str = ""
    source: Origin | None = None
    reply: ReplyContext | None = None
    complete: bool = True  # False: the platform gave a count only; members are to be fetched and compared
    raw: dict[str, Any] = {}


class Batch(msgspec.Struct, frozen=True):
    """What a connection brought, and the cursor from which it goes on once these are kept: both are stored in one transaction.

    `beat_at_ms`: when the platform sent a sign of life that is no event, by its clock.
    """

    events: tuple[Inbound, ...] = ()
    cursor: str = ""
    beat_at_ms: int | None = None


class Callback(msgspec.Struct, frozen=True):
    """A request from the platform, at most `CALLBACK_BYTES_MAX` long. Names of headers are in lower case."""

    method: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    received_at_ms: int


class Answer(msgspec.Struct, frozen=True):
    """What the platform is told once the events are kept."""

    events: tuple[Inbound, ...] = ()
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    body: bytes = b""
