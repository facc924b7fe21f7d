"""ChatLab's exchange format, JSON and JSONL: what many exporters of WeChat, QQ and other histories write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hutong.imports.records import Attachment, AttachmentKind, Record, Reject, reject
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options, field, unescaped
from .jsonstream import OVERSIZED, sound, walk
from .moments import Impossible, epoch_ms
from .notices import MYSELF, actor_of, read_notice
from .text import Encoding, encoding_of, numbered_lines

_ATTACHED: dict[int, AttachmentKind] = {
    1: "image",
    2: "audio",
    3: "video",
    4: "file",
    5: "sticker",
    7: "link",
    8: "location",
    20: "card",
    21: "card",
    24: "card",
    27: "contact",
}
_TEXTUAL = frozenset({0, 7, 24, 25, 26})
_POKE, _CALL, _SYSTEM, _RECALL = 22, 23, 80, 81
_HEADER = re.compile(r'"chatlab"\s*:\s*\{')
_META = re.compile(r'"(name|platform)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_CHANNELS = {
    "qq": "qq",
    "wechat": "wechat",
    "weixin": "wechat",
    "telegram": "telegram",
    "discord": "discord",
    "slack": "slack",
    "whatsapp": "whatsapp",
}
_ID_IN_NAME = re.compile(r"(.+?)[(（](\d{5,12})[)）]$")


def sniff(head: Head) -> Detection | None:
    """Recognised by its chatlab header."""
    start = head.text[:20_000]
    if not head.is_json or not _HEADER.search(start):
        return None
    meta = {key: unescaped(value) for key, value in reversed(_META.findall(start.partition('"meta"')[2]))}
    return Detection(
        format="chatlab",
        channel=_CHANNELS.get(meta.get("platform", "").lower(), meta.get("platform", "").lower() or "wechat"),
        confidence=0.99,
        groups=(meta["name"],) if meta.get("name") else (),
        times_have_zone=True,
    )


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages, replies, recalls, and the joins and leaves told in system lines."""
    for part in source.parts:
        encoding = encoding_of(part, options.encoding)
        read = _json_lines if _is_lines(part, encoding) else _json
        yield from sound(_read(read(part, encoding), several=len(source.parts) > 1))


def _is_lines(part: Part, encoding: Encoding) -> bool:
    for _, line in numbered_lines(part, encoding):
        if isinstance(line, Reject):
            return False
        if line.strip() and not line.startswith("#"):
            try:
                return "_type" in msgspec.json.decode(line, type=dict[str, Any])
            except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
                return False
    return False


def _json(part: Part, encoding: Encoding) -> Iterator[tuple[int, str, Any]]:
    number = 0
    for path, item in walk(part, encoding, items={"members", "messages"}):
        if path == "messages":
            number += 1
            yield number, "message", item
        elif path == "members":
            yield number, "member", item
        elif path == "meta.name":
            yield number, "group", item


def _json_lines(part: Part, encoding: Encoding) -> Iterator[tuple[int, str, Any]]:
    decode = msgspec.json.Decoder().decode
    for number, line in numbered_lines(part, encoding):
        if isinstance(line, Reject):
            yield number, "reject", line
            continue
        if not line.strip() or line.startswith("#"):
            continue
        try:
            item = decode(line)
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
            yield number, "reject", reject(number, "json_line_broken", line, reason=str(error)[:120])
            continue
        kind = field(item, "_type")
        if kind == "header":
            yield number, "group", field(item, "meta", "name")
        elif kind in ("member", "message"):
            yield number, kind, item
        else:
            yield number, "reject", reject(number, "item_invalid", line)


def _read(items: Iterator[tuple[int, str, Any]], *, several: bool) -> Iterator[Record | Reject]:
    group, names = "", _Names()
    for number, kind, item in items:
        if kind == "message":
            if item is OVERSIZED:
                yield reject(number, "item_too_long", "")
            elif isinstance(item, dict):
                yield from _records(number, item, group if several else "", names)
            else:
                yield reject(number, "item_invalid", str(item))
        elif kind == "member":
            names.add(field(item, "platformId"), field(item, "groupNickname"), field(item, "accountName"))
        elif kind == "group":
            group = item if isinstance(item, str) else ""
        else:
            yield item


class _Names:
    """Name -> id of the people met so far, so that a system line leads to the same member."""

    def __init__(self) -> None:
        self.ids: dict[str, str] = {}

    def add(self, identity: str, *names: str) -> None:
        if identity and len(self.ids) < 1_000_000:
            for name in names:
                if name:
                    self.ids.setdefault(name, identity)

    def person(self, written: str) -> tuple[str, str]:
        """Id and name of somebody named in a system line."""
        with_id = _ID_IN_NAME.match(written)
        if with_id:
            return with_id[2], with_id[1]
        return self.ids.get(written, written), written


def _records(number: int, item: dict[str, Any], group: str, names: _Names) -> Iterator[Record | Reject]:
    stamp = item.get("timestamp")
    try:
        if isinstance(stamp, bool) or not isinstance(stamp, (int, float, str)):
            raise Impossible(str(stamp))
        at_ms = epoch_ms(float(stamp) if isinstance(stamp, str) else stamp)
    except ValueError:
        yield reject(number, "time_unreadable", field(item, "content"), time=str(stamp)[:60])
        return
    sender_id, account = field(item, "sender"), field(item, "accountName")
    name = field(item, "groupNickname") or account or sender_id
    content = field(item, "content")
    kind = item.get("type")
    kind = kind if isinstance(kind, int) else 0
    message_id = field(item, "platformMessageId")
    if kind in (_SYSTEM, _RECALL, _POKE):
        yield from _told(number, at_ms, kind, sender_id, name, content, message_id, group, names)
        return
    if not sender_id:
        yield reject(number, "sender_empty", content)
        return
    names.add(sender_id, name, account)
    yield Record(
        line=number,
        kind="system" if kind == _CALL else "message",
        at_ms=at_ms,
        sender_id=sender_id,
        sender_name=name,
        text=content,
        message_id=message_id,
        reply_to=field(item, "replyToMessageId"),
        attachments=(Attachment(kind=_ATTACHED[kind], name=content if kind not in _TEXTUAL and not content.startswith("[") else ""),)
        if kind in _ATTACHED
        else (),
        group=group,
    )


def _told(
    number: int, at_ms: int, kind: int, sender_id: str, name: str, content: str, message_id: str, group: str, names: _Names
) -> Iterator[Record | Reject]:
    notice = read_notice(content) if kind != _POKE else None
    if notice is None:
        if kind == _RECALL and sender_id:
            yield Record(
                line=number, kind="recall", at_ms=at_ms, sender_id=sender_id, sender_name=name, text=content, message_id=message_id, group=group
            )
            return
        who = actor_of(content)
        by = names.person(who) if who and who not in MYSELF else (sender_id, name) if kind == _POKE else ("", "")
        yield Record(line=number, kind="system", at_ms=at_ms, sender_id=by[0], sender_name=by[1], text=content, message_id=message_id, group=group)
        return
    by_id, by_name = names.person(notice.by) if notice.by else ("", "")
    for index, written in enumerate(notice.who):
        who_id, who_name = (sender_id, name) if written in MYSELF and sender_id else names.person(written)
        yield Record(
            line=number, kind=notice.kind, at_ms=at_ms, sender_id=who_id, sender_name=who_name, text=content if notice.kind == "recall" else "",
            message_id=f"{message_id}:{index}" if message_id and len(notice.who) > 1 else message_id, subject_id=by_id, subject_name=by_name, group=group,
        )  # fmt: skip


FORMAT = Format(
    name="chatlab",
    channel="wechat",
    title={"zh": "ChatLab 格式（JSON、JSONL）", "en": "ChatLab format (JSON, JSONL)"},
    sniff=sniff,
    parse=parse,
    extensions=(".json", ".jsonl"),
)
