"""When people talk, and on how many of them each day counts: the heat map and exact daily actives."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hutong.reports.days import DayRange
from hutong.reports.queries.scope import NOBODY, Scope, ask


@dataclass(frozen=True, slots=True)
class Cell:
    """Messages on one weekday (1 Monday ... 7 Sunday) in one local hour; the average is None where the range has no such weekday."""

    weekday: int
    hour: int
    messages: int
    average: float | None


def heatmap(scope: Scope, days: DayRange) -> list[Cell]:
    """All 168 cells, Monday 0 h first."""
    statement = f"""
        SELECT toDayOfWeek(local_day) AS weekday, local_hour, sum(messages) FROM group_hours WHERE {scope.where(days=True)} GROUP BY weekday, local_hour
    """
    found = {(weekday, hour): int(messages) for weekday, hour, messages in ask(statement, scope.parameters(days))}
    cells = []
    for weekday in range(1, 8):
        times = _weekdays(days, weekday)
        for hour in range(24):
            messages = found.get((weekday, hour), 0)
            cells.append(Cell(weekday, hour, messages, messages / times if times else None))
    return cells


def _weekdays(days: DayRange, weekday: int) -> int:
    whole, rest = divmod(days.days, 7)
    return whole + ((weekday - days.first.isoweekday()) % 7 < rest)


ACTIVE_DAYS = (
    f"SELECT local_day, uniqExact(member_id) FROM member_days WHERE {{where}} AND activities > 0 AND member_id != {NOBODY} GROUP BY local_day"
)


def active_days(scope: Scope, days: DayRange) -> list[tuple[dt.date, int]]:
    """Exactly how many members were active on each day, uncached; days with nobody are zero."""
    found: dict[dt.date, int] = {day: int(count) for day, count in ask(ACTIVE_DAYS.format(where=scope.where(days=True)), scope.parameters(days))}
    return [(day, found.get(day, 0)) for day in days.each()]
