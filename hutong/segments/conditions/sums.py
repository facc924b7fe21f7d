"""What the events of some members come to, asked of the warehouse: `watch.summed` for a few hundred of them in a few statements.

How often they did what is kept by member, so that is asked first, of all at once; the events themselves are read only of those who have any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.events import queries
from hutong.segments.conditions import nodes
from hutong.segments.conditions.every import DAY_MAX, DAY_MIN, Writer
from hutong.segments.conditions.values import Today, Value, ordinal
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.conditions.watch import MINUTE_MS, Moment, Sums, Watched, watched

FIRST, LAST = DAY_MIN.toordinal(), DAY_MAX.toordinal()  # the days an event can have
NEVER = (LAST, FIRST)

Span = tuple[int, int]  # the first and the last local day, as numbers
Days = Mapping[int, Sums]  # by local day


@dataclass(frozen=True, slots=True)
class About:
    """What a leaf asks of events."""

    key: str  # `Watched.key`
    watched: Watched
    window: nodes.Window
    is_counted: bool  # how many there are, and nothing else


def about(leaf: nodes.Did | nodes.Sequence) -> About:
    """What is asked of events, worked out once for many batches."""
    one = watched(leaf)
    return About(one.key, one, leaf.window, isinstance(leaf, nodes.Did) and leaf.measure.of == "count" and not leaf.where)


def span(window: nodes.Window, today: Today) -> Span:
    """The days of a window."""
    if isinstance(window, nodes.LastDays):
        first, last = today.ordinal - window.days + 1, LAST
    elif isinstance(window, nodes.Ever):
        first, last = FIRST, LAST
    elif isinstance(window, nodes.Since):
        first, last = ordinal(window.date), LAST
    else:
        first, last = ordinal(window.first), ordinal(window.last)
    return (max(first, FIRST), min(last, LAST)) if first <= LAST and last >= FIRST else NEVER


class Events:
    """The sums of some members (ids as text), for everything that is asked. Members who did nothing of the kind are in none of them."""

    def __init__(self, asked: Iterable[tuple[About, Today]], vocabulary: Vocabulary, *, workspace_id: str, member_ids: Sequence[str]) -> None:
        self._counts: dict[tuple[str, Span], dict[str, int]] = {}
        self._days: dict[str, dict[str, dict[int, Sums]]] = {}
        wanted = {(one.key, span(one.window, today)): one for one, today in asked}
        if not wanted or not member_ids:
            return
        for is_placed in (False, True):
            some = {by: one for by, one in wanted.items() if is_placed is (one.watched.community is not None or one.watched.group is not None)}
            self._count(some, workspace_id, member_ids, is_placed=is_placed)
        self._sum({by: one for by, one in wanted.items() if not one.is_counted}, vocabulary, workspace_id)

    def counts(self, one: About, today: Today) -> Mapping[str, int]:
        """How many events there are in the window, by member."""
        return self._counts.get((one.key, span(one.window, today)), {})

    def days(self, one: About) -> Mapping[str, Days]:
        """The sums of each local day, by member; days outside the window may be among them."""
        return self._days.get(one.key, {})

    def _count(self, wanted: Mapping[tuple[str, Span], About], workspace_id: str, member_ids: Sequence[str], *, is_placed: bool) -> None:
        if not wanted:
            return
        spans = {each: at for at, each in enumerate(dict.fromkeys(each for _, each in wanted))}
        by_name: dict[str, list[tuple[Watched, int, dict[str, int]]]] = {}
        for (key, of), one in wanted.items():
            counts = self._counts[key, of] = {}
            by_name.setdefault(one.watched.event, []).append((one.watched, spans[of], counts))
        writer = Writer(Vocabulary(), Today(DAY_MIN), {"workspace": workspace_id, "members": list(member_ids), "names": list(by_name)})
        places = "toString(community_id), toString(group_id)" if is_placed else "'', ''"
        sums = ", ".join(f"sumIf(events, local_day BETWEEN {_day(first, writer)} AND {_day(last, writer)})" for first, last in spans)
        rows = queries.rows(
            f"SELECT toString(member_id), name, {places}, {sums} FROM member_events"
            " WHERE workspace_id = {workspace:UUID} AND member_id IN {members:Array(UUID)} AND name IN {names:Array(String)}"
            f" AND local_day BETWEEN {_day(min(first for first, _ in spans), writer)} AND {_day(max(last for _, last in spans), writer)} GROUP BY ALL",
            writer.parameters,
        )
        for member_id, name, community, group, *found in rows:
            for watch, at, counts in by_name[name]:
                if found[at] and watch.community in (None, community) and watch.group in (None, group):
                    counts[member_id] = counts.get(member_id, 0) + found[at]

    def _sum(self, wanted: Mapping[tuple[str, Span], About], vocabulary: Vocabulary, workspace_id: str) -> None:
        first: dict[str, int] = {}
        members: dict[str, set[str]] = {}
        watches: dict[str, Watched] = {}
        for (key, of), one in wanted.items():
            if self._counts[key, of]:
                watches[key] = one.watched
                first[key] = min(of[0], first.get(key, LAST))
                members.setdefault(key, set()).update(self._counts[key, of])
        if not watches:
            return
        writer = Writer(vocabulary, Today(DAY_MIN), {"workspace": workspace_id})
        keys, parts = list(watches), []
        for number, key in enumerate(keys):
            write = _measured if watches[key].then is None else _followed
            parts.append(write(number, watches[key], sorted(members[key]), _day(first[key], writer), writer))
        for number, member_id, day, count, numbers, total, least, greatest, earliest, latest in queries.rows(
            " UNION ALL ".join(parts), writer.parameters
        ):
            watch = watches[keys[number]]
            sums = Sums(count, numbers, int(total), int(least) if numbers else None, int(greatest) if numbers else None)
            if watch.measured and earliest[2]:  # an event has an id
                sums.first, sums.last = _moment(watch.type, earliest), _moment(watch.type, latest)
            self._days.setdefault(keys[number], {}).setdefault(member_id, {})[FIRST + day] = sums


def _day(day: int, writer: Writer) -> str:
    return writer.day(dt.date.fromordinal(day))


def _moment(kind: str, raw: Sequence[Any]) -> Moment:
    at, order, event_id, said = raw
    value: Value = int(said) if kind == "number" else said == "true" if kind == "boolean" else said
    return (at, order, event_id), value


_NOTHING = "(toInt64(0), toUInt32(0), '', '')"


def _measured(number: int, one: Watched, members: list[str], first: str, writer: Writer) -> str:
    where = [*writer.events([one.event]), f"member_id IN {writer.bound('Array(UUID)', members)}", f"local_day >= {first}", *writer.tests(one.where)]
    for column, value in (("community_id", one.community), ("group_id", one.group)):
        if value is not None:
            where.append(f"{column} = {writer.bound('UUID', value)}")
    amounts, moments = "toUInt64(0), '0', '0', '0'", f"{_NOTHING}, {_NOTHING}"
    if one.measured:
        value = writer.property(one.measured, one.type)
        there = "value != ''" if one.type == "text" else "isNotNull(value)"
        moment = "(toUnixTimestamp64Milli(occurred_at), ordinal, id, ifNull(toString(value), ''))"
        moments = ", ".join(f"{pick}({moment}, (occurred_at, ordinal, id), {there})" for pick in ("argMinIf", "argMaxIf"))
        if one.type == "number":
            amounts = "count(value), " + ", ".join(f"ifNull(toString({sums}(value)), '0')" for sums in ("sum", "min", "max"))
        return (
            f"SELECT {number}, toString(member_id), toUInt16(local_day), count(), {amounts}, {moments}"
            f" FROM (SELECT member_id, local_day, occurred_at, ordinal, id, {value} AS value FROM events WHERE {' AND '.join(where)}) GROUP BY member_id, local_day"
        )
    return (
        f"SELECT {number}, toString(member_id), toUInt16(local_day), count(), {amounts}, {moments}"
        f" FROM events WHERE {' AND '.join(where)} GROUP BY member_id, local_day"
    )


def _followed(number: int, one: Watched, members: list[str], first: str, writer: Writer) -> str:
    then = one.then or nodes.Step(event="")
    at = "toUnixTimestamp64Milli(occurred_at) AS at"
    of_members = f"member_id IN {writer.bound('Array(UUID)', members)}"
    begins = " AND ".join([*writer.events([one.event]), of_members, f"local_day >= {first}", *writer.tests(one.where)])
    follows = " AND ".join([*writer.events([then.event]), of_members, *writer.tests(then.where)])
    within = writer.bound("Int64", one.within_minutes * MINUTE_MS)
    return (
        f"SELECT {number}, toString(earlier.member_id), toUInt16(earlier.local_day), count(), toUInt64(0), '0', '0', '0', {_NOTHING}, {_NOTHING}"
        f" FROM (SELECT member_id, local_day, {at} FROM events WHERE {begins}) AS earlier"
        f" ASOF INNER JOIN (SELECT member_id, {at} FROM events WHERE {follows}) AS later"
        f" ON earlier.member_id = later.member_id AND earlier.at < later.at WHERE later.at - earlier.at <= {within}"
        " GROUP BY earlier.member_id, earlier.local_day"
    )
