"""What a mail says: its text, in whatever charset and form, and what is attached."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from hutong.channels.contract import File, Image
from hutong.connectors.email import heads
from hutong.connectors.email.html import plain_text

PARTS_MAX = 500
DEPTH_MAX = 20
TEXT_BYTES_MAX = 1024 * 1024
ATTACHMENTS_MAX = 50
_CHARSET_IN_HTML = re.compile(rb"<meta[^>]+charset=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)


@dataclass(slots=True)
class Content:
    """Text as a person reads it, quoted history included, and the attachments without their content."""

    text: str = ""
    attachments: list[Image | File] = field(default_factory=list)


def content(message: Message, *, is_whole: bool = True) -> Content:
    """What that mail holds."""
    plain: list[str] = []
    html: list[str] = []
    found = Content()
    for part, in_alternative in _leaves(message):
        kind = part.get_content_type()
        name = _name(part)
        shown = heads.raw(part, "content-disposition").strip().lower().startswith("attachment")
        if kind in ("text/plain", "text/html") and not shown and not (name and plain + html):
            text = _text(part, kind)
            if kind == "text/html":
                html.append(text)
            elif not (in_alternative and html):
                plain.append(text)
        elif len(found.attachments) < ATTACHMENTS_MAX:
            found.attachments.append(_attachment(part, kind, name))
    said = "\n".join(one for one in plain if one.strip())
    found.text = said if said.strip() else "\n".join(plain_text(one) for one in html)
    if not is_whole:
        found.attachments = [_without_size(one) for one in found.attachments]
    return found


def _leaves(message: Message) -> list[tuple[Message, bool]]:
    found: list[tuple[Message, bool]] = []
    waiting: list[tuple[Message, bool, int]] = [(message, False, 0)]
    seen = 0
    while waiting and seen < PARTS_MAX:
        part, in_alternative, depth = waiting.pop(0)
        seen += 1
        inner = part.get_payload()
        kind = part.get_content_type()
        if isinstance(inner, list) and kind.startswith("multipart/") and depth < DEPTH_MAX:
            waiting = [(one, kind == "multipart/alternative", depth + 1) for one in inner if isinstance(one, Message)] + waiting
        else:
            found.append((part, in_alternative))
    return found


def _bytes(part: Message) -> bytes:
    inner = part.get_payload(decode=True)
    return inner if isinstance(inner, bytes) else b""


def _text(part: Message, kind: str) -> str:
    raw = _bytes(part)[:TEXT_BYTES_MAX]
    charset = _param(part, "charset")
    if kind == "text/html" and not charset and (match := _CHARSET_IN_HTML.search(raw[:4096])):
        charset = match[1].decode()
    text = heads.decoded(raw, charset).replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return _unflowed(text, _param(part, "delsp") == "yes") if _param(part, "format").lower() == "flowed" else text


def _unflowed(text: str, delsp: bool) -> str:
    """Lines that end in a blank go on in the next (RFC 3676)."""
    found: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        rest = line.removeprefix(" ")
        if goes_on and not rest.startswith(">"):
            found[-1] += rest
        else:
            found.append(rest)
        goes_on = rest.endswith(" ") and rest != "-- " and not rest.startswith(">")
        if goes_on and delsp:
            found[-1] = found[-1][:-1]
    return "\n".join(found)


def _param(part: Message, name: str) -> str:
    try:
        found = part.get_param(name, "")
    except (ValueError, TypeError):  # half a parameter
        return ""
    if isinstance(found, tuple):
        return heads.decoded(str(found[2]).encode("latin-1", "replace"), str(found[0] or ""))
    return str(found)


def _name(part: Message) -> str:
    """What an attachment is called: by RFC 2231, by RFC 2047 within quotes, or raw."""
    for header, param in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            found = part.get_param(param, None, header)
        except (ValueError, TypeError):
            continue
        if isinstance(found, tuple):
            name = heads.decoded(str(found[2]).encode("latin-1", "replace"), str(found[0] or ""))
        elif found:
            name = heads.unworded(heads._letters(str(found)))
        else:
            continue
        clean = " ".join("".join(one if one.isprintable() else " " for one in name).split())
        return clean.replace("\\", "/").rpartition("/")[2][:300]
    return ""


def _attachment(part: Message, kind: str, name: str) -> Image | File:
    inner = part.get_payload()
    size = len(_bytes(part)) if not isinstance(inner, list) else None
    if kind == "message/rfc822":
        return File(name=name or "message.eml", content_type=kind)
    if kind.startswith("image/"):
        return Image(name=name, content_type=kind, size_bytes=size)
    main = kind.partition("/")[0]
    return File(name=name, content_type=kind, size_bytes=size, type=main if main in ("video", "audio") else "file")


def _without_size(one: Image | File) -> Image | File:
    if isinstance(one, Image):
        return Image(name=one.name, content_type=one.content_type)
    return File(name=one.name, content_type=one.content_type, type=one.type)
