"""The Chinese calendar 农历, as the library `lunar_python` has it: days of its years as days of ours, and the other way."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from lunar_python import LunarMonth, Solar

DAYS_MAX = 30
YEAR_MIN, YEAR_MAX = 1900, 2100  # beyond, tables of the calendar differ


@lru_cache(maxsize=4_000)
def day_of(year: int, month: int, day: int) -> dt.date:
    """The day of a Chinese year (it begins at its spring festival), month 1 to 12, never of a leap month. The 30th is the 29th where there is none."""
    found = LunarMonth.fromYm(year, month)
    solar = Solar.fromJulianDay(found.getFirstJulianDay() + min(day, found.getDayCount()) - 1)
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


@lru_cache(maxsize=4_000)
def month_and_day(day: dt.date) -> tuple[int, int]:
    """The month and day in the Chinese calendar of one of our days. A day of a leap month counts as of the month before it, whose number it bears."""
    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return abs(found.getMonth()), found.getDay()
