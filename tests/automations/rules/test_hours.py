from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.automations.rules.hours import are_open, opening
from hutong.automations.rules.shapes import Hours

NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
WEEK = (1, 2, 3, 4, 5, 6, 7)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        (Hours(WEEK, "09:00", "21:00"), "2026-11-28T08:59:59+08:00", False),
        (Hours(WEEK, "09:00", "21:00"), "2026-11-28T09:00:00+08:00", True),
        (Hours(WEEK, "09:00", "21:00"), "2026-11-28T21:00:00+08:00", False),
        (Hours((5,), "22:00", "02:00"), "2026-11-27T23:00:00+08:00", True),  # a Friday
        (Hours((5,), "22:00", "02:00"), "2026-11-28T01:59:00+08:00", True),  # still Friday's
        (Hours((5,), "22:00", "02:00"), "2026-11-27T01:00:00+08:00", False),  # Thursday's
        (Hours((6,), "09:00", "09:00"), "2026-11-28T09:00:00+08:00", True),
        (Hours((6,), "09:00", "09:00"), "2026-11-29T08:59:00+08:00", True),
        (Hours((6,), "09:00", "09:00"), "2026-11-29T09:00:00+08:00", False),
    ],
)
def test_open(hours: Hours, moment: str, is_open: bool) -> None:
    assert are_open(hours, at(moment), SHANGHAI) is is_open


def test_they_open_at_wall_time_on_both_sides_of_a_change_of_clocks() -> None:
    hours = Hours(WEEK, "09:00", "21:00")
    assert opening(hours, at("2026-03-07T23:00:00-05:00"), NEW_YORK) == at("2026-03-08T09:00:00-04:00")
    assert opening(hours, at("2026-10-31T23:00:00-04:00"), NEW_YORK) == at("2026-11-01T09:00:00-05:00")


walls = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


@given(
    days=st.sets(st.sampled_from(WEEK), min_size=1), begin=walls, end=walls, minutes=st.integers(0, 366 * 24 * 60),
    zone=st.sampled_from([SHANGHAI, "Asia/Kolkata", "America/Bogota"]),
)  # fmt: skip
def test_the_opening_is_the_next_moment_at_which_they_are_open(days: set[int], begin: str, end: str, minutes: int, zone: str) -> None:
    hours, moment = Hours(tuple(sorted(days)), begin, end), at("2026-01-01T00:00:00+00:00") + dt.timedelta(minutes=minutes)
    if are_open(hours, moment, zone):
        return
    found = opening(hours, moment, zone)
    assert moment < found <= moment + dt.timedelta(days=8)
    between = (found - moment) // dt.timedelta(minutes=15)
    assert not any(are_open(hours, found - dt.timedelta(minutes=15 * step), zone) for step in range(1, between))
    assert are_open(hours, found, zone)
