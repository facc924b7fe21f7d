"""IRC text logs: irssi, weechat, znc, energymech, hexchat, mIRC, eggdrop, limnoria and the public log bots, one file a day or one for years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from hutong.imports.names import MONTHS, date_in_name, name_without_date
from hutong.imports.records import FileError, Record, Reject, reject
from hutong.imports.source import Part, Source

from .contract import Detection, Format, Head, Options
from .irc_events import Event, lower_nick, read_event, read_netsplit
from .moments import DAY_MS, Impossible, Zone
from .text import encoding_of, line_blocks

# Clocks are adjusted and bots log late: a time that falls back by less is disorder, by more it is the next day.
DISORDER_SECONDS_MAX = 2 * 3600
DAY_SECONDS = 86_400
NICKS_KEPT = 100_000

_CLOCK = r"(\d\d?:\d\d(?::\d\d)?)"
_PREFIXES = {
    "full": r"\[?(\d{4}[-/.]\d\d[-/.]\d\d)[T ,]+" + _CLOCK + r"(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)?\]?[ \t]",
    "month": r"\[?([A-Z][a-z]{2} [ \d]\d) " + _CLOCK + r"()\]?[ \t]",
    "bracket": r"()\[" + _CLOCK + r"()\] ?",
    "bare": r"()" + _CLOCK + r"()[ \t]",
}
_STYLES = {
    name: (
        re.compile(prefix + r"[ \t]{0,2}<([^>]{1,80})>[ \t]?(.*)", re.DOTALL),
        re.compile(prefix + r"[ \t]*(.*)", re.DOTALL),
    )
    for name, prefix in _PREFIXES.items()
}
_WEECHAT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\t([^\t]*)\t(.*)", re.DOTALL)
_HEADERS = re.compile(
    r"(?:--- (?:Day changed|Log opened|Log closed)|\*{4} (?:BEGIN|ENDING) LOGGING AT|Session (?:Start|Time|Close|Ident):|\[\d\d:\d\d(?::\d\d)?\] ---)\s*(.*)"
)
_HEADER_DATE = re.compile(r"(?:[A-Z][a-z]{2},? )?([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d\d):(\d\d):(\d\d) )?(\d{4})")
_HEADER_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d))?")
_UNTIMED = re.compile(r"(?:===|\*\*\*|-!-|-->|<--) ")
_FORMATTING = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6})?|[\x01\x02\x0f\x11\x16\x1d\x1e\x1f]")
_PLAIN = re.compile(r"[\x01-\x04\x0f\x11\x16\x1d-\x1f]")
_MODES = " @+%&~!"


def sniff(head: Head) -> Detection | None:
    """Recognised by timed lines with <nick>; the date comes from the lines, a header or the file's name."""
    if head.is_json and head.source.name.lower().endswith((".json", ".jsonl")):
        return None
    lines = [line for line in head.lines if line.strip()]
    if not lines:
        return None
    style, share = style_of(lines)
    if share < 0.5:
        return None
    stated = next((day for line in lines if (day := header_date(line))), None)
    name_date = head.date
    known = style in ("full", "weechat") or stated or name_date
    messages = sum(1 for line in lines if _is_message(line, style))
    events = sum(1 for line in lines if _is_event(line, style))
    zoned = style == "full" and any((found := _STYLES["full"][1].match(line)) and found[3] for line in lines[:20])
    needs = () if zoned else ("time_zone",)
    return Detection(
        format="irc",
        channel="irc",
        confidence=round(min(0.95, share * (0.95 if messages + events >= len(lines) * 0.5 else 0.5)), 3),
        groups=tuple(dict.fromkeys(filter(None, (group_in_name(part.name) for part in head.source.parts)))),
        date=name_date if style not in ("full", "weechat") else None,
        times_have_zone=zoned,
        needs=needs if known else ("date", *needs),
    )


def style_of(lines: list[str]) -> tuple[str, float]:
    """The way most lines start, and how many do."""
    counts = {name: sum(1 for line in lines if rest.match(line)) for name, (_, rest) in _STYLES.items()}
    counts["weechat"] = sum(1 for line in lines if _WEECHAT.match(line)) * 2
    best = max(counts, key=lambda name: counts[name])
    untimed = sum(1 for line in lines if _UNTIMED.match(line) or _HEADERS.match(line))
    found = counts[best] / 2 if best == "weechat" else counts[best]
    return best, (found + untimed) / len(lines) if found else 0.0


def _is_message(line: str, style: str) -> bool:
    return bool(_WEECHAT.match(line) if style == "weechat" else _STYLES[style][0].match(line))


def _is_event(line: str, style: str) -> bool:
    if _UNTIMED.search(line[:40]):
        return True
    found = _STYLES[style][1].match(line) if style != "weechat" else None
    return bool(found and not found[4].startswith("<") and read_event(found[4]))


def group_in_name(name: str) -> str:
    """The channel a log's name states."""
    found = re.search(r"(?:#|%23)+[^\s/\\,]+", name)
    base = name_without_date(found[0] if found else name)
    if not found and base.count("."):
        base = base.split(".")[-1] if "#" in base.split(".")[-1] else base
    return base if not base.isdigit() else ""


def header_date(line: str) -> tuple[date, int] | None:
    """The date (and seconds of the day) of a line that opens or closes a log or a day."""
    found = _HEADERS.match(line)
    if not found:
        return None
    named = _HEADER_DATE.search(found[1])
    try:
        if named and named[1].lower() in MONTHS:
            return date(int(named[6]), MONTHS[named[1].lower()], int(named[2])), _seconds(named[3], named[4], named[5])
        iso = _HEADER_ISO.search(found[1])
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3])), _seconds(iso[4], iso[5], iso[6])
    except ValueError:
        return None
    return None


def _seconds(hour: str | None, minute: str | None, second: str | None) -> int:
    return int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)


class _Clock:
    """Turns the clock readings of one log into moments: remembers the day and when it ends."""

    def __init__(self, zone: Zone, day: date | None, name: str) -> None:
        self.name = name
        self.zone = zone
        self.day = day
        self.last = 0
        self.wrapped_at = -1
        self._base: int | None = None
        self._base_day: date | None = None
        self._known: dict[str, int] = {}

    def start(self, day: date, seconds: int) -> None:
        """A header stated the day."""
        self.day, self.last, self.wrapped_at = day, seconds, -1

    def at_ms(self, text: str) -> int:
        """The moment of a reading such as 12:33 or 12:33:44, after midnight on the next day. Raises Impossible."""
        seconds = self._known.get(text, -1)
        if seconds < 0:
            seconds = self._read(text)
        day = self.day
        if day is None:
            raise FileError("date_missing", {"file": self.name})
        if seconds < self.last - DISORDER_SECONDS_MAX:
            day = self.day = day + timedelta(days=1)
            self.last = self.wrapped_at = seconds
        elif self.wrapped_at >= 0 and seconds > DAY_SECONDS - DISORDER_SECONDS_MAX and self.last < DISORDER_SECONDS_MAX:
            return self._moment(day - timedelta(days=1), seconds)
        elif seconds > self.last:
            self.last = seconds
        return self._moment(day, seconds)

    def last_ms(self) -> int:
        """The moment of the line before."""
        if self.day is None:
            raise FileError("date_missing", {"file": self.name})
        return self._moment(self.day, self.last)

    def _moment(self, day: date, seconds: int) -> int:
        if day is not self._base_day:
            self._base = self.zone.day_ms(day.year, day.month, day.day)
            self._base_day = day
        if self._base is not None:
            return self._base + seconds * 1000
        return self.zone.at_ms(day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60)

    def _read(self, text: str) -> int:
        hour, minute, *rest = (int(piece) for piece in text.split(":"))
        second = min(rest[0], 59) if rest and rest[0] == 60 else rest[0] if rest else 0
        if hour > 23 or minute > 59 or second > 59:
            raise Impossible(text)
        if len(self._known) <= DAY_SECONDS:
            self._known[text] = hour * 3600 + minute * 60 + second
        return hour * 3600 + minute * 60 + second


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Every line becomes a record or a reject; the lines that only frame a log (opened, day changed) are read and dropped."""
    zone = options.zone()
    groups = {group_in_name(part.name) for part in source.parts}
    for part in source.parts:
        group = group_in_name(part.name) if len(groups) > 1 else ""
        yield from _Log(part, options, zone, group).records()


class _Log:
    """One file being read."""

    def __init__(self, part: Part, options: Options, zone: Zone, group: str) -> None:
        self.part = part
        self.zone = zone
        self.group = group
        self.encoding = encoding_of(part, options.encoding)
        self.clock = _Clock(zone, date_in_name(part.name) or options.date, part.name)
        self.year = (self.clock.day or date(1970, 1, 1)).year
        self.nicks: dict[str, tuple[str, str]] = {}
        self.days: dict[str, date] = {}
        self.style = ""

    def records(self) -> Iterator[Record | Reject]:
        for first, lines in line_blocks(self.part, self.encoding, mixed=True):
            if not self.style:
                self.style = style_of([line for line in lines[:2000] if isinstance(line, str) and line.strip()] or [""])[0]
            yield from self._weechat(first, lines) if self.style == "weechat" else self._lines(first, lines)

    def _lines(self, first: int, lines: list[str | Reject]) -> Iterator[Record | Reject]:
        message, timed = _STYLES[self.style]
        match, marked, person = message.match, _PLAIN.search, self.person
        clock, group, dated = self.clock, self.group, self.style in ("full", "month")
        for number, line in enumerate(lines, first):
            if isinstance(line, Reject):
                yield line
                continue
            if marked(line):
                line = _FORMATTING.sub("", line)
            found = match(line)
            if found is None:
                if line and not line.isspace():
                    yield from self._other(number, line, timed)
                continue
            day, reading, offset, nick, text = found.groups()
            try:
                at_ms = self._dated(day, reading, offset) if dated else clock.at_ms(reading)
            except Impossible as error:
                yield reject(number, "time_impossible", line, time=f"{day} {reading}".strip() or str(error))
                continue
            known = self.nicks.get(nick) or person(nick)
            yield Record(line=number, kind="message", at_ms=at_ms, sender_id=known[0], sender_name=known[1], text=text, group=group)

    def _other(self, number: int, line: str, timed: re.Pattern[str]) -> Iterator[Record | Reject]:
        stated = header_date(line)
        if stated:
            self.clock.start(*stated)
            self.year = stated[0].year
            return
        if _HEADERS.match(line):
            return
        found = timed.match(line)
        try:
            if found:
                day, reading, offset, rest = found.groups()
                at_ms = self._dated(day, reading, offset) if day else self.clock.at_ms(reading)
            elif _UNTIMED.match(line):
                at_ms, rest = self.clock.last_ms(), line
            else:
                yield reject(number, "irc_line_unknown", line)
                return
        except Impossible as error:
            yield reject(number, "time_impossible", line, time=str(error))
            return
        if split := read_netsplit(rest):
            for one in split:
                yield self._record(number, at_ms, one)
            return
        event = read_event(rest)
        if event is None:
            if rest.strip():
                yield reject(number, "irc_line_unknown", line)
            return
        yield self._record(number, at_ms, event)

    def _weechat(self, first: int, lines: list[str | Reject]) -> Iterator[Record | Reject]:
        for number, line in enumerate(lines, first):
            if isinstance(line, Reject):
                yield line
                continue
            if not line or line.isspace():
                continue
            if _PLAIN.search(line):
                line = _FORMATTING.sub("", line)
            found = _WEECHAT.match(line)
            if not found:
                yield reject(number, "irc_line_unknown", line)
                continue
            day, reading, prefix, text = found.groups()
            try:
                at_ms = self._dated(day, reading, "")
            except Impossible:
                yield reject(number, "time_impossible", line, time=f"{day} {reading}")
                continue
            prefix = prefix.strip()
            if prefix in ("*", "-->", "<--", "--", "=!=", "", "▬▬▶", "◀▬▬"):
                marker = "*" if prefix == "*" else "---"
                event = read_event(f"{marker} {text}") or Event("system", "", text)
                yield self._record(number, at_ms, event)
                continue
            known = self.nicks.get(prefix) or self.person(prefix)
            yield Record(line=number, kind="message", at_ms=at_ms, sender_id=known[0], sender_name=known[1], text=text, group=self.group)

    def _record(self, number: int, at_ms: int, event: Event) -> Record:
        nick = event.nick.lstrip(_MODES)
        return Record(
            line=number,
            kind=event.kind,
            at_ms=at_ms,
            sender_id=lower_nick(nick),
            sender_name=nick,
            text=event.text,
            subject_id=lower_nick(event.subject.lstrip(_MODES)),
            subject_name=event.subject.lstrip(_MODES),
            group=self.group,
        )

    def person(self, written: str) -> tuple[str, str]:
        """Id and name of a nick as written between < and >."""
        nick = written.strip().lstrip(_MODES) or written
        if len(self.nicks) >= NICKS_KEPT:
            self.nicks.clear()
        self.nicks[written] = known = (lower_nick(nick), nick)
        return known

    def _dated(self, day: str, reading: str, offset: str) -> int:
        """The moment of a line that states its day."""
        found = self.days.get(day)
        if found is None:
            try:
                if day[0].isdigit():
                    found = date(int(day[:4]), int(day[5:7]), int(day[8:10]))
                else:
                    found = date(self.year, MONTHS.get(day[:3].lower(), 0), int(day[4:]))
                    if self.clock.day and (self.clock.day - found).days > 180:
                        self.year += 1
                        found = found.replace(year=self.year)
            except ValueError as error:
                raise Impossible(day) from error
            if len(self.days) > 400:
                self.days.clear()
            self.days[day] = found
        clock = self.clock
        if clock.day is not found:
            clock.start(found, 0)
        seconds = clock._known.get(reading, -1)
        if seconds < 0:
            seconds = clock._read(reading)
        clock.last = seconds
        if offset:
            shift = 0
            if offset[0] in "+-":
                digits = offset[1:].replace(":", "")
                shift = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000 * (-1 if offset[0] == "-" else 1)
            return (found.toordinal() - _EPOCH_ORDINAL) * DAY_MS + seconds * 1000 - shift
        return clock._moment(found, seconds)


_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

FORMAT = Format(
    name="irc",
    channel="irc",
    title={"zh": "IRC 文本日志", "en": "IRC text log"},
    sniff=sniff,
    parse=parse,
    extensions=(".log", ".txt", ".weechatlog"),
)
