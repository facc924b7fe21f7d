"""Any metric by day, week or month: each point is the metric of that bucket taken as a range of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from hutong.foundation import fresh
from hutong.reports.days import DayRange, Unit
from hutong.reports.queries import activity, stays, talk
from hutong.reports.queries.activity import Numbers
from hutong.reports.queries.scope import Scope

Values = dict[str, list[float | None]]

OF_STAYS = frozenset({"members", "new", "returned", "left", "net_growth"})
OF_TALK = frozenset({"active", "speakers", "messages", "replies", "joins", "leaves", "messages_per_speaker", "reply_share"})
OF_BOTH = frozenset({"speaker_share"})
OF_DAYS = frozenset({"dau", "dau_last"})
HULL_DAYS_MAX = 400


def values(scope: Scope, ranges: list[DayRange], unit: Unit, keys: Iterable[str]) -> list[Values]:
    """For each range, for each key, the value of every bucket in order."""
    wanted = list(keys)
    if unit == "day" and len(ranges) > 1:
        hull = ranges[0]
        for one in ranges[1:]:
            hull = hull.hull(one)
        if hull.days <= HULL_DAYS_MAX:
            (whole,) = values(scope, [hull], unit, wanted)
            starts = [(one.first - hull.first).days for one in ranges]
            return [{key: whole[key][at : at + one.days] for key in wanted} for at, one in zip(starts, ranges, strict=True)]
    return [_values(scope, one, unit, wanted) for one in ranges]


def shared(scope: Scope, ranges: tuple[DayRange, ...], unit: Unit, keys: tuple[str, ...]) -> list[Values]:
    """The same, shared among those who ask within the same second."""
    return fresh.share(("series", scope, ranges, unit, keys), scope.version(), lambda: values(scope, list(ranges), unit, keys))


def _values(scope: Scope, days: DayRange, unit: Unit, keys: list[str]) -> Values:
    wanted = set(keys)
    of_talk = OF_TALK | OF_BOTH | (OF_DAYS if unit == "day" else frozenset())
    buckets = days.split(unit)
    points: dict[dt.date, Numbers] = {one.first: {} for one in buckets}
    if wanted & (OF_STAYS | OF_BOTH):
        for start, numbers in stays.series(scope, days, unit).items():
            points[start].update(numbers)
    if wanted & of_talk:
        for start, numbers in talk.series(scope, days, unit).items():
            points[start].update(numbers, dau=numbers["active"], dau_last=numbers["active"])
    if rest := wanted - OF_STAYS - of_talk:
        counted = activity.counts(scope, buckets, rest)
        for one, numbers in zip(buckets, counted, strict=True):
            points[one.first].update(numbers)
    for numbers in points.values():
        if wanted & of_talk:
            numbers.update(talk.derived(numbers, present=stays.present(numbers) if wanted & OF_BOTH else 0))
    return {key: [points[one.first][key] for one in buckets] for key in keys}
