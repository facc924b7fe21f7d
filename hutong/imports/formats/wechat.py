"""WeChat text exports in the layouts exporters write: name before or after the time, on one line with the text or above it, and the app's own e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from hutong.imports.names import name_without_date
from hutong.imports.records import Record, Reject
from hutong.imports.source import Part, Source

from .blocks import Blocks, Header, HeaderReader, Section, Skip
from .contract import Detection, Format, Head, Options
from .moments import HALF_BEFORE, Zone, hour_of
from .text import Encoding, encoding_of, line_blocks

SYSTEM_SENDERS = frozenset({"系统消息", "系统", "系统提示", "system", "System", "SYSTEM", "微信团队", ""})
SAMPLE_LINES = 3000

_DATE = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_TIME = rf"({HALF_BEFORE})?\s*(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?(?:\.\d+)?"
_MOMENT = rf"{_DATE}[ \t]+(?:(?:星期|周)[一二三四五六日天][ \t]+)?{_TIME}"
_ID = r"(?:\s*[(（<]((?:wxid_|gh_)?[A-Za-z0-9_@.\-]{5,40})[)）>])?"

_BEFORE = re.compile(rf"(?P<name>\S.{{0,120}}?){_ID}[ \t:：]+[\[(（]?{_MOMENT}[\])）]?\s*")
_AFTER = re.compile(rf"[\[(（]?{_MOMENT}[\])）]?[ \t]+(?P<name>[^\n]{{1,120}}?){_ID}\s*[:：]?\s*")
_INLINE = re.compile(rf"[\[(（]?{_MOMENT}[\])）]?[ \t]+(?P<name>[^\n:：]{{1,120}}?){_ID}[ \t]*[:：][ \t]?(?P<text>.*)", re.DOTALL)
_TOLD = re.compile(rf"[\[(（]?{_MOMENT}[\])）]?[ \t]+(?P<text>.*)", re.DOTALL)
_ALONE = re.compile(rf"[\[(（]?{_MOMENT}[\])）]?\s*")
_MAIL_DAY = re.compile(rf"[—\-–]{{3,}}\s*{_DATE}\s*[—\-–]{{3,}}\s*")
_MAIL = re.compile(r"(?P<name>\S.{0,120}?)[ \u00a0]{2,}(\d{1,2}):(\d{2})\s*")
_FRAME = re.compile(
    r"\s*(?:[=—\-–_*#]{3,}|(?:以下)?为?.{0,40}(?:的)?(?:微信)?聊天记录(?:如下)?[，,:：]?.{0,40}|Dear:?|会话[:：].*|群聊[:：].*|聊天对象[:：].*|导出时间[:：].*|(?:消息|总)(?:总)?数[:：].*)\s*"
)
_TITLE = re.compile(r"\s*(?:会话|群聊|聊天对象|群名称?)[:：]\s*(.+?)\s*$|.*?[“\"「](.+?)[”\"」].{0,10}聊天记录")
_QQ_SENDER = re.compile(r"\(\d{5,12}\)\s*$|<[^<>\s]+@[^<>\s]+>\s*$")


def sniff(head: Head) -> Detection | None:
    """Recognised by header lines in one of the layouts, with text under or beside them."""
    if head.is_json:
        return None
    lines = head.lines[:SAMPLE_LINES]
    layout, count = layout_of(lines)
    filled = sum(1 for line in lines if line.strip())
    if count < 1 or count < filled * 0.05 or any(line.startswith(("消息记录", "消息分组:", "消息对象:")) for line in lines[:20]):
        return None
    if sum(1 for line in lines if _AFTER.fullmatch(line) and _QQ_SENDER.search(line)) > count / 2:
        return None
    title = next((found[1] or found[2] for line in lines[:10] if (found := _TITLE.match(line))), "")
    name = name_without_date(head.filename or head.part.name)
    return Detection(
        format="wechat",
        channel="wechat",
        confidence=round(0.55 + 0.35 * min(1.0, count * (2 if layout != "inline" else 1) / max(filled, 1)), 3),
        groups=tuple(filter(None, [title or name]))[:1],
        needs=("time_zone",),
    )


def layout_of(lines: list[str]) -> tuple[str, int]:
    """The layout most headers follow, and how many do."""
    inline = sum(1 for line in lines if (found := _INLINE.fullmatch(line)) and found["text"].strip())
    timed = sum(1 for line in lines if _TOLD.fullmatch(line) or _ALONE.fullmatch(line))
    counts = {
        "before": sum(1 for line in lines if _BEFORE.fullmatch(line) and not _ALONE.fullmatch(line)),
        "after": timed if inline <= timed / 2 else 0,
        "inline": timed if inline > timed / 2 else 0,
        "mail": sum(1 for line in lines if _MAIL.fullmatch(line)) if any(_MAIL_DAY.fullmatch(line) for line in lines) else 0,
    }
    best = max(counts, key=lambda name: counts[name])
    return best, counts[best]


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages over several lines with their placeholders; joins, leaves, recalls from the grey lines."""
    zone = options.zone()
    for part in source.parts:
        encoding = encoding_of(part, options.encoding)
        reader = _READERS[_layout(part, encoding)](zone, options.date)
        group = name_without_date(part.name) if len(source.parts) > 1 else ""
        yield from Blocks(reader, system_senders=SYSTEM_SENDERS, group=group).records(part, encoding)


def _layout(part: Part, encoding: Encoding) -> str:
    lines: list[str] = []
    for _, block in line_blocks(part, encoding):
        lines += [line for line in block if isinstance(line, str)]
        if len(lines) >= SAMPLE_LINES:
            break
    return layout_of(lines[:SAMPLE_LINES])[0]


def _at_ms(zone: Zone, year: str, month: str, day: str, half: str | None, hour: str, minute: str, second: str | None) -> int:
    return zone.at_ms(int(year), int(month), int(day), hour_of(int(hour), half or ""), int(minute), int(second or 0))


def _before(zone: Zone, _: date | None) -> HeaderReader:
    def read(line: str) -> Header | Section | Skip | None:
        if ":" not in line[-40:]:
            return Skip() if _is_frame(line) else None
        found = _BEFORE.fullmatch(line)
        if found is None or _ALONE.fullmatch(line):
            return None
        name, identity, *moment = found.groups()
        return Header(identity or name, name, _at_ms(zone, *moment))

    return read


def _after(zone: Zone, _: date | None) -> HeaderReader:
    def read(line: str) -> Header | Section | Skip | None:
        if not line[:1] or line[0] not in "0123456789[（(":
            return Skip() if _is_frame(line) else None
        alone = _ALONE.fullmatch(line)
        if alone:
            return Header("", "", _at_ms(zone, *alone.groups()))
        found = _AFTER.fullmatch(line)
        if found is None:
            return None
        *moment, name, identity = found.groups()
        return Header(identity or name, name, _at_ms(zone, *moment))

    return read


def _inline(zone: Zone, _: date | None) -> HeaderReader:
    def read(line: str) -> Header | Section | Skip | None:
        if not line[:1] or line[0] not in "0123456789[（(":
            return Skip() if _is_frame(line) else None
        found = _INLINE.fullmatch(line)
        if found is None:
            told = _TOLD.fullmatch(line)
            if told is None:
                return None
            *moment, text = told.groups()
            return Header("", "", _at_ms(zone, *moment), text)
        *moment, name, identity, text = found.groups()
        return Header(identity or name, name, _at_ms(zone, *moment), text)

    return read


def _mail(zone: Zone, start: date | None) -> HeaderReader:
    day: tuple[int, int, int] | None = (start.year, start.month, start.day) if start else None

    def read(line: str) -> Header | Section | Skip | None:
        nonlocal day
        dated = _MAIL_DAY.fullmatch(line)
        if dated:
            day = (int(dated[1]), int(dated[2]), int(dated[3]))
            zone.day_ms(*day)
            return Skip()
        found = _MAIL.fullmatch(line)
        if found is None or day is None:
            return Skip() if day is None else None
        return Header(found["name"], found["name"], zone.at_ms(*day, int(found[2]), int(found[3])))

    return read


def _is_frame(line: str) -> bool:
    return bool(line) and len(line) < 120 and bool(_FRAME.fullmatch(line))


_READERS = {"before": _before, "after": _after, "inline": _inline, "mail": _mail}

FORMAT = Format(
    name="wechat",
    channel="wechat",
    title={"zh": "微信聊天记录文本", "en": "WeChat text export"},
    sniff=sniff,
    parse=parse,
    extensions=(".txt",),
)
