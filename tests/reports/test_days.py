from __future__ import annotations

import datetime as dt

import pytest

from hutong.foundation.errors import Invalid
from hutong.reports.days import FIRST_DAY, RANGE_DAYS_MAX, DayRange, chosen, compared, fitting_unit
from hutong.reports.errors import RangeTooLong

TODAY = dt.date(2026, 11, 22)


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_thirty_days_to_today_when_nothing_is_said() -> None:
    assert chosen(None, None, today=TODAY) == DayRange(d("2026-10-24"), TODAY)


def test_days_to_come_are_left_out() -> None:
    assert chosen(d("2026-11-01"), d("2026-12-31"), today=TODAY) == DayRange(d("2026-11-01"), TODAY)
    assert chosen(d("2027-01-01"), d("2027-01-31"), today=TODAY) == DayRange(d("2027-01-01"), d("2027-01-01"))
    assert chosen(d("2027-01-01"), None, today=TODAY) == DayRange(d("2027-01-01"), d("2027-01-01"))


def test_the_other_period() -> None:
    leap = DayRange(d("2024-02-29"), d("2024-03-02"))
    assert compared(leap, "previous", None, None) == DayRange(d("2024-02-26"), d("2024-02-28"))
    assert compared(leap, "year", None, None) == DayRange(d("2023-02-28"), d("2023-03-02"))
    assert compared(leap, "custom", d("2020-01-01"), d("2020-01-01")) == DayRange(d("2020-01-01"), d("2020-01-01"))
    assert compared(leap, "none", None, None) is None


def test_weeks_and_months_are_cut_at_the_ends() -> None:
    days = DayRange(d("2024-02-28"), d("2024-03-12"))
    assert [(p.first.isoformat(), p.last.isoformat()) for p in days.split("week")] == [
        ("2024-02-28", "2024-03-03"),
        ("2024-03-04", "2024-03-10"),
        ("2024-03-11", "2024-03-12"),
    ]
    assert [(p.first.isoformat(), p.last.isoformat()) for p in days.split("month")] == [("2024-02-28", "2024-02-29"), ("2024-03-01", "2024-03-12")]
    assert [fitting_unit(n) for n in (1, 92, 93, 731, 732, 1100)] == ["day", "day", "week", "week", "month", "month"]


def test_bad_ranges_say_which_field() -> None:
    with pytest.raises(Invalid) as refused:
        chosen(d("2026-02-02"), d("2026-02-01"), today=TODAY)
    assert [one["field"] for one in refused.value.errors] == ["to"]
    with pytest.raises(RangeTooLong) as long:
        chosen(d("2012-01-01"), d("2022-12-14"), today=TODAY)
    assert [one["field"] for one in long.value.errors] == ["to"]
    assert chosen(d("2012-01-01"), d("2022-12-13"), today=TODAY).days == 4000
    with pytest.raises(Invalid) as early:
        chosen(d("0001-01-01"), None, today=TODAY)
    assert [one["field"] for one in early.value.errors] == ["from"]
    with pytest.raises(Invalid) as early:
        chosen(None, d("0001-01-01"), today=TODAY)
    assert [one["field"] for one in early.value.errors] == ["to"]
    with pytest.raises(Invalid) as half:
        compared(DayRange(TODAY, TODAY), "custom", None, TODAY)
    assert [one["field"] for one in half.value.errors] == ["compare_from"]


def test_everything_looked_back_on_lies_in_the_warehouse() -> None:
    longest = DayRange(FIRST_DAY, FIRST_DAY + (RANGE_DAYS_MAX - 1) * dt.timedelta(days=1))
    assert longest.before().before().first > d("1970-01-01")
