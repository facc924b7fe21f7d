"""WhatsApp's "Export chat" text: Android and iPhone, 12 and 24 hours, any order of day and month, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hutong.imports.records import FileError, Record, Reject, reject
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options
from .moments import HALF_AFTER, HALF_BEFORE, DateOrder, Impossible, full_year, hour_of
from .text import LINE_BYTES_MAX, Encoding, encoding_of, line_blocks
from .whatsapp_lines import DELETED, read_content, read_media, read_system

_MARKS = "[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]*"
_SPACE = "[ \\u00a0\\u202f\\u2009]"
# "at", as Finnish, French, Portuguese, Spanish, German, Danish and Polish phones write it.
_AT = "(?:klo|kl\\.|à|às|as|a las|a la|um|o|alle|at)"
_HEADER = re.compile(
    rf"{_MARKS}(\[)?{_MARKS}(\d{{1,4}}){_MARKS}([/.\-年]){_SPACE}?(\d{{1,2}}){_MARKS}[/.\-月]{_SPACE}?(\d{{1,4}})日?(?:\.)?[,،]?{_SPACE}+"
    rf"(?:{_AT}{_SPACE}+)?({HALF_BEFORE})?{_SPACE}*(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?{_SPACE}*({HALF_AFTER})?"
    rf"(?(1)\]{_SPACE}?|{_SPACE}[-–]{_SPACE})(.*)",
    re.DOTALL,
)
_CONTROL = re.compile("[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]")
_PHONE = re.compile(r"\+?[\d\s().-]{6,24}")
_GROUP_NAMES = (
    re.compile(r"WhatsApp Chat (?:with|-) (.+?)(?: \(\d+\))?$"),
    re.compile(r"与(.+?)的 ?WhatsApp ?(?:聊天|对话).*$"),
    re.compile(r"「(.+?)」的 ?WhatsApp ?對話.*$"),
)
PEOPLE_KEPT = 100_000


def sniff(head: Head) -> Detection | None:
    """Recognised by lines that start with date, time and either brackets or a dash."""
    if head.is_json:
        return None
    chats = chat_parts(head.source)
    lines = [line for line in head.lines if line.strip()]
    if chats[0] is not head.part:
        lines = [line for line in _first_lines(chats[0]) if line.strip()][:2000]
    found = [match for line in lines if (match := _HEADER.match(line))]
    named = sum(1 for match in found if ": " in match[11])
    if not found or not named or len(found) < len(lines) * 0.02:
        return None
    first = _HEADER.match(lines[0])
    order, still_open = date_order(chats)
    needs = ("time_zone", "date_order") if still_open else ("time_zone",)
    return Detection(
        format="whatsapp",
        channel="whatsapp",
        confidence=0.6 if not first or (found[0][1] and found[0][3] == "-") else 0.97,
        groups=tuple(dict.fromkeys(filter(None, (group_of(part) for part in chats)))),
        date_order=order,
        date_order_ambiguous=still_open,
        needs=needs,
    )


def _first_lines(part: Part) -> list[str]:
    for _, block in line_blocks(part, encoding_of(part)):
        return [line for line in block if isinstance(line, str)]
    return []


def chat_parts(source: Source) -> list[Part]:
    """The chats: every dropped text, and of an export's zip the chat alone, for shared text files may lie beside it."""
    chats, boxes = [], set()
    for part in source.parts:
        if part.box and _is_chat_name(part.name):
            chats.append(part)
            boxes.add(part.box)
    return [part for part in source.parts if part in chats or not part.box or part.box not in boxes]


def _is_chat_name(name: str) -> bool:
    return name.rsplit("/", 1)[-1] == "_chat.txt" or bool(group_in_name(name))


def group_of(part: Part) -> str:
    """The chat's name, told by the file or by the zip it came in."""
    return group_in_name(part.name) or group_in_name(part.box)


def group_in_name(name: str) -> str:
    """The chat's name where the file's name states it."""
    base = re.sub(r"(?:\.(?:txt|zip))+$", "", name.rsplit("/", 1)[-1])
    for pattern in _GROUP_NAMES:
        found = pattern.match(base)
        if found:
            return found[1]
    return ""


def date_order(parts: Sequence[Part], encoding: str | None = None) -> tuple[DateOrder, bool]:
    """The order of day and month over all files (one phone writes one way), and whether it stays open.

    A number above 12 settles it; else the order in which the dates of a file never run backwards; else both are possible.
    """
    back = {"dmy": 0, "mdy": 0}
    differs = False
    for part in parts:
        last = {"dmy": 0, "mdy": 0}
        for written, separator in _dates(part, encoding_of(part, encoding)):
            first, middle, third = (int(number) for number in written)
            if len(written[0]) == 4 or separator == "年":
                return "ymd", False
            if first > 12 or middle > 12:
                if first > 31 and len(written[0]) == 2:
                    return "ymd", False
                return ("dmy" if first > 12 else "mdy"), False
            differs = differs or first != middle
            for order, day, month in (("dmy", first, middle), ("mdy", middle, first)):
                value = (full_year(third) * 100 + month) * 100 + day
                back[order] += value < last[order]
                last[order] = value
    if back["dmy"] != back["mdy"]:
        return ("dmy" if back["dmy"] < back["mdy"] else "mdy"), False
    return "dmy", differs


def _dates(part: Part, encoding: Encoding) -> Iterator[tuple[tuple[str, str, str], str]]:
    """The three numbers of each new date, and what stands between them."""
    seen: tuple[str, str, str] | None = None
    for _, block in line_blocks(part, encoding, mixed=True):
        for line in block:
            found = _HEADER.match(line) if isinstance(line, str) else None
            if found and (written := (found[2], found[4], found[5])) != seen:
                seen = written
                yield written, found[3]


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Messages over several lines, joins, leaves, number changes, deleted messages, system lines."""
    chats = chat_parts(source)
    order = options.date_order
    if order is None:
        order, still_open = date_order(chats, options.encoding)
        if still_open:
            raise FileError("date_order_ambiguous", {"example": _example(chats, options.encoding)})
        source.rewind()
    groups = {group_of(part) for part in chats}
    for part in chats:
        yield from _Chat(options, order, group_of(part) if len(groups) > 1 else "").records(part, encoding_of(part, options.encoding))


def _example(parts: Sequence[Part], encoding: str | None) -> str:
    for part in parts:
        for (first, middle, third), separator in _dates(part, encoding_of(part, encoding)):
            if first != middle:
                return f"{first}{separator}{middle}{separator}{third}"
    return ""


class _Chat:
    """One export being read: a message is complete when the next one starts."""

    def __init__(self, options: Options, order: DateOrder, group: str) -> None:
        self.zone = options.zone()
        self.group = group
        self.order = order
        self.people: dict[str, str] = {}

    def records(self, part: Part, encoding: Encoding) -> Iterator[Record | Reject]:
        started, at_ms, pieces, size = 0, 0, [""], 0
        for first, block in line_blocks(part, encoding):
            for number, line in enumerate(block, first):
                if isinstance(line, Reject):
                    yield line
                    continue
                found = _HEADER.match(line)
                if found is None:
                    if not started:
                        if line.strip():
                            yield reject(number, "line_before_first_message", line)
                    elif size <= LINE_BYTES_MAX:
                        pieces.append(line)
                        size += len(line)
                    continue
                if started > 0:
                    yield from self.message(started, at_ms, "\n".join(pieces))
                try:
                    at_ms = self.at_ms(found)
                except Impossible as error:
                    yield reject(number, "time_impossible", line, time=str(error))
                    started, pieces, size = -1, [], 0
                    continue
                started, pieces, size = number, [found[11]], len(found[11])
        if started > 0:
            yield from self.message(started, at_ms, "\n".join(pieces))

    def at_ms(self, found: re.Match[str]) -> int:
        _, first, _, middle, third, before, hour, minute, second, after, _ = found.groups()
        if self.order == "ymd":
            year, month, day = int(first), int(middle), int(third)
        elif self.order == "mdy":
            month, day, year = int(first), int(middle), int(third)
        else:
            day, month, year = int(first), int(middle), int(third)
        return self.zone.at_ms(full_year(year), month, day, hour_of(int(hour), before or after or ""), int(minute), int(second or 0))

    def person(self, written: str) -> str:
        """The id of a name or number as written: without direction marks, a number without its spaces."""
        identity = self.people.get(written)
        if identity is None:
            identity = " ".join(_CONTROL.sub("", written).replace("\u202f", " ").replace("\u00a0", " ").removeprefix("~").split())
            if _PHONE.fullmatch(identity):
                identity = re.sub(r"[\s().-]", "", identity)
            if len(self.people) >= PEOPLE_KEPT:
                self.people.clear()
            self.people[written] = identity = identity or written
        return identity

    def message(self, line: int, at_ms: int, body: str) -> Iterator[Record | Reject]:
        name, colon, content = body.partition(": ")
        if not colon and body.endswith(":"):
            name, colon, content = body[:-1], ":", ""
        marked = content.startswith("\u200e")
        plain = _CONTROL.sub("", body).strip()
        if not colon or "\n" in name or (not marked and read_system(plain, quoted=True)):
            yield from self._system(line, at_ms, plain, "")
            return
        if marked and (told := _CONTROL.sub("", content).strip()) and read_system(told):
            yield from self._system(line, at_ms, told, name)
            return
        content, edited = read_content(content.removeprefix("\u200e"))
        sender_id = self.person(name)
        if DELETED.fullmatch(_CONTROL.sub("", content).strip()):
            withdrawn = _CONTROL.sub("", content).strip()
            yield Record(line=line, kind="recall", at_ms=at_ms, sender_id=sender_id, sender_name=name, text=withdrawn, group=self.group)
            return
        text, attachments = read_media(content)
        yield Record(
            line=line, kind="message", at_ms=at_ms, sender_id=sender_id, sender_name=name, text=text, attachments=attachments, group=self.group, edited=edited,
        )  # fmt: skip

    def _system(self, line: int, at_ms: int, text: str, said_by: str) -> Iterator[Record]:
        event = read_system(text)
        if event is None or event.kind == "system":
            actor = event.who[0] if event and event.who else ""
            actor_id = self.person(actor) if actor else ""
            yield Record(line=line, kind="system", at_ms=at_ms, sender_id=actor_id, sender_name=actor, text=text, group=self.group)
            return
        for who in event.who:
            yield Record(
                line=line, kind=event.kind, at_ms=at_ms, sender_id=self.person(who), sender_name=who, text=event.text,
                subject_id=self.person(event.by) if event.by else "", subject_name=event.by, group=self.group,
            )  # fmt: skip


FORMAT = Format(
    name="whatsapp",
    channel="whatsapp",
    title={"zh": "WhatsApp 导出文本", "en": "WhatsApp text export"},
    sniff=sniff,
    parse=parse,
    extensions=(".txt", ".zip"),
)
