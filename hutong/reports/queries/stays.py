"""Who is there: members, arrivals and departures, from the stays in groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hutong.reports.days import ONE, DayRange, Unit, start_of
from hutong.reports.queries.activity import Numbers
from hutong.reports.queries.scope import Scope, ask


def counts(scope: Scope, ranges: Sequence[DayRange]) -> list[Numbers]:
    """For each range: members (at its end), members_start, new, returned, left, net_growth."""
    inner: list[str] = []
    outer: list[str] = []
    for at, one in enumerate(ranges):
        first, last = f"toDate('{one.first}')", f"toDate('{one.last}')"
        inner += [
            f"max(joined_day < {first} AND left_day >= {first}) AS at_start{at}",
            f"max(joined_day <= {last} AND left_day > {last}) AS at_end{at}",
            f"max(joined_day BETWEEN {first} AND {last}) AS arrived{at}",
            f"max(left_day BETWEEN {first} AND {last}) AS departed{at}",
        ]
        outer += [
            f"countIf(at_end{at})",
            f"countIf(at_start{at})",
            f"countIf(first_joined BETWEEN {first} AND {last})",
            f"countIf(arrived{at} AND NOT at_start{at} AND first_joined < {first})",
            f"countIf(departed{at} AND NOT at_end{at})",
        ]
    statement = f"""
        SELECT {", ".join(outer)} FROM (
            SELECT member_id, min(joined_day) AS first_joined, {", ".join(inner)} FROM memberships FINAL WHERE {scope.where()} GROUP BY member_id
        )
    """
    (values,) = ask(statement, scope.parameters())
    found = []
    for at in range(len(ranges)):
        end, start, new, returned, left = (int(v) for v in values[at * 5 : at * 5 + 5])
        found.append(_numbers(end, start, new, returned, left))
    return found


def series(scope: Scope, days: DayRange, unit: Unit) -> dict[dt.date, Numbers]:
    """The same by the first day of each bucket of the range, in one pass: buckets take the place of days, so the rules stay the same."""
    buckets = days.split(unit)
    outside_before, outside_after = days.first - ONE, days.last + ONE
    joined, left = (_bucket_of(column, unit) for column in ("joined_day", "left_day"))
    statement = f"""
        SELECT at, sum(change), sum(is_new), sum(is_returned), sum(is_left) FROM (
            SELECT groupArray({joined}) AS ins, groupArray({left}) AS outs, arrayMin(ins) AS first_in,
                arraySort(arrayDistinct(arrayConcat(ins, outs))) AS ats,
                arrayMap(sum -> sum > 0, arrayCumSum(arrayMap(at -> toInt32(countEqual(ins, at)) - toInt32(countEqual(outs, at)), ats))) AS here,
                arrayPopBack(arrayPushFront(here, 0)) AS here_before
            FROM memberships FINAL WHERE {scope.where()} GROUP BY member_id
        ) ARRAY JOIN ats AS at,
            arrayMap((now, then) -> toInt32(now) - toInt32(then), here, here_before) AS change,
            arrayMap(at -> at = first_in, ats) AS is_new,
            arrayMap((at, then) -> at != first_in AND has(ins, at) AND NOT then, ats, here_before) AS is_returned,
            arrayMap((at, now) -> has(outs, at) AND NOT now, ats, here) AS is_left
        GROUP BY at
    """
    values = scope.parameters(days, before=outside_before.isoformat(), after=outside_after.isoformat())
    found = {at: [int(v) for v in numbers] for at, *numbers in ask(statement, values)}
    present = found.get(outside_before, [0])[0]
    result: dict[dt.date, Numbers] = {}
    for bucket in buckets:
        key = max(start_of(unit, bucket.first), days.first)
        change, new, returned, left_count = found.get(key, [0, 0, 0, 0])
        result[bucket.first] = _numbers(present + change, present, new, returned, left_count)
        present += change
    return result


def _bucket_of(column: str, unit: Unit) -> str:
    """The first day of the bucket a day is in, one day before or after the range for days outside it."""
    start = {"day": column, "week": f"greatest(toMonday({column}), {{first:Date}})", "month": f"greatest(toStartOfMonth({column}), {{first:Date}})"}[
        unit
    ]
    return f"multiIf({column} < {{first:Date}}, {{before:Date}}, {column} > {{last:Date}}, {{after:Date}}, {start})"


def _numbers(end: int, start: int, new: int, returned: int, left: int) -> Numbers:
    return {"members": end, "members_start": start, "new": new, "returned": returned, "left": left, "net_growth": end - start}


def present(numbers: Numbers) -> float:
    """People present at any time in the range."""
    return sum(numbers[key] or 0 for key in ("members_start", "new", "returned"))
