"""Segments as Matrix events: running text becomes one message, each picture and file one of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from hutong.channels.contract import Data, File, Image, LinkCard, Mention, Quote, Refused, Segment, Text

CONTENT_BYTES_MAX = 60_000  # an event may have 65,536 with what servers add
EVERYBODY = "@room"
_TYPES = {"video": "m.video", "audio": "m.audio"}


@dataclass(slots=True)
class Part:
    """One event to send: `content`, and the attachment whose address belongs into it."""

    content: dict[str, Any]
    attachment: Image | File | None = None


@dataclass(slots=True)
class _Line:
    body: str = ""
    html: str = ""
    is_plain: bool = True
    user_ids: list[str] = field(default_factory=list)
    everybody: bool = False

    def add(self, body: str, html: str = "") -> None:
        self.body += body
        self.html += html or escape(body).replace("\n", "<br/>")
        self.is_plain = self.is_plain and not html


def parts(segments: Sequence[Segment], *, style: str, thread: str, author: Callable[[str], str]) -> list[Part]:
    """The events of a message. `author` gives who wrote the message that is answered. Raises Refused."""
    found: list[Part] = []
    line = _Line()
    answered = ""
    for segment in segments:
        if isinstance(segment, Quote):
            answered = segment.message_id
        elif isinstance(segment, (Image, File)):
            found += _text(line, style)
            line = _Line()
            found.append(_attached(segment))
        elif not isinstance(segment, Data):
            _say(line, segment)
    found += _text(line, style)
    if not found:
        raise Refused("content", "消息没有内容。请填写后重发。", "The message is empty. Write something and send again.")
    _relate(found, answered=answered, thread=thread, author=author)
    return found


def _say(line: _Line, segment: Text | Mention | LinkCard) -> None:
    if isinstance(segment, Text):
        line.add(segment.text)
    elif isinstance(segment, LinkCard):
        title = segment.title or segment.url
        before = "\n" if line.body and not line.body.endswith("\n") else ""
        rest = f"\n{segment.description}" if segment.description else ""
        line.add(before)
        line.add(f"{title}\n{segment.url}{rest}\n" if segment.title else f"{segment.url}{rest}\n", _link(segment.url, title) + _lines(f"{rest}\n"))
    elif segment.user_id:
        name = segment.name or segment.user_id
        line.user_ids.append(segment.user_id)
        line.add(name, _link(f"https://matrix.to/#/{quote(segment.user_id, safe='@:')}", name))
    else:
        line.everybody = True
        line.add(EVERYBODY)


def _link(url: str, name: str) -> str:
    if not url.lower().startswith(("http://", "https://")):
        return _lines(f"{name} {url}")
    return f'<a href="{escape(url)}">{escape(name)}</a>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _text(line: _Line, style: str) -> list[Part]:
    if not line.body.strip():
        return []
    # Named even when nobody is: words that look like a name shall ring for nobody.
    called: dict[str, Any] = {"user_ids": list(dict.fromkeys(line.user_ids))} if line.user_ids else {}
    if line.everybody:
        called["room"] = True
    said: dict[str, Any] = {"msgtype": "m.notice" if style == "notice" else "m.text", "body": line.body, "m.mentions": called}
    if not line.is_plain:
        formatted = {**said, "format": "org.matrix.custom.html", "formatted_body": line.html}
        said = formatted if _size(formatted) <= CONTENT_BYTES_MAX else said
    if _size(said) > CONTENT_BYTES_MAX:
        raise Refused(
            "too_large",
            "文字太长，一条 Matrix 消息放不下（约 64 KB）。请分成几条发送。",
            "The text does not fit into one Matrix message of about 64 KB. Send it in several.",
        )
    return [Part(said)]


def _size(said: dict[str, Any]) -> int:
    return len(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _attached(segment: Image | File) -> Part:
    kind = "m.image" if isinstance(segment, Image) else _TYPES.get(segment.type) or _kind(segment.content_type)
    name = segment.name or ("image" if kind == "m.image" else "file")
    caption = segment.description if isinstance(segment, Image) else ""
    info = {"mimetype": segment.content_type} if segment.content_type else {}
    return Part({"msgtype": kind, "body": caption or name, "filename": name, "info": info, "m.mentions": {}}, segment)


def _kind(content_type: str) -> str:
    head = content_type.partition("/")[0]
    return f"m.{head}" if head in ("video", "audio") else "m.file"


def _relate(found: list[Part], *, answered: str, thread: str, author: Callable[[str], str]) -> None:
    first = found[0].content
    if thread:
        for part in found:
            part.content["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": True, "m.in_reply_to": {"event_id": thread},
            }  # fmt: skip
    if answered:
        relates: dict[str, Any] = {"m.in_reply_to": {"event_id": answered}}
        first["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False, **relates} if thread else relates
        wrote = author(answered)
        called = first["m.mentions"]
        if wrote and wrote not in called.get("user_ids", ()):
            called["user_ids"] = [*called.get("user_ids", ()), wrote]
