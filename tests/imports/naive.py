"""Counts of real logs by the plainest means, written apart from the product: the other side of every comparison."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """One thing that happened, in UTC."""

    at: dt.datetime
    kind: str  # message | join | leave | rename
    who: str
    new: str = ""
    text: str = ""
    group: str = ""


class Numbers(NamedTuple):
    """What a history adds up to."""

    messages: int
    joins: int
    leaves: int
    speakers: int
    messages_per_day: dict[dt.date, int]
    speakers_per_day: dict[dt.date, int]
    retention: dict[tuple[dt.date, int], int]  # (first active day, days later) -> members active


def fold(nick: str) -> str:
    return nick.lower().translate(str.maketrans("[]\\~", "{}|^"))


def persons(lines: Iterable[Line], *, fold_names: bool = True) -> dict[str, str]:
    """Nick -> the person's first nick: whoever takes a name nobody has had is the same person."""
    same: dict[str, str] = {}
    for line in lines:
        who = fold(line.who) if fold_names else line.who
        same.setdefault(who, who)
        if line.kind == "rename":
            new = fold(line.new) if fold_names else line.new
            same.setdefault(new, same[who])
    return same


def count(lines: list[Line], *, hours: int = 0, fold_names: bool = True) -> Numbers:
    """The numbers, with days that begin `hours` earlier than in UTC."""
    same = persons(lines, fold_names=fold_names)
    days: dict[str, set[dt.date]] = defaultdict(set)
    per_day: dict[dt.date, int] = defaultdict(int)
    speaking: dict[dt.date, set[str]] = defaultdict(set)
    kinds: dict[str, int] = defaultdict(int)
    for line in lines:
        kinds[line.kind] += 1
        if line.kind == "message":
            person = same[fold(line.who) if fold_names else line.who]
            day = (line.at + dt.timedelta(hours=hours)).date()
            days[person].add(day)
            per_day[day] += 1
            speaking[day].add(person)
    retention: dict[tuple[dt.date, int], int] = defaultdict(int)
    for active in days.values():
        first = min(active)
        for day in active:
            retention[first, (day - first).days] += 1
    return Numbers(
        kinds["message"], kinds["join"], kinds["leave"], len(days), dict(per_day), {day: len(who) for day, who in speaking.items()}, dict(retention)
    )


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rb") as packed:
        yield from csv.DictReader(io.TextIOWrapper(packed, "utf-8", newline=""))


def irc_day(text: str, day: dt.date) -> Iterator[Line]:
    """One file of either of the two real IRC styles."""
    at = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    for raw in text.split("\n"):
        raw = raw.rstrip("\r")
        timed = re.match(r"\[(\d\d):(\d\d)(?::(\d\d))?\] ?(.*)$", raw, re.DOTALL)
        if timed:
            at = at.replace(hour=int(timed[1]), minute=int(timed[2]), second=int(timed[3] or 0))
            rest = timed[4]
        else:
            rest = raw
        if said := re.match(r"<([^>]+)> ?(.*)$", rest, re.DOTALL):
            yield Line(at, "message", said[1].strip(), text=said[2])
        elif renamed := re.match(r"(?:===|\*\*\*) (\S+) is now known as (\S+)$", rest):
            yield Line(at, "rename", renamed[1], renamed[2])
        elif joined := re.match(r"\*\*\* Joins: (\S+)", rest):
            yield Line(at, "join", joined[1])
        elif left := re.match(r"\*\*\* (?:Quits|Parts): (\S+)", rest):
            yield Line(at, "leave", left[1])
        elif kicked := re.match(r"\*\*\* (\S+) was kicked by ", rest):
            yield Line(at, "leave", kicked[1])
        elif acted := re.match(r" *\* (\S+) ?(.*)$", rest):
            yield Line(at, "message", acted[1], text=acted[2])
