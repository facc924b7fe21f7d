"""When a wait ends on somebody's clock. A wall time that does not exist is taken as much later as the clock jumps; one that comes twice, the first."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Sequence
from typing import Literal

from hutong.foundation import clock, lunar

DAYS_A_WEEK = 7
DAY_LENGTH = len("2000-01-01")


def next_time(now: dt.datetime, *, time: str, weekdays: Sequence[int], zone: str) -> dt.datetime:
    """The next moment at which it is that time there, later than now."""
    wall = dt.time.fromisoformat(time)
    day = clock.local_date(now, zone)
    for ahead in range(DAYS_A_WEEK * 2):
        there = day + dt.timedelta(days=ahead)
        moment = at(there, wall, zone)
        if moment > now and (not weekdays or there.isoweekday() in weekdays):
            return moment
    raise ValueError("no such weekday")


def at(day: dt.date, wall: dt.time, zone: str) -> dt.datetime:
    """A wall time of a day, in UTC."""
    return dt.datetime.combine(day, wall, clock.zone(zone)).astimezone(dt.UTC)


def next_date(
    now: dt.datetime, said: str, *, offset_days: int, time: str, calendar: Literal["solar", "lunar"], yearly: bool, zone: str
) -> dt.datetime | None:
    """The next moment that lies so many days from the day that was said; None where it is behind, or `said` is no day.

    A day without a year (11-28) comes every year, and so does one with, where it is `yearly`.
    """
    try:
        wall = dt.time.fromisoformat(time)
        if len(said) == DAY_LENGTH and not yearly:
            moment = at(dt.date.fromisoformat(said) + dt.timedelta(days=offset_days), wall, zone)
            return moment if moment > now else None
        today = clock.local_date(now, zone)
        for year in range(today.year - 2, today.year + 3):
            moment = at(day_in(year, said, calendar=calendar) + dt.timedelta(days=offset_days), wall, zone)
            if moment > now:
                return moment
    except (ValueError, OverflowError):
        return None
    return None


def day_in(year: int, said: str, *, calendar: Literal["solar", "lunar"]) -> dt.date:
    """The day in a year that has the same month and day; by the Chinese calendar, in the Chinese year that begins in it.

    29 February is the 28th where there is none. A day without a year (05-17) is, in the Chinese calendar, a month and a day of that calendar.
    Raises ValueError.
    """
    if calendar == "lunar":
        month, day = lunar.month_and_day(dt.date.fromisoformat(said)) if len(said) == DAY_LENGTH else (int(said[:2]), int(said[3:]))
        return lunar.day_of(year, month, day)
    month, day = int(said[-5:-3]), int(said[-2:])
    return dt.date(year, month, min(day, months.monthrange(year, month)[1]))
