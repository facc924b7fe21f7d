"""How lively a day and an hour are: weekdays, festivals, the two campaigns."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate

# First day of the lunar year.
_SPRING_FESTIVALS = {
    2020: (1, 25), 2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26),
    2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8), 2036: (1, 28), 2037: (2, 15),
}  # fmt: skip

MAP_FIRST_DAY, MAP_DAYS = 58, 6
GIVEAWAY_FIRST_DAY, GIVEAWAY_DAYS = 118, 4

_WEEK = {
    "everyday": (1.0, 1.02, 1.04, 1.0, 1.08, 0.80, 0.84),
    "office": (1.1, 1.12, 1.14, 1.1, 1.05, 0.32, 0.30),
    "leisure": (0.84, 0.86, 0.9, 0.92, 1.1, 1.32, 1.36),
}

# Weight of each hour of the day, midnight first.
_WORKDAY = (3, 1, 1, 0, 0, 1, 5, 18, 38, 42, 34, 44, 92, 70, 36, 44, 40, 38, 44, 58, 84, 98, 68, 22)
_FREE_DAY = (6, 2, 1, 0, 0, 1, 2, 8, 20, 40, 56, 54, 60, 56, 58, 66, 64, 56, 50, 56, 74, 84, 66, 28)
_OFFICE = (1, 0, 0, 0, 0, 1, 5, 26, 62, 70, 58, 66, 130, 96, 56, 74, 62, 46, 36, 26, 24, 22, 14, 4)

HOUR_SUMS: dict[str, tuple[float, ...]] = {
    "workday": tuple(accumulate(map(float, _WORKDAY))),
    "free": tuple(accumulate(map(float, _FREE_DAY))),
    "office": tuple(accumulate(map(float, _OFFICE))),
}


def is_free(day: dt.date) -> bool:
    """A weekend or a day of a long festival."""
    return day.weekday() >= 5 or festival(day) < 0.8


def festival(day: dt.date) -> float:
    """1 on an ordinary day, less where people are away with their families."""
    new_year = _SPRING_FESTIVALS.get(day.year)
    if new_year is not None:
        since = (day - dt.date(day.year, *new_year)).days
        if -2 <= since <= 7:
            return 0.42 if -1 <= since <= 5 else 0.65
    if day.month == 10 and day.day <= 8:
        return 0.55 if day.day <= 7 else 0.85
    if (day.month, day.day) == (9, 30):
        return 0.85
    if day.month == 5 and day.day <= 5:
        return 0.68
    return 1.0


def liveliness(day: dt.date, number: int, rhythm: str) -> float:
    """How much is said on day `number` (0 is the first) compared with an ordinary one, before who is there is counted."""
    return _WEEK[rhythm][day.weekday()] * festival(day) * _mood(number)


def _mood(number: int) -> float:
    if MAP_FIRST_DAY <= number < MAP_FIRST_DAY + MAP_DAYS:
        return 1.25
    if MAP_FIRST_DAY + MAP_DAYS <= number < GIVEAWAY_FIRST_DAY:
        return 1.08
    since = number - GIVEAWAY_FIRST_DAY
    if 0 <= since < GIVEAWAY_DAYS:
        return 1.05
    if since >= GIVEAWAY_DAYS:
        return min(0.97, 0.78 + 0.004 * (since - GIVEAWAY_DAYS))
    return 1.0
