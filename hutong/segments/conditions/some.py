"""What the events of some members come to, asked of the warehouse: `watch.summed` for a few hundred of them in two statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from hutong.events import queries
from hutong.segments.conditions import nodes
from hutong.segments.conditions.every import DAY_MAX, DAY_MIN, Writer
from hutong.segments.conditions.values import Today, Value
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.conditions.watch import MINUTE_MS, Moment, Sums, Watched, watched

NO_DAY = DAY_MIN  # no lower bound
EPOCH = DAY_MIN.toordinal()
MEMBERS = "member_id IN {members:Array(UUID)}"

Days = dict[str, dict[int, Sums]]  # by `Watched.key` and local day
About = dict[str, tuple[Watched, dt.date]]  # by `Watched.key`: what is watched, and the first day that matters


def about(leaves: Iterable[nodes.Leaf], today: Today) -> About:
    """What the leaves about events watch, each with the first day that matters to any of them."""
    found: About = {}
    for leaf in leaves:
        if isinstance(leaf, nodes.Did | nodes.Sequence):
            one, first = watched(leaf), _first_day(leaf.window, today)
            key = one.key
            found[key] = (one, min(first, found[key][1]) if key in found else first)
    return found


def _first_day(window: nodes.Window, today: Today) -> dt.date:
    if isinstance(window, nodes.LastDays):
        return max(NO_DAY, today.date - dt.timedelta(days=window.days - 1))
    if isinstance(window, nodes.Ever):
        return NO_DAY
    return min(DAY_MAX, max(NO_DAY, dt.date.fromisoformat(window.date if isinstance(window, nodes.Since) else window.first)))


def days(wanted: About, vocabulary: Vocabulary, *, workspace_id: str, member_ids: Sequence[str], today: Today) -> dict[str, Days]:
    """By member: the sums of each local day of everything watched, from the first day that matters on."""
    found: dict[str, Days] = {member_id: {key: {} for key in wanted} for member_id in member_ids}
    if not wanted or not member_ids:
        return found
    plain = {key: (one, first) for key, (one, first) in wanted.items() if not one.where and not one.measured and one.then is None}
    _count(plain, found, workspace_id, member_ids)
    rest = [(key, one, first) for key, (one, first) in wanted.items() if key not in plain]
    if rest:
        _sum(rest, found, Writer(vocabulary, today, {"workspace": workspace_id, "members": list(member_ids)}))
    return found


def _count(wanted: About, found: dict[str, Days], workspace_id: str, member_ids: Sequence[str]) -> None:
    if not wanted:
        return
    by_name: dict[str, list[tuple[str, Watched]]] = {}
    for key, (one, _) in wanted.items():
        by_name.setdefault(one.event, []).append((key, one))
    first = min(first for _, first in wanted.values())
    rows = queries.rows(
        "SELECT toString(member_id), name, toUInt16(local_day), toString(community_id), toString(group_id), sum(events) FROM member_events"
        f" WHERE workspace_id = {{workspace:UUID}} AND {MEMBERS} AND name IN {{names:Array(String)}} AND local_day >= {{first:Date}} GROUP BY ALL",
        {"workspace": workspace_id, "members": list(member_ids), "names": list(by_name), "first": first.isoformat()},
    )
    for member_id, name, day, community, group, events in rows:
        for key, one in by_name[name]:
            if one.community in (None, community) and one.group in (None, group):
                of_day = found[member_id][key]
                sums = of_day.get(EPOCH + day)
                if sums is None:
                    of_day[EPOCH + day] = Sums(count=events)
                else:
                    sums.count += events


def _sum(wanted: Sequence[tuple[str, Watched, dt.date]], found: dict[str, Days], writer: Writer) -> None:
    parts = [(_followed if one.then is not None else _measured)(number, one, first, writer) for number, (_, one, first) in enumerate(wanted)]
    for number, member_id, day, count, numbers, total, least, greatest, first, last in queries.rows(" UNION ALL ".join(parts), writer.parameters):
        key, one, _ = wanted[number]
        sums = Sums(count, numbers, int(total), int(least) if numbers else None, int(greatest) if numbers else None)
        if one.measured and first[2]:  # an event has an id
            sums.first, sums.last = _moment(one.type, first), _moment(one.type, last)
        found[member_id][key][EPOCH + day] = sums


def _moment(kind: str, raw: Sequence[Any]) -> Moment:
    at, ordinal, event_id, said = raw
    value: Value = int(said) if kind == "number" else said == "true" if kind == "boolean" else said
    return (at, ordinal, event_id), value


_NOTHING = "(toInt64(0), toUInt32(0), '', '')"


def _measured(number: int, one: Watched, first: dt.date, writer: Writer) -> str:
    where = [*writer.events([one.event]), MEMBERS, f"local_day >= {writer.day(first)}", *writer.tests(one.where)]
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


def _followed(number: int, one: Watched, first: dt.date, writer: Writer) -> str:
    then = one.then or nodes.Step(event="")
    at = "toUnixTimestamp64Milli(occurred_at) AS at"
    begins = " AND ".join([*writer.events([one.event]), MEMBERS, f"local_day >= {writer.day(first)}", *writer.tests(one.where)])
    follows = " AND ".join([*writer.events([then.event]), MEMBERS, *writer.tests(then.where)])
    within = writer.bound("Int64", one.within_minutes * MINUTE_MS)
    return (
        f"SELECT {number}, toString(earlier.member_id), toUInt16(earlier.local_day), count(), toUInt64(0), '0', '0', '0', {_NOTHING}, {_NOTHING}"
        f" FROM (SELECT member_id, local_day, {at} FROM events WHERE {begins}) AS earlier"
        f" ASOF INNER JOIN (SELECT member_id, {at} FROM events WHERE {follows}) AS later"
        f" ON earlier.member_id = later.member_id AND earlier.at < later.at WHERE later.at - earlier.at <= {within}"
        " GROUP BY earlier.member_id, earlier.local_day"
    )
