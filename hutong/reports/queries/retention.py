"""The retention triangle: cohorts by first active (or first joined) day, week or month, and who came back when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from hutong.reports.days import ONE, DayRange, Unit, end_of, start_of
from hutong.reports.queries.activity import ratio
from hutong.reports.queries.scope import NOBODY, Scope, ask

Cohorts = Literal["active", "joined"]
PERIODS_DEFAULT: dict[Unit, int] = {"day": 30, "week": 12, "month": 12}
PERIODS_MAX: dict[Unit, int] = {"day": 90, "week": 52, "month": 36}


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who began in one bucket, and how many of them were active in the nth after it; None for periods not over."""

    start: dt.date
    size: int
    retained: list[int | None]

    def shares(self) -> list[float | None]:
        """Retained ÷ size for each period."""
        return [None if cell is None else ratio(cell, self.size) for cell in self.retained]


@dataclass(frozen=True, slots=True)
class Average:
    """Over the cohorts old enough for period n."""

    size: int
    retained: int

    @property
    def share(self) -> float | None:
        """Retained ÷ people."""
        return ratio(self.retained, self.size)


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cohorts in order of time and the weighted averages of each period."""

    unit: Unit
    by: Cohorts
    cohorts: list[Cohort]
    averages: list[Average]


STARTS = {
    "active": "SELECT member_id, min(active_day) AS start FROM member_firsts WHERE {where} GROUP BY member_id HAVING start BETWEEN {{first:Date}} AND {{last:Date}}",
    "joined": "SELECT member_id, min(joined_day) AS start FROM memberships FINAL WHERE {where} GROUP BY member_id HAVING start BETWEEN {{first:Date}} AND {{last:Date}}",
}
BUCKETS = {"day": "{day}", "week": "toMonday({day})", "month": "toStartOfMonth({day})"}


def triangle(scope: Scope, days: DayRange, *, unit: Unit, by: Cohorts = "active", periods: int | None = None) -> Triangle:
    """Cohorts that began in the range, followed up to its last day."""
    count = min(periods or PERIODS_DEFAULT[unit], PERIODS_MAX[unit])
    bucket = BUCKETS[unit]
    where = scope.where()
    starts = STARTS[by].format(where=where)
    cohort = bucket.format(day="start")
    sized = f"SELECT {cohort} AS cohort, count() FROM ({starts}) WHERE member_id != {NOBODY} GROUP BY cohort"
    sizes: dict[dt.date, int] = {start: int(people) for start, people in ask(sized, scope.parameters(days))}
    found = ask(
        f"""
        SELECT cohort, dateDiff('{unit}', cohort, period) AS n, uniqExact(member_id) FROM (
            SELECT member_id, {cohort} AS cohort, {bucket.format(day="local_day")} AS period
            FROM (SELECT member_id, local_day FROM member_days WHERE {scope.where(days=True)} AND activities > 0 AND member_id != {NOBODY}) AS active
            INNER JOIN ({starts}) AS begun USING member_id
        ) WHERE n BETWEEN 0 AND {{periods:UInt16}} GROUP BY cohort, n
        """,
        scope.parameters(days, periods=count),
    )
    retained = {(cohort, n): people for cohort, n, people in found}
    over = min(days.last, scope.today - ONE)
    cohorts = []
    for part in days.split(unit):
        start = start_of(unit, part.first)
        size = sizes.get(start, 0)
        cells = [retained.get((start, n), 0) if _end(unit, start, n) <= over else None for n in range(count + 1)]
        cohorts.append(Cohort(part.first, size, cells))
    averages = []
    for n in range(count + 1):
        old_enough = [(one.size, cell) for one in cohorts if (cell := one.retained[n]) is not None]
        averages.append(Average(sum(size for size, _ in old_enough), sum(cell for _, cell in old_enough)))
    return Triangle(unit, by, cohorts, averages)


def _end(unit: Unit, start: dt.date, n: int) -> dt.date:
    """The last day of the nth bucket after the one that starts there."""
    if unit == "day":
        return start + dt.timedelta(days=n)
    if unit == "week":
        return start + dt.timedelta(days=7 * n + 6)
    month = start.year * 12 + start.month - 1 + n
    return end_of("month", dt.date(month // 12, month % 12 + 1, 1))
