"""A condition for one member now: whether it holds, and the first day on which time alone could change that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hutong.segments.conditions import nodes, values
from hutong.segments.conditions.values import Today, Value
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.conditions.watch import Sums, watched

Days = Mapping[int, Sums]
Answer = tuple[bool, int | None]  # holds; the day (as a number) on which it may change by itself, None: never
_NO_DAYS: Days = {}


@dataclass(slots=True)
class Facts:
    """All that is known of a member. Values are `values.normal`; `days` are sums of events by `Watched.key` and local day."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    scores: Mapping[str, Value] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    days: Mapping[str, Days] = field(default_factory=dict)


Asked = Callable[[Facts, Today], Answer]


def compiled(condition: nodes.Condition, vocabulary: Vocabulary) -> Asked:
    """A function that asks the condition (as `reading.read` gave it) of a member's facts on a local day."""
    if isinstance(condition, nodes.All):
        return _all([compiled(one, vocabulary) for one in condition.of])
    if isinstance(condition, nodes.AnyOf):
        return _not(_all([_not(compiled(one, vocabulary)) for one in condition.of]))
    if isinstance(condition, nodes.Not):
        return _not(compiled(condition.of, vocabulary))
    if isinstance(condition, nodes.Did | nodes.Sequence):
        return _events(condition)
    if isinstance(condition, nodes.Attribute):
        return _valued(vocabulary.type_of(condition.key), condition.op, condition.value, condition.key)
    if isinstance(condition, nodes.Score):
        score, judge = condition.score, values.judge("number", condition.op, condition.value)
        return lambda facts, today: (judge(facts.scores.get(score), today), None)
    return _belonging(condition)


def _belonging(leaf: nodes.Tag | nodes.Segment | nodes.Community | nodes.Group | nodes.Consent) -> Asked:
    wanted, of = _BELONGING[type(leaf)](leaf)
    return lambda facts, _: (wanted in of(facts), None)


_BELONGING: dict[type, Callable[[Any], tuple[str, Callable[[Facts], frozenset[str]]]]] = {
    nodes.Tag: lambda leaf: (leaf.tag, lambda facts: facts.tags),
    nodes.Segment: lambda leaf: (leaf.segment, lambda facts: facts.segments),
    nodes.Community: lambda leaf: (leaf.community, lambda facts: facts.communities),
    nodes.Group: lambda leaf: (leaf.group, lambda facts: facts.groups),
    nodes.Consent: lambda leaf: (leaf.purpose, lambda facts: facts.purposes),
}


def _all(asked: list[Asked]) -> Asked:
    def ask(facts: Facts, today: Today) -> Answer:
        """True until the first part may change; false until the last false part may."""
        soonest: int | None = None
        latest = 0
        for one in asked:
            holds, change = one(facts, today)
            if holds:
                if change is not None and (soonest is None or change < soonest):
                    soonest = change
            elif change is None:
                return False, None
            elif change > latest:
                latest = change
        return (False, latest) if latest else (True, soonest)

    return ask


def _not(one: Asked) -> Asked:
    def ask(facts: Facts, today: Today) -> Answer:
        holds, change = one(facts, today)
        return not holds, change

    return ask


def _valued(type_name: str, op: str, value: object, key: str) -> Asked:
    judge = values.judge(type_name, op, value)
    if op not in ("in_last_days", "in_next_days"):
        return lambda facts, today: (judge(facts.attributes.get(key), today), None)

    def ask(facts: Facts, today: Today) -> Answer:
        found = facts.attributes.get(key)
        return judge(found, today), values.next_day_of_change(type_name, op, value, found, today)

    return ask


def _events(leaf: nodes.Did | nodes.Sequence) -> Asked:
    key, judge = watched(leaf).key, measured(leaf)
    window = leaf.window
    if isinstance(window, nodes.LastDays):
        return _in_last_days(key, judge, window.days)
    if isinstance(window, nodes.Ever):
        return lambda facts, _: (judge(list(facts.days.get(key, _NO_DAYS).values())), None)
    low = values.ordinal(window.date if isinstance(window, nodes.Since) else window.first)
    high = dt.date.max.toordinal() if isinstance(window, nodes.Since) else values.ordinal(window.last)
    return lambda facts, _: (judge([sums for day, sums in facts.days.get(key, _NO_DAYS).items() if low <= day <= high]), None)


def _in_last_days(key: str, judge: Callable[[list[Sums]], bool], days: int) -> Asked:
    def ask(facts: Facts, today: Today) -> Answer:
        first = today.ordinal - days + 1
        inside = sorted((day, sums) for day, sums in facts.days.get(key, _NO_DAYS).items() if day >= first)
        rest = [sums for _, sums in inside]
        holds = judge(rest)
        for at, (day, _) in enumerate(inside, 1):
            if judge(rest[at:]) != holds:
                return holds, day + days
        return holds, None

    return ask


def measured(leaf: nodes.Did | nodes.Sequence) -> Callable[[list[Sums]], bool]:
    """What a leaf says of the sums of the days in its window."""
    if isinstance(leaf, nodes.Sequence):
        return lambda days: any(one.count for one in days)
    of, op = leaf.measure.of, leaf.op
    if of == "count":
        return _counted(op, leaf.value)
    if of in ("first", "last"):
        judge = values.judge(leaf.measure.type, op, leaf.value)
        return _moment(of, lambda found: judge(found, _ANY_DAY))
    low, high = _bounds(op, leaf.value)
    if of == "sum":
        return lambda days: low <= sum(one.sum for one in days) <= high
    if of == "average":
        return lambda days: (many := sum(one.numbers for one in days)) > 0 and low * many <= sum(one.sum for one in days) <= high * many
    if of == "least":
        return lambda days: (found := [one.least for one in days if one.least is not None]) != [] and low <= min(found) <= high
    return lambda days: (found := [one.greatest for one in days if one.greatest is not None]) != [] and low <= max(found) <= high


_ANY_DAY = Today(dt.date.min)
INFINITE = float("inf")


def count_bounds(op: str, value: Any) -> tuple[float, float]:
    """From and to, both included."""
    bounds = value if op == "between" else [value, value]
    return (bounds[0] if op != "at_most" else 0), (bounds[1] if op != "at_least" else INFINITE)


def _counted(op: str, value: Any) -> Callable[[list[Sums]], bool]:
    low, high = count_bounds(op, value)
    return lambda days: low <= sum(one.count for one in days) <= high


def _bounds(op: str, value: Any) -> tuple[float, float]:
    """From and to, in millionths."""
    given = [values.micros(one) for one in (value if isinstance(value, list) else [value, value])]
    return (-INFINITE if op == "at_most" else given[0]), (INFINITE if op == "at_least" else given[1])


def _moment(of: str, judge: Callable[[Value | None], bool]) -> Callable[[list[Sums]], bool]:
    def ask(days: list[Sums]) -> bool:
        found = [moment for one in days if (moment := one.first if of == "first" else one.last) is not None]
        if not found:
            return False
        return judge((min if of == "first" else max)(found, key=lambda moment: moment[0])[1])

    return ask


def passes_without_events(leaf: nodes.Did | nodes.Sequence) -> bool:
    """Whether a member without any such event satisfies the leaf."""
    return measured(leaf)([])
