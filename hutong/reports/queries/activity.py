"""Who was active, as bits: one pass over the member days gives each member a bit a day, from which every window is read.

So DAU, WAU, MAU, stickiness, churn and day-n retention of any number of ranges cost one statement and share one definition.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hutong.reports.days import ONE, DayRange
from hutong.reports.definitions import MAU_DAYS, RETENTION_DAYS, WAU_DAYS
from hutong.reports.queries.scope import NOBODY, Scope, ask

WORD_BITS = 256
SMALL_WORD_BITS = 128
RANGES_PER_STATEMENT_MAX = 31

Numbers = dict[str, float | None]


class Bits:
    """The bits of a span of days, over as many words as they need, and the SQL that reads windows of them."""

    def __init__(self, span: DayRange) -> None:
        self.span = span
        self.size = SMALL_WORD_BITS if span.days <= SMALL_WORD_BITS else WORD_BITS
        self.words = -(-span.days // self.size)
        self.type = f"UInt{self.size}"

    def columns(self) -> str:
        """The aggregates `bits0`, `bits1` ... over rows with local_day and activities."""
        position = "toUInt16(local_day - {span_first:Date})"
        if self.words == 1:
            return f"groupBitOrIf(bitShiftLeft(to{self.type}(1), {position}), activities > 0) AS bits0"
        return ", ".join(
            f"groupBitOrIf(bitShiftLeft(to{self.type}(1), {position} % {self.size}), activities > 0 AND intDiv({position}, {self.size}) = {word}) AS bits{word}"
            for word in range(self.words)
        )

    def _masks(self, window: DayRange) -> list[tuple[int, int]]:
        low = max((window.first - self.span.first).days, 0)
        high = min((window.last - self.span.first).days, self.span.days - 1)
        whole = ((1 << (high + 1)) - 1) & ~((1 << low) - 1) if high >= low else 0
        every = (1 << self.size) - 1
        return [(word, whole >> (word * self.size) & every) for word in range(self.words) if whole >> (word * self.size) & every]

    def any(self, window: DayRange) -> str:
        """Whether any day of the window is set."""
        return " OR ".join(f"bitAnd(bits{word}, to{self.type}('{mask}')) != 0" for word, mask in self._masks(window)) or "0"

    def count(self, window: DayRange) -> str:
        """How many days of the window are set."""
        return " + ".join(f"bitCount(bitAnd(bits{word}, to{self.type}('{mask}')))" for word, mask in self._masks(window)) or "0"

    def at(self, day: str) -> str:
        """Whether the day of that expression is set; the day must lie in the span."""
        position = f"toUInt16({day} - {{span_first:Date}})"
        if self.words == 1:
            return f"toUInt8(bitAnd(bitShiftRight(bits0, {position}), 1))"
        picked = ", ".join(f"intDiv({position}, {self.size}) = {word}, bits{word}" for word in range(self.words - 1))
        return f"toUInt8(bitAnd(bitShiftRight(multiIf({picked}, bits{self.words - 1}), {position} % {self.size}), 1))"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one metric of a range is read: the days it looks at, its columns, and its value from theirs. `spoke` is the range's own flag."""

    window: Callable[[DayRange], DayRange]
    columns: Callable[[Bits, DayRange, str], list[str]]
    value: Callable[[DayRange, list[int]], float | None] = lambda _, found: found[0]


def _itself(days: DayRange) -> DayRange:
    return days


def _last(days: DayRange) -> DayRange:
    return DayRange(days.last, days.last)


def _week(days: DayRange) -> DayRange:
    return DayRange(days.last - dt.timedelta(days=WAU_DAYS - 1), days.last)


def _month(days: DayRange) -> DayRange:
    return DayRange(days.last - dt.timedelta(days=MAU_DAYS - 1), days.last)


def _with_before(days: DayRange) -> DayRange:
    return DayRange(days.before().first, days.last)


def _people(window: Callable[[DayRange], DayRange]) -> Reading:
    return Reading(window, lambda bits, days, _: [f"countIf({bits.any(window(days))})"])


def _stickiness(bits: Bits, days: DayRange, _: str) -> list[str]:
    return [f"sum({bits.count(_month(days))})", f"countIf({bits.any(_month(days))})"]


def _churn(bits: Bits, days: DayRange, _: str) -> list[str]:
    before = bits.any(days.before())
    return [f"countIf({before})", f"countIf(({before}) AND NOT ({bits.any(days)}))"]


READINGS: dict[str, Reading] = {
    "active": _people(_itself),
    "speakers": Reading(_itself, lambda _bits, _days, spoke: [f"countIf({spoke})"]),
    "dau": Reading(_itself, lambda bits, days, _: [f"sum({bits.count(days)})"], lambda days, found: found[0] / days.days),
    "dau_last": _people(_last),
    "wau": _people(_week),
    "mau": _people(_month),
    "stickiness": Reading(_month, _stickiness, lambda _, found: ratio(found[0] / MAU_DAYS, found[1])),
    "churn": Reading(_with_before, _churn, lambda _, found: ratio(found[1], found[0])),
}
RETENTION = {f"retention_d{n}": n for n in RETENTION_DAYS}
KEYS = frozenset({*READINGS, *RETENTION})


def counts(scope: Scope, ranges: Sequence[DayRange], keys: Iterable[str] = KEYS) -> list[Numbers]:
    """For each range, its metrics among the keys; `KEYS` are those told here."""
    wanted = set(keys)
    readings = {key: reading for key, reading in READINGS.items() if key in wanted}
    retention = {key: n for key, n in RETENTION.items() if key in wanted}
    found: list[Numbers] = []
    for start in range(0, len(ranges), RANGES_PER_STATEMENT_MAX):
        found += _counts(scope, ranges[start : start + RANGES_PER_STATEMENT_MAX], readings, retention)
    return found


def _counts(scope: Scope, ranges: Sequence[DayRange], readings: dict[str, Reading], retention: dict[str, int]) -> list[Numbers]:
    reach = dt.timedelta(days=max(retention.values(), default=0))
    firsts = [one.first - reach for one in ranges] + [reading.window(one).first for reading in readings.values() for one in ranges]
    span = DayRange(min(firsts), max(one.last for one in ranges))
    bits = Bits(span)
    member = ["member_id", bits.columns()]
    if "speakers" in readings:
        member += [
            f"max(messages > 0 AND local_day BETWEEN toDate('{one.first}') AND toDate('{one.last}')) AS spoke{at}" for at, one in enumerate(ranges)
        ]
    people = f"SELECT {', '.join(member)} FROM member_days WHERE {scope.where(days=True)} AND member_id != {NOBODY} GROUP BY member_id"
    asked = [[reading.columns(bits, one, f"spoke{at}") for reading in readings.values()] for at, one in enumerate(ranges)]
    columns = [column for of_range in asked for of_metric in of_range for column in of_metric]
    if retention:
        people = f"""
            SELECT * FROM ({people}) AS active LEFT JOIN (
                SELECT member_id, min(active_day) AS start, 1 AS is_new FROM member_firsts
                WHERE {scope.where()} GROUP BY member_id HAVING start BETWEEN {{first:Date}} AND {{last:Date}}
            ) AS firsts USING member_id
        """
        columns.append("sumMapIf([start], [toUInt32(1)], is_new)")
        columns += [f"sumMapIf([start], [toUInt32({bits.at(f'least(start + {n}, {{last:Date}})')})], is_new)" for n in retention.values()]
    (row,) = ask(f"SELECT {', '.join(columns)} FROM ({people})", scope.parameters(span, span_first=span.first.isoformat()))
    values = iter(row)
    found: list[Numbers] = [
        {
            key: reading.value(one, [int(next(values)) for _ in of_metric])
            for (key, reading), of_metric in zip(readings.items(), of_range, strict=True)
        }
        for one, of_range in zip(ranges, asked, strict=True)
    ]
    if retention:
        sizes, *kept = [dict(zip(*starts, strict=True)) for starts in values]
        for one, numbers in zip(ranges, found, strict=True):
            numbers.update({key: _retained(scope, one, n, sizes, back) for (key, n), back in zip(retention.items(), kept, strict=True)})
    return found


def _retained(scope: Scope, days: DayRange, n: int, sizes: dict[dt.date, int], back: dict[dt.date, int]) -> float | None:
    """The share of those whose nth day lies in the range and is over."""
    over = DayRange(days.first, min(days.last, scope.today - ONE))
    starts = [day - dt.timedelta(days=n) for day in over.each()]
    return ratio(sum(back.get(day, 0) for day in starts), sum(sizes.get(day, 0) for day in starts))


def ratio(part: float, whole: float) -> float | None:
    """Part / whole, None when there is no whole."""
    return part / whole if whole else None


def _trailing(days: DayRange, count: int) -> DayRange:
    return DayRange(days.last - dt.timedelta(days=count - 1), days.last)
