"""When waits end, against a naive walk over every minute; and clocks that are set back while people wait."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.automations.journeys.dates import day_in, next_date, next_time
from hutong.foundation import lunar
from hutong.members.actions import profiles
from hutong.segments.models import Tag
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.automations.journeys.making import DAY, act, drawn, happen, let_in, node, path, publish, turn, where
from tests.broadcasts.making import people

UTC = dt.UTC
MINUTE = dt.timedelta(minutes=1)
# Half an hour of summer time, clocks that change at midnight, half hours beside UTC, and one that never changes.
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns")
SPANS = (  # around the days on which clocks change in 2026
    (dt.datetime(2026, 3, 1, tzinfo=UTC), dt.datetime(2026, 5, 10, tzinfo=UTC)),
    (dt.datetime(2026, 9, 25, tzinfo=UTC), dt.datetime(2026, 11, 20, tzinfo=UTC)),
)


@cache
def minutes(zone: str) -> dict[dt.date, dict[int, dt.datetime]]:
    """Of each local day, the first moment at which it is each minute of it."""
    there, found = ZoneInfo(zone), dict[dt.date, dict[int, dt.datetime]]()
    for begin, end in SPANS:
        moment = begin
        while moment < end:
            local = moment.astimezone(there)
            found.setdefault(local.date(), {}).setdefault(local.hour * 60 + local.minute, moment)
            moment += MINUTE
    return found


def naive(day: dt.date, wall: int, zone: str) -> dt.datetime:
    """The moment of a wall time; of one that is skipped, as much later as the clock jumps."""
    of_day = minutes(zone)[day]
    if wall not in of_day:
        before, after = wall, wall
        while before >= 0 and before not in of_day:
            before -= 1
        while after not in of_day:
            after += 1
        wall += after - before - 1
    return of_day[wall]


moments = st.one_of(
    [st.datetimes(begin.replace(tzinfo=None) + dt.timedelta(days=7), end.replace(tzinfo=None) - dt.timedelta(days=16)) for begin, end in SPANS]
)


@settings(max_examples=400, deadline=None)
@given(moments, st.integers(0, 1439), st.sets(st.integers(1, 7)), st.sampled_from(ZONES))
def test_a_time_of_day_comes_once_a_local_day(moment: dt.datetime, wall: int, weekdays: set[int], zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    time = f"{wall // 60:02}:{wall % 60:02}"
    day = now.astimezone(ZoneInfo(zone)).date()
    wanted = [each for each in (day + dt.timedelta(days=ahead) for ahead in range(15)) if not weekdays or each.isoweekday() in weekdays]
    expected = [at for at in (naive(each, wall, zone) for each in wanted) if at > now]
    found = [next_time(now, time=time, weekdays=sorted(weekdays), zone=zone)]
    while len(found) < min(len(expected), 3):
        found.append(next_time(found[-1], time=time, weekdays=sorted(weekdays), zone=zone))
    assert found == expected[: len(found)]
    days = [each.astimezone(ZoneInfo(zone)).date() for each in found]
    assert len(set(days)) == len(days)


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(0, 1439), st.integers(-20, 20), st.integers(-5, 5), st.sampled_from(ZONES), st.booleans())
def test_a_day_is_waited_for_only_while_it_lies_ahead(moment: dt.datetime, wall: int, ahead: int, offset: int, zone: str, yearly: bool) -> None:
    now = moment.replace(tzinfo=UTC)
    time = f"{wall // 60:02}:{wall % 60:02}"
    target = now.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=max(-5, min(ahead, 14)))
    said = target - dt.timedelta(days=offset)
    first = said if not yearly else said.replace(year=1990)
    found = next_date(now, first.isoformat(), offset_days=offset, time=time, calendar="solar", yearly=yearly, zone=zone)
    at = naive(target, wall, zone)
    if at > now:
        assert found == at
    elif yearly:
        assert found is not None
        assert (found > now, found.astimezone(ZoneInfo(zone)).year) == (True, 2027)
    else:
        assert found is None
    without_year = next_date(now, first.isoformat()[5:], offset_days=offset, time=time, calendar="solar", yearly=False, zone=zone)
    assert without_year == next_date(now, first.isoformat(), offset_days=offset, time=time, calendar="solar", yearly=True, zone=zone)


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)), st.dates(dt.date(1930, 1, 1), dt.date(2020, 12, 31)), st.integers(-366, 366))
def test_the_next_birthday_by_either_calendar(today: dt.date, born: dt.date, offset: int) -> None:
    """Against every day of the years around, looked at one by one."""
    now = dt.datetime.combine(today, dt.time(4), UTC)  # noon in Shanghai
    solar = next_date(now, born.isoformat(), offset_days=offset, time="09:00", calendar="solar", yearly=True, zone="Asia/Shanghai")
    assert solar is not None
    day = solar.astimezone(ZoneInfo("Asia/Shanghai")).date()
    one = today + dt.timedelta(days=1)
    while not _is_birthday(one - dt.timedelta(days=offset), born):
        one += dt.timedelta(days=1)
    assert day == one
    moon = next_date(now, born.isoformat(), offset_days=offset, time="09:00", calendar="lunar", yearly=True, zone="Asia/Shanghai")
    assert moon is not None
    month, number = lunar.month_and_day(born)
    days = [lunar.day_of(year, month, number) + dt.timedelta(days=offset) for year in range(today.year - 3, today.year + 4)]
    assert moon.astimezone(ZoneInfo("Asia/Shanghai")).date() == min(each for each in days if each > today)


def _is_birthday(day: dt.date, born: dt.date) -> bool:
    last = calendar.monthrange(day.year, born.month)[1]
    return (day.month, day.day) == (born.month, min(born.day, last))


def test_days_that_are_none() -> None:
    now = dt.datetime(2026, 11, 28, tzinfo=UTC)
    for said in ("", "gestern", "2026-02-30", "13-01", "02-00", "2026-1-1", "2026-11-28T09:00", "９９-９９"):
        assert next_date(now, said, offset_days=0, time="09:00", calendar="solar", yearly=False, zone="Asia/Shanghai") is None, said
    assert day_in(2027, "2000-02-29", calendar="solar") == dt.date(2027, 2, 28)
    assert day_in(2028, "02-29", calendar="solar") == dt.date(2028, 2, 29)


# --- people who wait while a clock is set ---------------------------------------------------------

NOW = dt.datetime(2026, 11, 2, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def travel() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db(transaction=True)
def test_a_clock_set_back_lets_nobody_go_early_or_twice(workspace: Workspace, travel: Any) -> None:
    one = Tag.objects.create(workspace=workspace, name="到点")
    (ming,) = people(workspace, 1)
    journey = publish(workspace, drawn(node("wait_time", "w", time="09:00"), act("t", "tag.add", tag_id=str(one.pk)), node("go_to", "g", node="w"), edges=["e>w", "w>t", "t>g"]))  # fmt: skip
    let_in(journey, ming)
    first = dt.datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    assert where(journey) == {"成员0": ("w", "", first)}
    travel.move_to(NOW - HOUR)
    turn()
    assert path(journey, ming) == []
    travel.move_to(first)
    turn()
    passed = [("w", "out", "done"), ("t", "out", "done"), ("g", "out", "done")]
    assert path(journey, ming) == passed
    for step in range(12):  # an hour back, and over the same nine o'clock again
        travel.move_to(first - HOUR + step * 10 * MINUTE)
        turn()
    assert path(journey, ming) == passed
    assert where(journey) == {"成员0": ("w", "", first + dt.timedelta(days=1))}


@pytest.mark.django_db(transaction=True)
def test_an_event_after_the_clock_was_set_back_wakes_who_waits(workspace: Workspace, travel: Any) -> None:
    (ming,) = people(workspace, 1)
    graph = drawn(
        node("wait_event", "w", events=[{"id": "came", "event": "page_viewed"}], timeout_seconds=DAY), node("exit", "x"), edges=["e>w", "w.came>x"]
    )
    journey = publish(workspace, graph)
    let_in(journey, ming)
    travel.move_to(NOW - HOUR)
    happen(workspace, ming, "page_viewed", path="/")
    assert path(journey, ming) == [("w", "came", "done"), ("x", "", "done")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("zone", "before", "expected"),
    [
        # 02:30 is skipped on 8 March: it comes at 03:30, once.
        ("America/New_York", dt.datetime(2026, 3, 7, 12, tzinfo=UTC), [(3, 8, 7, 30), (3, 9, 6, 30)]),
        # 01:30 is there twice on 1 November: the first.
        ("America/New_York", dt.datetime(2026, 10, 31, 12, tzinfo=UTC), [(11, 1, 5, 30), (11, 2, 6, 30)]),
        # Midnight itself is skipped on 24 April.
        ("Africa/Cairo", dt.datetime(2026, 4, 22, 22, tzinfo=UTC), [(4, 22, 22, 30), (4, 23, 22, 30), (4, 24, 21, 30)]),
        # Half an hour.
        ("Australia/Lord_Howe", dt.datetime(2026, 10, 3, 3, tzinfo=UTC), [(10, 3, 15, 45), (10, 4, 15, 15)]),
    ],
)
def test_once_a_local_day_on_the_members_clock(workspace: Workspace, zone: str, before: dt.datetime, expected: list[tuple[int, ...]]) -> None:
    times = {"America/New_York": "02:30" if before.month == 3 else "01:30", "Africa/Cairo": "00:30", "Australia/Lord_Howe": "02:15"}
    with time_machine.travel(before, tick=False) as traveller:
        one = Tag.objects.create(workspace=workspace, name="到点")
        ming = profiles.create(workspace, actor=SYSTEM, name="小明", identities=[("qq", "1")], given={"time_zone": zone})
        graph = drawn(node("wait_time", "w", time=times[zone]), act("t", "tag.add", tag_id=str(one.pk)), node("go_to", "g", node="w"), edges=["e>w", "w>t", "t>g"])  # fmt: skip
        journey = publish(workspace, graph)
        let_in(journey, ming)
        moments_ = []
        for _ in range(48 * 4):
            traveller.shift(15 * MINUTE)
            count = len(path(journey, ming))
            turn()
            if len(path(journey, ming)) > count:
                moments_.append(dt.datetime.now(UTC))
    assert [(at.month, at.day, at.hour, at.minute) for at in moments_] == expected
