"""The dashboard in one answer, and every number of a scope for programs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from hutong.foundation import fresh
from hutong.reports.days import DayRange, Unit, fitting_unit
from hutong.reports.definitions import VALUES, change
from hutong.reports.queries import activity, people, questions, series, stays, talk
from hutong.reports.queries.activity import Numbers
from hutong.reports.queries.scope import Scope, extent

SERIES_KEYS = ("members", "new", "returned", "left", "net_growth", "joins", "leaves", "dau", "messages", "speakers", "replies")
SPARK_KEYS = (*SERIES_KEYS, "active", "dau_last", "speaker_share", "messages_per_speaker", "reply_share")
THREADS = 2
SUMS = ("messages", "replies", "joins", "leaves")
CARD_KEYS = tuple(key for key in VALUES if key not in ("silent", "newcomers_silent", "questions", "questions_unanswered"))


# The engine works outside the interpreter's lock, so the parts of one dashboard share the cores.
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reports")


@dataclass(frozen=True, slots=True)
class Overview:
    """Values now and before by key, and the buckets of both ranges."""

    scope: Scope
    days: DayRange
    previous: DayRange | None
    extent: DayRange | None
    unit: Unit
    now: Numbers
    before: Numbers | None
    lines: series.Values
    lines_before: series.Values | None

    def cards(self) -> list[dict[str, Any]]:
        """One card a metric: value, previous, change, sparkline."""
        return [
            {
                "key": key,
                "value": self.now[key],
                "previous": self.before[key] if self.before else None,
                "change": change(key, self.now[key], self.before[key] if self.before else None),
                "sparkline": self.lines.get(key, []),
            }
            for key in CARD_KEYS
        ]


def overview(scope: Scope, days: DayRange, previous: DayRange | None, unit: Unit | None = None) -> Overview:
    """The dashboard, shared among those who ask within the same second."""
    chosen_unit = unit or fitting_unit(days.days)
    return fresh.share(("overview", scope, days, previous, chosen_unit), scope.version(), lambda: _overview(scope, days, previous, chosen_unit))


def _overview(scope: Scope, days: DayRange, previous: DayRange | None, unit: Unit) -> Overview:
    ranges = [days] if previous is None else [days, previous]
    present, active = _threads.submit(stays.counts, scope, ranges), _threads.submit(activity.counts, scope, ranges)
    found_extent = _threads.submit(extent, scope)
    lines = series.values(scope, ranges, unit, SPARK_KEYS)
    values = [_totals(*parts) for parts in zip(present.result(), active.result(), lines, strict=True)]
    return Overview(
        scope=scope,
        days=days,
        previous=previous,
        extent=found_extent.result(),
        unit=unit,
        now=values[0],
        before=values[1] if previous else None,
        lines=lines[0],
        lines_before=lines[1] if previous else None,
    )


def _totals(present: Numbers, active: Numbers, line: series.Values) -> Numbers:
    numbers: Numbers = {**present, **active, **{key: sum(value or 0 for value in line[key]) for key in SUMS}}
    numbers.update(talk.derived(numbers, present=stays.present(numbers)))
    return numbers


def numbers(scope: Scope, days: DayRange, previous: DayRange | None) -> tuple[Numbers, Numbers | None]:
    """Every metric by key, now and in the other period: what `hutong metrics --json` prints."""
    found = overview(scope, days, previous)
    return _with_lists(scope, days, found.now), _with_lists(scope, previous, found.before) if previous and found.before else None


def _with_lists(scope: Scope, days: DayRange, known: Numbers) -> Numbers:
    asked, unanswered = questions.counts(scope, days)
    whole: Numbers = {
        **known,
        "silent": people.silent_count(scope, days.last),
        "newcomers_silent": people.newcomers_count(scope, days),
        "questions": asked,
        "questions_unanswered": unanswered,
    }
    return {key: whole[key] for key in VALUES}
