"""What passes: messages as arrays of segments or as text with CQ codes, and answers to calls (onebot-11, message/string.md, api/public.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

SEGMENTS_MAX = 500
_CODE = re.compile(r"\[CQ:([a-zA-Z0-9\-_.]+)((?:,[a-zA-Z0-9\-_.]+=[^,\]]*)*),?\]")


class Part(msgspec.Struct, frozen=True):
    """One segment of a message."""

    type: str
    data: dict[str, Any] = {}

    def word(self, name: str) -> str:
        """A value as text; empty where there is none."""
        value = self.data.get(name)
        return value if isinstance(value, str) else "" if value is None or isinstance(value, (dict, list)) else str(value)


class Reply(msgspec.Struct, frozen=True):
    """The answer to a call."""

    status: str = ""
    retcode: int = 0
    data: msgspec.Raw = msgspec.Raw(b"null")
    message: str | None = ""
    wording: str | None = ""
    msg: str | None = ""
    echo: Any = None

    @property
    def said(self) -> str:
        """The program's own words."""
        return (self.wording or self.message or self.msg or "").strip()


class Sender(msgspec.Struct, frozen=True):
    """Who wrote; everything but the number may be missing."""

    nickname: str | None = ""
    card: str | None = ""

    @property
    def name(self) -> str:
        """What the group sees."""
        return self.card or self.nickname or ""


class Shared(msgspec.Struct, frozen=True):
    """A file of a group."""

    id: str | int = ""
    name: str = ""
    size: int = 0


class Like(msgspec.Struct, frozen=True):
    """One emoji under a message."""

    emoji_id: str | int = ""
    count: int = 0


class Condition(msgspec.Struct, frozen=True):
    """How the program is (meta_event heartbeat, get_status)."""

    online: bool | None = True
    good: bool | None = True


class Event(msgspec.Struct, frozen=True):
    """Any event; fields that a kind does not have are empty."""

    post_type: str
    time: int | float = 0
    self_id: int | str = 0
    message_type: str = ""
    notice_type: str = ""
    request_type: str = ""
    meta_event_type: str = ""
    sub_type: str = ""
    message_id: int | str = 0
    message: Any = None
    sender: Sender | None = None
    anonymous: dict[str, Any] | None = None
    user_id: int | str = 0
    group_id: int | str | None = 0
    group_name: str | None = ""
    operator_id: int | str = 0
    sender_id: int | str = 0
    target_id: int | str = 0
    duration: int = 0
    comment: str | None = ""
    flag: str | int = ""
    name_new: str | None = ""
    file: Shared | None = None
    likes: list[Like] = []
    is_add: bool = True
    status: Condition | None = None
    interval: int = 0


event = msgspec.json.Decoder(Event, strict=False).decode
reply = msgspec.json.Decoder(Reply).decode


def parts(message: Any) -> list[Part]:
    """The segments of a message, in whichever of the two forms it came. Raises msgspec.ValidationError."""
    if isinstance(message, str):
        return list(_coded(message))[:SEGMENTS_MAX]
    if isinstance(message, dict):
        message = [message]
    return msgspec.convert(message or [], list[Part])[:SEGMENTS_MAX]


def escaped(text: str, *, is_value: bool = False) -> str:
    """Text as a message with CQ codes writes it."""
    found = text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
    return found.replace(",", "&#44;") if is_value else found


def plain(text: str) -> str:
    """Text out of a message with CQ codes."""
    return text.replace("&#44;", ",").replace("&#91;", "[").replace("&#93;", "]").replace("&amp;", "&")


def _coded(text: str) -> Iterator[Part]:
    at = 0
    for found in _CODE.finditer(text):
        if found.start() > at:
            yield Part("text", {"text": plain(text[at : found.start()])})
        values = (one.partition("=") for one in found[2].split(",") if one)
        yield Part(found[1], {name: plain(value) for name, _, value in values})
        at = found.end()
    if at < len(text):
        yield Part("text", {"text": plain(text[at:])})
