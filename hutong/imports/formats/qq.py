"""QQ's 消息记录 text export: one group, or a whole account with a section for each group."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hutong.imports.records import Record, Reject
from hutong.imports.source import Source

from .blocks import Blocks, Header, HeaderReader, Section, Skip
from .contract import Detection, Format, Head, Options
from .moments import HALF_BEFORE, Zone, hour_of
from .text import encoding_of

SYSTEM_SENDERS = frozenset({"系统消息", "10000", "1000000", "80000000", "系统提示"})

_HEADER = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})[ \t]+({HALF_BEFORE})?\s*(\d{{1,2}}):(\d{{2}}):(\d{{2}})(?:[ \t]+(.*?))?\s*")
_SENDER = re.compile(r"(?:【(?P<title>[^】]{1,16})】)?(?P<name>.*?)(?:\((?P<number>\d{4,12})\)|<(?P<mail>[^<>\s]+)>)?", re.DOTALL)
_GROUP = re.compile(r"消息对象[:：]\s*(.*?)\s*$")
_FRAME = re.compile(r"\s*={5,}\s*|消息记录(?:[（(].*)?\s*|消息分组[:：].*")


def sniff(head: Head) -> Detection | None:
    """Recognised by its 消息记录 heading, or by senders with their number in brackets."""
    if head.is_json:
        return None
    lines = [line for line in head.lines if line.strip()]
    titled = any(line.startswith(("消息记录", "消息分组", "消息对象")) for line in lines[:20])
    headers = [found for line in lines if (found := _HEADER.fullmatch(line)) and found[8]]
    numbered = sum(1 for found in headers if (sender := _SENDER.fullmatch(found[8])) and (sender["number"] or "@" in (sender["mail"] or "")))
    if not headers or not (titled or numbered > len(headers) / 2):
        return None
    groups = tuple(dict.fromkeys(found[1] for line in lines if (found := _GROUP.match(line)) and found[1]))
    return Detection(format="qq", channel="qq", confidence=0.98 if titled else 0.9, groups=groups, needs=("time_zone",))


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages over several lines with their placeholders; joins, leaves and recalls from 系统消息."""
    zone = options.zone()
    for part in source.parts:
        encoding = encoding_of(part, options.encoding)
        several = len(source.parts) > 1 or _sections(part.head(512 * 1024), encoding.name) > 1
        yield from Blocks(_reader(zone), system_senders=SYSTEM_SENDERS, split_groups=several).records(part, encoding)


def _sections(start: bytes, encoding: str) -> int:
    return start.count("消息对象".encode(encoding))


def _reader(zone: Zone) -> HeaderReader:
    def read(line: str) -> Header | Section | Skip | None:
        if line[:1].isdigit():
            found = _HEADER.fullmatch(line)
            if found is None:
                return None
            year, month, day, half, hour, minute, second, written = found.groups()
            sender = _SENDER.fullmatch(written or "")
            name = sender["name"].strip() if sender else ""
            title = sender["title"] if sender else None
            if title and not name:
                name = f"【{title}】"
            identity = (sender["number"] or sender["mail"] or "") if sender else ""
            at_ms = zone.at_ms(int(year), int(month), int(day), hour_of(int(hour), half or ""), int(minute), int(second))
            if not identity and not name:
                return Header("系统消息", "系统消息", at_ms)
            return Header(identity or name, name or identity, at_ms)
        if line.startswith("消息对象"):
            section = _GROUP.match(line)
            return Section(section[1]) if section else None
        return Skip() if line and line[0] in "= \u3000消" and _FRAME.fullmatch(line) else None

    return read


FORMAT = Format(
    name="qq",
    channel="qq",
    title={"zh": "QQ 消息记录文本", "en": "QQ text export"},
    sniff=sniff,
    parse=parse,
    extensions=(".txt",),
)
