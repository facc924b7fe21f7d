"""A condition for some members at once: those of them for whom it holds. Every part is asked only about those whom the parts before left open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from hutong.segments.conditions import nodes, one, sums, values
from hutong.segments.conditions.sums import Events
from hutong.segments.conditions.values import Today, Value
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.conditions.watch import Sums

ATTRIBUTE, SCORE, TAG, SEGMENT, COMMUNITY, GROUP, PURPOSE = "attribute", "score", "tag", "segment", "community", "group", "purpose"


class Known(Protocol):
    """What is known of the members (ids as text) that are asked about."""

    @property
    def events(self) -> Events: ...

    def values(self, kind: str, key: str, members: set[str]) -> Mapping[str, Value]:
        """What those of the members who have any have under a key, as `values.normal` gives it; true for belonging to something."""
        ...


Asked = Callable[[Known, set[str], Today], set[str]]  # those of the members for whom it holds


def compiled(condition: nodes.Condition, vocabulary: Vocabulary) -> Asked:
    """A function that asks the condition (as `reading.read` gave it) of members on a local day."""
    if isinstance(condition, nodes.All):
        return _all([compiled(each, vocabulary) for each in _cheapest_first(condition.of)])
    if isinstance(condition, nodes.AnyOf):
        return _any([compiled(each, vocabulary) for each in _cheapest_first(condition.of)])
    if isinstance(condition, nodes.Not):
        part = compiled(condition.of, vocabulary)
        return lambda known, members, today: members - part(known, members, today)
    if isinstance(condition, nodes.Did) and sums.about(condition).is_counted:
        return _counted(condition)
    if isinstance(condition, nodes.Did | nodes.Sequence):
        return _summed(condition)
    if isinstance(condition, nodes.Attribute):
        return _valued(ATTRIBUTE, condition.key, values.judge(vocabulary.type_of(condition.key), condition.op, condition.value))
    if isinstance(condition, nodes.Score):
        return _valued(SCORE, condition.score, values.judge("number", condition.op, condition.value))
    kind, key = _BELONGING[type(condition)](condition)
    return lambda known, members, _: members & known.values(kind, key, members).keys()


_BELONGING: dict[type, Callable[[Any], tuple[str, str]]] = {
    nodes.Tag: lambda leaf: (TAG, leaf.tag),
    nodes.Segment: lambda leaf: (SEGMENT, leaf.segment),
    nodes.Community: lambda leaf: (COMMUNITY, leaf.community),
    nodes.Group: lambda leaf: (GROUP, leaf.group),
    nodes.Consent: lambda leaf: (PURPOSE, leaf.purpose),
}


def _cheapest_first(parts: Iterable[nodes.Condition]) -> list[nodes.Condition]:
    """What is known of everybody before what has to be looked up."""
    return sorted(parts, key=_is_looked_up)


def _is_looked_up(condition: nodes.Condition) -> bool:
    if isinstance(condition, nodes.All | nodes.AnyOf):
        return any(_is_looked_up(each) for each in condition.of)
    if isinstance(condition, nodes.Not):
        return _is_looked_up(condition.of)
    return not isinstance(condition, nodes.Did | nodes.Sequence | nodes.Segment)


def _all(parts: list[Asked]) -> Asked:
    def ask(known: Known, members: set[str], today: Today) -> set[str]:
        for part in parts:
            if not members:
                break
            members = part(known, members, today)
        return members

    return ask


def _any(parts: list[Asked]) -> Asked:
    def ask(known: Known, members: set[str], today: Today) -> set[str]:
        found: set[str] = set()
        for part in parts:
            found |= part(known, members - found, today)
        return found

    return ask


def _counted(leaf: nodes.Did) -> Asked:
    """How often they did something, the commonest question."""
    about, (low, high) = sums.about(leaf), one.count_bounds(leaf.op, leaf.value)

    def ask(known: Known, members: set[str], today: Today) -> set[str]:
        counts = known.events.counts(about, today)
        if low <= 0 <= high:
            return members - {member for member, count in counts.items() if not low <= count <= high}
        return members & {member for member, count in counts.items() if low <= count <= high}

    return ask


def _summed(leaf: nodes.Did | nodes.Sequence) -> Asked:
    about, judge = sums.about(leaf), one.measured(leaf)

    def ask(known: Known, members: set[str], today: Today) -> set[str]:
        first, last = sums.span(about.window, today)

        def inside(days: Mapping[int, Sums]) -> list[Sums]:
            return [each for day, each in days.items() if first <= day <= last]

        by_member = known.events.days(about)
        others = members - by_member.keys()
        found = {member for member in members & by_member.keys() if judge(inside(by_member[member]))}
        return found | others if judge([]) else found

    return ask


def _valued(kind: str, key: str, judge: values.Judge) -> Asked:
    def ask(known: Known, members: set[str], today: Today) -> set[str]:
        found = known.values(kind, key, members)
        return {member for member in members if judge(found.get(member), today)}

    return ask
