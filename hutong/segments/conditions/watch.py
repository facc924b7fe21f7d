"""What must be known of a member's events to answer a leaf: sums of each local day, whatever window and bound the leaf has.

So a leaf is answered, and its next change through time alone is known, without looking at events again.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from hutong.segments.conditions import nodes, values

MINUTE_MS = 60_000


class Happening(msgspec.Struct, frozen=True, gc=False):
    """One event, as conditions see it."""

    id: str
    name: str
    at_ms: int
    ordinal: int  # order among events of the same moment
    local_day: int  # as a number
    community: str
    group: str
    properties: Mapping[str, Any]
    text: str = ""
    channel: str = ""
    characters: int = 0
    is_reply: bool = False
    is_question: bool = False

    @property
    def order(self) -> tuple[int, int, str]:
        """Its place in time."""
        return self.at_ms, self.ordinal, self.id

    def property(self, name: str) -> Any:
        """A property as JSON has it; None where there is none."""
        return self.properties.get(name) if name[:1] != "$" else _BUILT_IN[name](self)


_BUILT_IN = {
    "$text": lambda one: one.text,
    "$channel": lambda one: one.channel,
    "$characters": lambda one: one.characters,
    "$is_reply": lambda one: one.is_reply,
    "$is_question": lambda one: one.is_question,
}

Moment = tuple[tuple[int, int, str], values.Value]  # order in time, value


class Sums(msgspec.Struct, gc=False):
    """What the events of some days come to. Numbers are in millionths; a measure of no values is None."""

    count: int = 0
    numbers: int = 0
    sum: int = 0
    least: int | None = None
    greatest: int | None = None
    first: Moment | None = None
    last: Moment | None = None

    def add(self, one: Happening, value: values.Value | None) -> None:
        """One more event, with the value of the measured property."""
        self.count += 1
        if value is None:
            return
        moment = (one.order, value)
        if isinstance(value, int) and not isinstance(value, bool):
            self.numbers += 1
            self.sum += value
            self.least = value if self.least is None else min(self.least, value)
            self.greatest = value if self.greatest is None else max(self.greatest, value)
        self.first = moment if self.first is None or moment[0] < self.first[0] else self.first
        self.last = moment if self.last is None or moment[0] > self.last[0] else self.last


class Watched(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which events a leaf is about: those of one name that pass its tests, or those followed by another."""

    event: str
    where: list[nodes.PropertyTest] = []
    measured: str = ""  # a property
    type: str = "number"
    community: str | None = None
    group: str | None = None
    then: nodes.Step | None = None
    within_minutes: int = 0

    @property
    def key(self) -> str:
        """The same for leaves that are about the same events."""
        return blake2b(msgspec.json.encode(self), digest_size=12).hexdigest()


def watched(leaf: nodes.Did | nodes.Sequence) -> Watched:
    """What a leaf is about, without its window and its bound."""
    if isinstance(leaf, nodes.Sequence):
        return Watched(event=leaf.first.event, where=leaf.first.where, then=leaf.then, within_minutes=leaf.within_minutes)
    measure = leaf.measure
    return Watched(
        event=leaf.event, where=leaf.where, measured=measure.property, type=measure.type if measure.of in ("first", "last") else "number",
        community=leaf.community, group=leaf.group,
    )  # fmt: skip


def summed(about: Watched, happenings: Iterable[Happening]) -> dict[int, Sums]:
    """The sums of each local day, of one member's events in any order."""
    found: dict[int, Sums] = {}
    passes = _passing(about.event, about.where)
    if about.then is not None:
        for one in _followed(about, about.then, list(happenings)):
            found.setdefault(one.local_day, Sums()).count += 1
        return found
    for one in happenings:
        if passes(one) and about.community in (None, one.community) and about.group in (None, one.group):
            value = values.normal(about.type, one.property(about.measured)) if about.measured else None
            found.setdefault(one.local_day, Sums()).add(one, value)
    return found


def _followed(about: Watched, then: nodes.Step, happenings: list[Happening]) -> Iterable[Happening]:
    passes, follows = _passing(about.event, about.where), _passing(then.event, then.where)
    later = sorted(one.at_ms for one in happenings if follows(one))
    for one in happenings:
        if passes(one):
            at = bisect_right(later, one.at_ms)
            if at < len(later) and later[at] <= one.at_ms + about.within_minutes * MINUTE_MS:
                yield one


def _passing(name: str, where: list[nodes.PropertyTest]) -> Any:
    tests = [(one.property, one.type, values.judge(one.type, one.op, one.value)) for one in where]
    today = values.Today(dt.date.min)  # tests of properties do not depend on the day

    def passes(one: Happening) -> bool:
        return one.name == name and all(judge(values.normal(kind, one.property(key)), today) for key, kind, judge in tests)

    return passes
