"""What conditions ask about some members, read from the records when it is asked, and, of their events, from the warehouse."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hutong.foundation import clock, ids
from hutong.members import bulk, projection
from hutong.members.models import AttributeValue, Identity, Member, Membership
from hutong.segments.conditions import nodes, reading, some, values
from hutong.segments.conditions.sums import About, Events
from hutong.segments.conditions.values import Today, Value
from hutong.segments.conditions.vocabulary import BUILT_IN_ATTRIBUTES, Vocabulary
from hutong.segments.models import MemberTag, SegmentMember
from hutong.segments.queries import life_cycle


@dataclass(slots=True)
class Wanted:
    """What a condition asks."""

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


class Known:
    """Some members of a workspace (ids as text). What is looked up is kept, and looked up only for those it was not asked of before."""

    def __init__(self, workspace_id: str, member_ids: Sequence[str], asked: Iterable[tuple[About, Today]], vocabulary: Vocabulary) -> None:
        self.events = Events(asked, vocabulary, workspace_id=workspace_id, member_ids=member_ids)
        self._workspace_id = uuid.UUID(workspace_id)
        self._values: dict[tuple[str, str], dict[str, Value]] = {}
        self._looked_up: dict[tuple[str, str], set[str]] = {}
        self._everybody = member_ids
        self._segments: dict[str, dict[str, Value]] | None = None

    def values(self, kind: str, key: str, members: set[str]) -> Mapping[str, Value]:
        """What those who have any have under a key."""
        if kind == some.SEGMENT:
            return self.inside(key)
        found = self._values.setdefault((kind, key), {})
        known = self._looked_up.setdefault((kind, key), set())
        missing = members - known
        if missing:
            found.update(self._look_up(kind, key, [ids.read(member) for member in sorted(missing)]))
            known |= missing
        return found

    def inside(self, segment_id: str) -> dict[str, Value]:
        """Who of them is in a segment; whoever moves them says so here."""
        if self._segments is None:
            self._segments = {}
            everybody = {ids.read(member): member for member in self._everybody}
            # By member alone: they are in few segments, and each pair looked up apart would cost more.
            for segment, member in bulk.pairs(SegmentMember, "segment", "member", everybody, workspace_id=self._workspace_id):
                self._segments.setdefault(str(segment), {})[everybody[member]] = True
        return self._segments.setdefault(segment_id, {})

    def counting(self, members: set[str]) -> set[str]:
        """Those whom segments hold: no bot, nobody anonymous, nobody merged away."""
        return members & self.values(some.ATTRIBUTE, "$is_bot", members).keys()

    def _look_up(self, kind: str, key: str, missing: list[uuid.UUID]) -> dict[str, Value]:
        workspace_id = self._workspace_id
        found: dict[str, Value] = {}
        if kind == some.SCORE or (kind == some.ATTRIBUTE and key.startswith(life_cycle.LIFE)):
            for member, kept in life_cycle.values(workspace_id, [key], missing).items():
                found |= {str(member): values.fold(each) if isinstance(each, str) else values.micros(each) for each in kept.values()}
            return found
        for chunk in bulk.chunks(missing):
            if kind == some.ATTRIBUTE:
                found |= self._built_in(key, chunk) if key in BUILT_IN_ATTRIBUTES else self._own(key, chunk)
            elif kind == some.TAG:
                tags = MemberTag.objects.in_workspace(workspace_id).filter(member_id__in=chunk, tag_id=key)
                found |= dict.fromkeys(map(str, tags.values_list("member_id", flat=True)), True)
            elif kind in (some.COMMUNITY, some.GROUP):
                stays = Membership.objects.in_workspace(workspace_id).filter(member_id__in=chunk, left_at=None, **{f"{kind}_id": key})
                found |= dict.fromkeys(map(str, stays.values_list("member_id", flat=True)), True)
        return found

    def _own(self, key: str, chunk: list[uuid.UUID]) -> dict[str, Value]:
        rows = AttributeValue.objects.in_workspace(self._workspace_id).filter(member_id__in=chunk, attribute__key=key)
        normal = ((str(member), values.normal(kind, raw)) for member, kind, raw in rows.values_list("member_id", "attribute__type", "value"))
        return {member: value for member, value in normal if value is not None}

    def _built_in(self, key: str, chunk: list[uuid.UUID]) -> dict[str, Value]:
        if key == "$channels":
            channels: dict[str, set[str]] = {}
            for member, channel in Identity.objects.in_workspace(self._workspace_id).filter(member_id__in=chunk).values_list("member_id", "channel"):
                channels.setdefault(str(member), set()).add(channel)
            return {member: frozenset(each) for member, each in channels.items()}
        rows = Member.objects.in_workspace(self._workspace_id).filter(pk__in=chunk, merged_into=None, is_bot=False, is_anonymous=False)
        if key == "$first_seen":
            zone = projection.time_zone(str(self._workspace_id))
            return {str(pk): clock.local_date(seen, zone).toordinal() for pk, seen in rows.values_list("pk", "first_seen_at")}
        if key == "$name":
            return {str(pk): values.fold(name) for pk, name in rows.values_list("pk", "name")}
        return {str(pk): False for pk in rows.values_list("pk", flat=True)}  # of those who count, none is a bot or anonymous
