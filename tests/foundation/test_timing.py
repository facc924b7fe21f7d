"""When it goes: wall clocks, summer time, holidays with make-up days, years nobody knows yet."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hutong.foundation.errors import Invalid
from hutong.foundation.timing import Timing, checked, following, is_workday, unknown_years


def locals_(timing: Timing, after: dt.datetime, count: int) -> list[str]:
    return [f"{one.astimezone(ZoneInfo(timing.zone)):%m-%d %H:%M}" for one in islice(following(timing, after), count)]


START = dt.datetime(2026, 9, 28, 4, tzinfo=dt.UTC)


def test_now_and_once() -> None:
    assert list(following(Timing(), START)) == []
    assert list(following(Timing(kind="at", at="2026-09-29T09:00"), START)) == [dt.datetime(2026, 9, 29, 1, tzinfo=dt.UTC)]
    assert list(following(Timing(kind="at", at="2026-09-27T09:00"), START)) == []


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (Timing(kind="daily", time="09:30"), ["09-29 09:30", "09-30 09:30", "10-01 09:30"]),
        (Timing(kind="weekly", time="08:00", weekdays=(1, 7)), ["10-04 08:00", "10-05 08:00", "10-11 08:00"]),
        (Timing(kind="monthly", time="08:00", day=31), ["10-31 08:00", "12-31 08:00", "01-31 08:00"]),
        (Timing(kind="monthly", time="08:00", day=32), ["09-30 08:00", "10-31 08:00", "11-30 08:00"]),
        (Timing(kind="cron", cron="0 9 * * 1-5"), ["09-29 09:00", "09-30 09:00", "10-01 09:00"]),
        # 2026: 1 to 7 October are holidays, and Saturday 10 October is worked for it
        (
            Timing(kind="daily", time="09:00", only_workdays=True),
            ["09-29 09:00", "09-30 09:00", "10-08 09:00", "10-09 09:00", "10-10 09:00", "10-12 09:00"],
        ),
    ],
)
def test_repetitions(timing: Timing, expected: list[str]) -> None:
    assert locals_(checked(timing), START, len(expected)) == expected


def test_the_wall_time_is_kept_when_the_clocks_change() -> None:
    paris = Timing(kind="daily", time="02:30", zone="Europe/Paris")
    found = list(islice(following(paris, dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC)), 3))
    assert [f"{one:%d %H:%M}" for one in found] == ["28 01:30", "29 01:30", "30 00:30"]  # on the 29th there is no 02:30: 03:30
    autumn = list(islice(following(paris, dt.datetime(2026, 10, 24, 12, tzinfo=dt.UTC)), 2))
    assert [f"{one:%d %H:%M}" for one in autumn] == ["25 00:30", "26 01:30"]  # 02:30 comes twice; once is enough


def test_a_year_that_is_not_known() -> None:
    assert is_workday(dt.date(2026, 10, 10))
    assert not is_workday(dt.date(2026, 10, 1))
    assert [is_workday(dt.date(2035, 1, day)) for day in (5, 6, 8)] == [True, False, True]
    late = [dt.datetime(2026, 12, 31, 20, tzinfo=dt.UTC), dt.datetime(2036, 1, 1, tzinfo=dt.UTC)]
    assert unknown_years(late, Timing(kind="daily", only_workdays=True)) in ([2027, 2036], [2036])
    assert unknown_years(late, Timing(kind="daily")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "at", "at": "soon"}, {"kind": "at", "at": "2026-10-01T09:00+08:00"}, {"kind": "daily", "time": "25:00"}, {"kind": "weekly"},
        {"kind": "monthly", "day": 33}, {"kind": "cron", "cron": "* * *"}, {"kind": "cron", "cron": "0 0 9 * * *"}, {"zone": "Mars/Base"},
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        checked(Timing(**wrong))


@given(
    some.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    some.times(),
    some.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2030, 1, 1)),
)
def test_days_follow_one_another_against_a_naive_count(zone: str, time: dt.time, after: dt.datetime) -> None:
    timing = Timing(kind="daily", time=f"{time:%H:%M}", zone=zone)
    start = after.replace(tzinfo=dt.UTC)
    found = list(islice(following(timing, start), 5))
    day, expected = start.astimezone(ZoneInfo(zone)).date() - dt.timedelta(days=1), []
    while len(expected) < 5:
        moment = dt.datetime.combine(day, dt.time(time.hour, time.minute), ZoneInfo(zone)).astimezone(dt.UTC)
        expected += [moment] if moment > start else []
        day += dt.timedelta(days=1)
    assert found == expected
