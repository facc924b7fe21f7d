"""Ranges of local days and how they divide into days, weeks (from Monday) and months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from hutong.foundation.errors import Invalid
from hutong.reports.errors import RangeTooLong

Unit = Literal["day", "week", "month"]
Compare = Literal["previous", "year", "custom", "none"]

RANGE_DAYS_MAX = 4000
RANGE_DAYS_DEFAULT = 30
FIRST_DAY = dt.date(1993, 1, 1)  # the period before the period before the longest range still lies after 1970, where the warehouse begins to count
LAST_DAY = dt.date(2100, 12, 31)
DAY_UNIT_DAYS_MAX = 92
WEEK_UNIT_DAYS_MAX = 731
ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRange:
    """Local days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def before(self) -> DayRange:
        """The period of equal length that ends the day before."""
        return DayRange(self.first - dt.timedelta(days=self.days), self.first - ONE)

    def year_before(self) -> DayRange:
        """The same days a year earlier; 29 February becomes the 28th."""
        return DayRange(_year_before(self.first), _year_before(self.last))

    def hull(self, other: DayRange) -> DayRange:
        """The shortest range that holds both."""
        return DayRange(min(self.first, other.first), max(self.last, other.last))

    def each(self) -> list[dt.date]:
        """Every day in order."""
        return [self.first + dt.timedelta(days=n) for n in range(self.days)]

    def split(self, unit: Unit) -> list[DayRange]:
        """Its days, weeks or months; the first and the last may be cut."""
        if unit == "day":
            return [DayRange(day, day) for day in self.each()]
        parts: list[DayRange] = []
        first = self.first
        while first <= self.last:
            last = min(end_of(unit, first), self.last)
            parts.append(DayRange(first, last))
            first = last + ONE
        return parts


def start_of(unit: Unit, day: dt.date) -> dt.date:
    """The first day of the week or month a day is in."""
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def end_of(unit: Unit, day: dt.date) -> dt.date:
    """The last day of the week or month a day is in."""
    if unit == "week":
        return day + dt.timedelta(days=6 - day.weekday())
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - ONE if unit == "month" else day


def fitting_unit(days: int) -> Unit:
    """The unit in which a chart of that many days reads well."""
    if days <= DAY_UNIT_DAYS_MAX:
        return "day"
    return "week" if days <= WEEK_UNIT_DAYS_MAX else "month"


def chosen(first: dt.date | None, last: dt.date | None, *, today: dt.date) -> DayRange:
    """The range asked for: the last 30 days where nothing is said. Days to come are left out, for nothing has happened in them."""
    _check_days({"from": first, "to": last})
    last = last or max(today, first or today)
    first = first or last - dt.timedelta(days=RANGE_DAYS_DEFAULT - 1)
    _check_order(first, last, "to")
    return DayRange(first, min(last, max(today, first)))


def compared(chosen_range: DayRange, compare: Compare, first: dt.date | None, last: dt.date | None) -> DayRange | None:
    """The range to compare with, or None."""
    if compare == "none":
        return None
    if compare == "previous":
        return chosen_range.before()
    if compare == "year":
        return chosen_range.year_before()
    if first is None or last is None:
        name = "compare_from" if first is None else "compare_to"
        raise Invalid.field(name, "自选对比时需要起止日期。", "A comparison of your choice needs both days.")
    _check_days({"compare_from": first, "compare_to": last})
    _check_order(first, last, "compare_to")
    return DayRange(first, last)


def _check_days(named: dict[str, dt.date | None]) -> None:
    for name, day in named.items():
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise Invalid.field(name, f"日期应在 {FIRST_DAY} 与 {LAST_DAY} 之间。", f"The day must lie between {FIRST_DAY} and {LAST_DAY}.")


def _check_order(first: dt.date, last: dt.date, name: str) -> None:
    if first > last:
        raise Invalid.field(name, "结束日期不能早于开始日期。", "The last day cannot be before the first.")
    if (last - first).days + 1 > RANGE_DAYS_MAX:
        raise RangeTooLong(field=name, days=RANGE_DAYS_MAX)


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
