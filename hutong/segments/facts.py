"""All that conditions ask about some members, read from the records and, of their events, from the warehouse."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hutong.foundation import clock
from hutong.members import bulk, projection
from hutong.members.models import AttributeValue, Identity, Member, Membership
from hutong.segments.conditions import nodes, reading, some, values
from hutong.segments.conditions.one import Facts
from hutong.segments.conditions.values import Today
from hutong.segments.conditions.vocabulary import BUILT_IN_ATTRIBUTES, Vocabulary
from hutong.segments.models import MemberTag, SegmentMember
from hutong.segments.queries import life_cycle


@dataclass(slots=True)
class Wanted:
    """What a set of conditions asks."""

    attributes: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    segments: set[str] = field(default_factory=set)
    scores: set[str] = field(default_factory=set)
    places: bool = False
    leaves: list[nodes.Leaf] = field(default_factory=list)

    def add(self, condition: nodes.Condition) -> None:
        """One condition more."""
        for leaf in reading.leaves(condition):
            self.leaves.append(leaf)
            if isinstance(leaf, nodes.Attribute):
                self.attributes.add(leaf.key)
            elif isinstance(leaf, nodes.Tag):
                self.tags.add(leaf.tag)
            elif isinstance(leaf, nodes.Segment):
                self.segments.add(leaf.segment)
            elif isinstance(leaf, nodes.Score):
                self.scores.add(leaf.score)
            elif isinstance(leaf, nodes.Community | nodes.Group):
                self.places = True


def load(workspace_id: str, wanted: Wanted, vocabulary: Vocabulary, member_ids: Sequence[str], *, today: Today) -> dict[str, Facts]:
    """By member (ids as text), of those who count: no bot, nobody anonymous, nobody merged away. `today` is the earliest day asked for."""
    people = _people(workspace_id, wanted, member_ids)
    there = list(people)
    own = [key for key in wanted.attributes if key not in BUILT_IN_ATTRIBUTES]
    _counted(people, workspace_id, wanted)
    for chunk in bulk.chunks([uuid.UUID(one) for one in there]):
        if own:
            rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=chunk, attribute__key__in=own)
            for member_id, key, kind, raw in rows.values_list("member_id", "attribute__key", "attribute__type", "value"):
                value = values.normal(kind, raw)
                if value is not None:
                    people[str(member_id)].attributes[key] = value  # type: ignore[index]
        if wanted.tags:
            tags = MemberTag.objects.in_workspace(workspace_id).filter(member_id__in=chunk, tag_id__in=list(wanted.tags))
            _gather(people, "tags", tags.values_list("member_id", "tag_id"))
        if wanted.segments:
            inside = SegmentMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk, segment_id__in=list(wanted.segments))
            _gather(people, "segments", inside.values_list("member_id", "segment_id"))
        if wanted.places:
            stays = Membership.objects.in_workspace(workspace_id).filter(member_id__in=chunk, left_at=None)
            _gather(people, "communities", stays.values_list("member_id", "community_id"))
            _gather(people, "groups", stays.values_list("member_id", "group_id"))
    found = some.days(some.about(wanted.leaves, today), vocabulary, workspace_id=workspace_id, member_ids=there, today=today)
    for one, facts in people.items():
        facts.days = found[one]
    return people


def _counted(people: dict[str, Facts], workspace_id: str, wanted: Wanted) -> None:
    """Stages of the life cycle and scores of RFM."""
    keys = [key for key in wanted.attributes if key.startswith(life_cycle.LIFE)] + sorted(wanted.scores)
    if not keys:
        return
    found = life_cycle.values(uuid.UUID(workspace_id), keys, [uuid.UUID(one) for one in people])
    for member_id, kept in found.items():
        facts = people[str(member_id)]
        for key, value in kept.items():
            if isinstance(value, int):
                facts.scores[key] = values.micros(value)  # type: ignore[index]
            else:
                facts.attributes[key] = values.fold(value)  # type: ignore[index]


def _people(workspace_id: str, wanted: Wanted, member_ids: Sequence[str]) -> dict[str, Facts]:
    zone = projection.time_zone(workspace_id)
    found: dict[str, Facts] = {}
    for chunk in bulk.chunks([uuid.UUID(one) for one in member_ids]):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk, merged_into=None, is_bot=False, is_anonymous=False)
        for pk, name, first_seen_at in rows.values_list("pk", "name", "first_seen_at"):
            own: dict[str, Any] = {"$name": values.fold(name), "$is_bot": False, "$is_anonymous": False}
            if "$first_seen" in wanted.attributes:
                own["$first_seen"] = clock.local_date(first_seen_at, zone).toordinal()
            found[str(pk)] = Facts(attributes=own)
        if "$channels" in wanted.attributes:
            channels: dict[str, set[str]] = {}
            for member_id, channel in Identity.objects.in_workspace(workspace_id).filter(member_id__in=chunk).values_list("member_id", "channel"):
                channels.setdefault(str(member_id), set()).add(channel)
            for one, some_channels in channels.items():
                if one in found:
                    found[one].attributes["$channels"] = frozenset(some_channels)  # type: ignore[index]
    return found


def _gather(people: dict[str, Facts], name: str, pairs: Any) -> None:
    gathered: dict[str, set[str]] = {}
    for member_id, key in pairs:
        gathered.setdefault(str(member_id), set()).add(str(key))
    for member_id, keys in gathered.items():
        setattr(people[member_id], name, frozenset(keys))
