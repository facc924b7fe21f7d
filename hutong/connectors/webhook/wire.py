"""The bodies that pass: what we post, and what we take. JSON with `type`, `timestamp` and `data`, as Standard Webhooks asks."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from hutong.channels import contract
from hutong.channels.contract import Chat, EventType, File, Image, Inbound, LinkCard, Mention, Message, Origin, Outgoing, Person, Quote, Segment, Text
from hutong.foundation import clock

SEND = "message.send"


class Data(msgspec.Struct, frozen=True, omit_defaults=True):
    """The event. Only a message needs a `message`, a reaction a `reaction`, and so on."""

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
    id: str = ""  # of the event, where the same may be told under two webhook ids


class Told(msgspec.Struct, frozen=True):
    """What the other side tells: an event in the words of the contract. Without a `timestamp` it happened when it came."""

    type: EventType
    data: Data
    timestamp: str | int | None = None


_read = msgspec.json.Decoder(Told).decode


def read(body: bytes, *, webhook_id: str, received_at_ms: int) -> Inbound:
    """An event. Raises msgspec.DecodeError, which says at which field."""
    told = _read(body)
    data = told.data
    return Inbound(
        type=told.type,
        dedupe_key=data.id or webhook_id,
        occurred_at_ms=_moment(told.timestamp, received_at_ms),
        chat=data.chat,
        thread=data.thread,
        actor=data.actor,
        subject=data.subject,
        operator=data.operator,
        message=data.message,
        target_id=data.target_id,
        reaction=data.reaction,
        reason=data.reason,
        source=data.source,
    )


def _moment(said: str | int | None, received_at_ms: int) -> int:
    if said is None:
        return received_at_ms
    if isinstance(said, int):
        return said
    try:
        moment = dt.datetime.fromisoformat(said)
    except ValueError as error:
        raise msgspec.ValidationError("Expected an ISO 8601 time - at `$.timestamp`") from error
    return clock.to_ms(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def written(outgoing: Outgoing, read_file: Callable[[str], bytes]) -> tuple[str, dict[str, Any] | msgspec.Raw]:
    """`type` and `data` of what goes out: a message, or what a program is told in place of one."""
    for segment in outgoing.segments:
        if isinstance(segment, contract.Data):
            return segment.type, segment.data
    return SEND, _message(outgoing, read_file)


def _message(outgoing: Outgoing, read_file: Callable[[str], bytes]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": outgoing.key,
        "chat": {"id": outgoing.chat.id, "kind": outgoing.chat.kind, "name": outgoing.chat.name},
        "text": "".join(segment.text for segment in outgoing.segments if isinstance(segment, Text)),
        "segments": [_segment(segment, read_file) for segment in outgoing.segments],
    }
    if outgoing.thread:
        found["thread"] = outgoing.thread
    if outgoing.marketing:
        found["marketing"] = True
    if outgoing.unsubscribe_url:
        found["unsubscribe_url"] = outgoing.unsubscribe_url
    return found


def _segment(segment: Segment, read_file: Callable[[str], bytes]) -> dict[str, Any]:
    if isinstance(segment, Text):
        return {"kind": "text", "text": segment.text}
    if isinstance(segment, Mention):
        return {"kind": "mention", "user_id": segment.user_id, "name": segment.name}
    if isinstance(segment, LinkCard):
        return {"kind": "link", "url": segment.url, "title": segment.title, "description": segment.description, "image_url": segment.image_url}
    if isinstance(segment, Quote):
        return {"kind": "quote", "message_id": segment.message_id}
    if isinstance(segment, contract.Data):
        return {"kind": "data", "type": segment.type}
    found: dict[str, Any] = {"kind": "image" if isinstance(segment, Image) else "file", "name": segment.name, "content_type": segment.content_type}
    if segment.file:
        found["content_base64"] = base64.b64encode(read_file(segment.file)).decode()
    else:
        found["url"] = segment.url
    if isinstance(segment, File):
        found["type"] = segment.type
    return found
