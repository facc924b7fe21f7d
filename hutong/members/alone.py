"""A member who takes part in merges, as they are alone: everything merging adds up and undoing must take apart."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hutong.foundation import ids
from hutong.members import stays
from hutong.members.doings import Doings
from hutong.members.stays import Stay

Place = tuple[uuid.UUID, uuid.UUID]  # community, group


@dataclass(slots=True)
class Value:
    """One attribute's value with its source."""

    id: uuid.UUID
    value: Any
    source: str
    source_name: str
    set_at: dt.datetime


@dataclass(slots=True)
class Part:
    """A participation: its row's id and what was done."""

    id: uuid.UUID
    doings: Doings


@dataclass(slots=True)
class Alone:
    """One origin's own state."""

    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    is_bot: bool = False
    is_anonymous: bool = False
    stays: dict[Place, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[uuid.UUID, Part] = field(default_factory=dict)  # community ->
    values: dict[uuid.UUID, Value] = field(default_factory=dict)  # attribute ->

    def participate(self, community_id: uuid.UUID, at: int, *, is_activity: bool, is_message: bool) -> None:
        """One more fact in a community."""
        part = self.parts.get(community_id)
        if part is None:
            part = self.parts[community_id] = Part(ids.new(), Doings(at, at))
        part.doings.add(at, is_activity=is_activity, is_message=is_message)

    def dump(self) -> dict[str, Any]:
        """The columns of `OriginState`."""
        return {
            "first_seen_at": self.first_seen_at,
            "last_seen_at": self.last_seen_at,
            "is_bot": self.is_bot,
            "is_anonymous": self.is_anonymous,
            "stays": [
                [str(community), str(group), str(stay.id), stay.joined, stay.left, stay.last_in, stay.last_out]
                for (community, group), some in self.stays.items()
                for stay in some
            ],
            "participations": [
                [str(community), str(part.id), d.first_seen, d.first_active, d.last_active, d.last_message, d.messages]
                for community, part in self.parts.items()
                for d in (part.doings,)
            ],
            "values": [
                [str(attribute), str(value.id), value.value, value.source, value.source_name, value.set_at.isoformat()]
                for attribute, value in self.values.items()
            ],
        }


def load(row: Any) -> Alone:
    """From a row of `OriginState`."""
    alone = Alone(row.first_seen_at, row.last_seen_at, row.is_bot, row.is_anonymous)
    for community, group, pk, *moments in row.stays:
        alone.stays[uuid.UUID(community), uuid.UUID(group)].append(Stay(uuid.UUID(pk), *moments))
    for community, pk, first_seen, first_active, last_active, last_message, messages in row.participations:
        doings = Doings(first_seen, first_seen, first_active, last_active, last_message, messages)
        alone.parts[uuid.UUID(community)] = Part(uuid.UUID(pk), doings)
    for attribute, pk, value, source, source_name, set_at in row.values:
        alone.values[uuid.UUID(attribute)] = Value(uuid.UUID(pk), value, source, source_name, dt.datetime.fromisoformat(set_at))
    return alone


def together(own: Alone, others: Iterable[tuple[dt.datetime, Alone]]) -> Alone:
    """A member with the (merge time, member) merged into them: stays united, doings summed.

    Of two values of one attribute the kept member's wins, unless the other's was set after the merge and later than it.
    """
    joint = Alone(own.first_seen_at, own.last_seen_at, own.is_bot, own.is_anonymous)
    lists = {place: [some] for place, some in own.stays.items()}
    joint.parts = {community: Part(part.id, part.doings) for community, part in own.parts.items()}
    joint.values = dict(own.values)
    for merged_at, other in others:
        joint.first_seen_at = min(joint.first_seen_at, other.first_seen_at)
        joint.last_seen_at = max(joint.last_seen_at, other.last_seen_at)
        joint.is_bot |= other.is_bot
        joint.is_anonymous &= other.is_anonymous
        for place, some in other.stays.items():
            lists.setdefault(place, []).append(some)
        for community, part in other.parts.items():
            mine = joint.parts.get(community)
            joint.parts[community] = Part(mine.id, mine.doings.plus(part.doings)) if mine else part
        for attribute, value in other.values.items():
            ours = joint.values.get(attribute)
            if ours is None or (value.set_at > merged_at and value.set_at > ours.set_at):
                joint.values[attribute] = value
    for place, some_lists in lists.items():
        joint.stays[place] = stays.unite(some_lists) if len(some_lists) > 1 else list(some_lists[0])
    return joint
