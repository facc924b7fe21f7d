"""The same comparison on real logs."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hutong.foundation import fresh
from hutong.reports.days import DayRange
from hutong.reports.queries import overview, retention
from hutong.reports.queries.scope import Scope
from tests.conftest import shared
from tests.reports.history import id_of, ship
from tests.reports.oracle import Happening, Oracle
from tests.reports.test_oracle import check_all

pytestmark = [pytest.mark.realdata, pytest.mark.slow]
Line = tuple[dt.datetime, str, str, str, str]  # time, group, sender, kind, text

MOVES = re.compile(r"^\*\*\* (\S+) <[^>]*> has (joined|left|quit)")
KINDS = {"message": "message", "action": "message", "join": "join", "quit": "leave", "part": "leave"}
MOVE_KINDS = {"joined": "join", "left": "leave", "quit": "leave"}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC)


def _ubuntu_cn(path: Path) -> Iterator[Line]:
    for row in _rows(path):
        yield _time(row["time"]), row["channel"], row["sender"], KINDS.get(row["kind"], "notice"), row["text"]


def _qtox(path: Path) -> Iterator[Line]:
    for row in _rows(path):
        yield _time(row["time"]), "#qtox", row["sender"], KINDS.get(row["kind"], "notice"), row["text"]


def _fluid(path: Path) -> Iterator[Line]:
    for row in _rows(path):
        moved = MOVES.match(row["text"]) if row["kind"] == "event" else None
        if moved:
            yield _time(row["time"]), row["channel"], moved[1], MOVE_KINDS[moved[2]], ""
        else:
            yield _time(row["time"]), row["channel"], row["sender"], "message" if row["kind"] == "message" else "notice", row["text"]


def _zig(path: Path) -> Iterator[Line]:
    for row in _rows(path):
        yield dt.datetime.fromtimestamp(int(row["ts"]), dt.UTC), "#zig", row["sender"], "message", row["text"]


def _happenings(lines: Iterator[Line]) -> list[Happening]:
    found = list(lines)
    nicks = {sender for _, _, sender, _, _ in found}
    happenings = []
    for ordinal, (at, group, sender, kind, text) in enumerate(found):
        named = re.match(r"^(\S+)[:,] ", text)
        answers = named[1] if kind == "message" and named and named[1] in nicks and named[1] != sender else ""
        is_question = kind == "message" and text.rstrip().endswith(("?", "？"))
        happenings.append(Happening(at, ordinal, kind, sender, "c", group, answers=answers, is_question=is_question, text=text))
    return happenings


LOGS: dict[str, tuple[Callable[[Path], Iterator[Line]], str, list[tuple[str, str]]]] = {
    "ubuntu-cn_2013-01-01_15.csv.gz": (_ubuntu_cn, "Asia/Shanghai", [("2013-01-01", "2013-01-16"), ("2013-01-09", "2013-01-09")]),
    "qtox_irc_2016.csv.gz": (_qtox, "Europe/Berlin", [("2016-06-01", "2016-06-30"), ("2016-06-16", "2016-06-22")]),
    "fluid_irc.csv.gz": (_fluid, "America/Toronto", [("2019-03-01", "2019-03-31")]),
    "zig_irc.csv.gz": (_zig, "America/New_York", [("2019-10-20", "2019-11-20")]),
}


@pytest.mark.parametrize("name", LOGS)
def test_every_metric_equals_the_naive_count(name: str) -> None:
    read, zone, ranges = LOGS[name]
    told = _happenings(read(shared(f"chat/{name}")))
    workspace_id = uuid.uuid4()
    ship(workspace_id, told, {"c": zone})
    scope = Scope(workspace_id=workspace_id, communities=(id_of(workspace_id, "c"),), today=dt.date(2026, 11, 22))
    oracle = Oracle(told, {"c": zone}, scope.today)
    ids = {id_of(workspace_id, h.who): h.who for h in told}
    for first, last in ranges:
        check_all(scope, oracle, DayRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last)), ids, page_size=200)


def test_five_years_at_once() -> None:
    told = _happenings(_zig(shared("chat/zig_irc.csv.gz")))
    workspace_id = uuid.uuid4()
    ship(workspace_id, told, {"c": "UTC"})
    scope = Scope(workspace_id=workspace_id, today=dt.date(2026, 11, 22))
    oracle = Oracle(told, {"c": "UTC"}, scope.today)
    days = DayRange(dt.date(2017, 10, 8), dt.date(2022, 3, 30))
    fresh.forget()
    now, before = overview.numbers(scope, days, days.before())
    assert days.days == 1635
    assert now == oracle.values(days.first, days.last)
    assert before == oracle.values(days.before().first, days.before().last)
    found = retention.triangle(scope, days, unit="month", periods=36)
    assert [(one.start, one.size, one.retained) for one in found.cohorts] == oracle.triangle(days.first, days.last, "month", "active", 36)
