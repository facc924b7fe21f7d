"""Live segments follow the stream: whoever did something, or was changed, is asked again, and nobody else.

The state is asked, not the event: facts are read as they are once the warehouse has the batch, so taking a batch twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from hutong.events import log
from hutong.events.shipping import Change
from hutong.events.subscribers import Entry
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock
from hutong.members import projection as members
from hutong.members.bulk import chunks
from hutong.segments import facts, projection, tasks, vocabulary, watching
from hutong.segments.actions import membership
from hutong.segments.conditions import every, nodes, one, reading
from hutong.segments.conditions.one import Holding
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.values import Today
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.models import Segment, SegmentMember
from hutong.workspaces.models import Workspace

ASKED_TOGETHER = 2_000  # members whose facts are in memory at once
FLOOD = 20_000  # members of one segment in one batch, without an event of theirs: counting everybody costs less than asking each

_decode_change = msgspec.json.Decoder(Change).decode


class _Stay(msgspec.Struct):
    workspace_id: str
    member_id: str


_decode_stay = msgspec.json.Decoder(_Stay).decode


class _Merged(msgspec.Struct):
    absorbed_id: str


_decode_merged = msgspec.json.Decoder(_Merged).decode


@dataclass(slots=True)
class Touched:
    """What a batch says of one workspace: members (ids as text) by what happened to them."""

    events: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, set[str]] = field(default_factory=dict)
    tags: dict[str, set[str]] = field(default_factory=dict)
    segments: dict[str, set[str]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    acted: set[str] = field(default_factory=set)  # an event of theirs is in the batch: what changes for them is told
    merged: list[tuple[str, str]] = field(default_factory=list)  # kept, absorbed


@dataclass(slots=True)
class Live:
    """One live segment, ready to be asked."""

    id: uuid.UUID
    zone: str
    condition: nodes.Condition
    holds: Holding
    is_counted: bool = True  # its present definition was counted in full: before that, who comes and goes follows from the definition
    events: frozenset[str] = frozenset()
    wanted: facts.Wanted = field(default_factory=facts.Wanted)

    def asked_again(self, touched: Touched) -> set[str]:
        """Whom the batch may move in or out."""
        found = set(touched.people)
        for name in self.events:
            found |= touched.events.get(name, set())
        for key in self.wanted.attributes:
            found |= touched.values.get(key, set())
        for score in self.wanted.scores:
            found |= touched.values.get(every.SCORE + score, set())
        for tag in self.wanted.tags:
            found |= touched.tags.get(tag, set())
        for segment in self.wanted.segments:
            found |= touched.segments.get(segment, set())
        return found | touched.places if self.wanted.places else found


@dataclass(slots=True)
class Index:
    """The live segments of a workspace, those that others rest on first."""

    signature: object
    words: Vocabulary
    lives: list[Live]


_indexes: dict[str, Index] = {}


def prepare(entries: Sequence[Entry]) -> Callable[[], None]:
    """Ask again whom the batch touched; gives what then writes the changes."""
    outcomes: list[membership.Outcome] = []
    flooded: list[uuid.UUID] = []
    for workspace_id, touched in touched_by(entries).items():
        index = index_of(workspace_id)
        if index is not None and index.lives:
            asked = {live.id: live.asked_again(touched) for live in index.lives}
            flooded += [pk for pk, some in asked.items() if len(some - touched.acted) > FLOOD]
            outcomes += _ask(workspace_id, index, touched, {pk: some & touched.acted if pk in flooded else some for pk, some in asked.items()})
        outcomes += _joined_by_merging(workspace_id, touched)
    asked_ms = clock.now_ms()

    def write() -> None:
        for outcome in outcomes:
            membership.change(outcome)
        for segment_id in flooded:
            tasks.build.enqueue(str(segment_id), "history", asked_ms)

    return write


def touched_by(entries: Iterable[Entry]) -> dict[str, Touched]:
    """What the entries say, by workspace."""
    found: dict[str, Touched] = {}
    for entry in entries:
        if entry.event is not None:
            if entry.event.member_id != NONE:
                touched = found.setdefault(entry.event.workspace_id, Touched())
                touched.events.setdefault(entry.name, set()).add(entry.event.member_id)
                touched.acted.add(entry.event.member_id)
                if entry.name == "members_merged":
                    touched.merged.append((entry.event.member_id, _decode_merged(entry.event.properties).absorbed_id))
        elif entry.name.startswith(log.CHANGE_PREFIX):
            change = _decode_change(entry.body)
            touched = found.setdefault(change.workspace_id, Touched())
            table = entry.name[len(log.CHANGE_PREFIX) :]
            if table == members.PEOPLE:
                touched.people.update(change.member_ids)
            else:
                by_key = {members.VALUES: touched.values, projection.TAGS: touched.tags, projection.SEGMENTS: touched.segments}[table]
                by_key.setdefault(change.key, set()).update(change.member_ids)
        else:
            stay = _decode_stay(entry.body)
            found.setdefault(stay.workspace_id, Touched()).places.add(stay.member_id)
    return found


def index_of(workspace_id: str) -> Index | None:
    """The live segments as they are defined now; compiled anew only when a definition, or a word they may use, has changed."""
    rows = list(Segment.objects.in_workspace(workspace_id).filter(kind="live").select_related("community").order_by("pk"))
    if not rows:
        return Index((), Vocabulary(), [])
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    if workspace is None:
        return None
    words = vocabulary.of(workspace)
    defined = tuple((row.pk, row.version, row.built_version, row.community_id, row.community and row.community.time_zone) for row in rows)
    kinds = tuple((key, word.type) for key, word in words.attributes.items())
    named = (frozenset(words.tags), frozenset(words.segments), frozenset(words.communities), frozenset(words.groups), frozenset(words.events))
    signature = (defined, kinds, named, workspace.time_zone)
    known = _indexes.get(workspace_id)
    if known is not None and known.signature == signature:
        return known
    made = Index(signature, words, _in_order([live for row in rows if (live := _live(row, words, workspace.time_zone)) is not None]))
    _indexes[workspace_id] = made
    return made


def _live(row: Segment, words: Vocabulary, zone: str) -> Live | None:
    try:
        condition = reading.read(row.condition, words)
    except ConditionRefused:
        return None  # stale: it keeps its last members
    made = Live(row.pk, row.community.time_zone if row.community else zone, condition, one.holding(condition, words))
    made.is_counted = row.built_version == row.version
    made.wanted.add(condition)
    leaves = made.wanted.leaves
    events = [leaf.event for leaf in leaves if isinstance(leaf, nodes.Did)]
    made.events = frozenset([*events, *(step.event for leaf in leaves if isinstance(leaf, nodes.Sequence) for step in (leaf.first, leaf.then))])
    return made


def _in_order(lives: list[Live]) -> list[Live]:
    """Each after those it names. Circles are refused when a segment is saved."""
    left = {str(live.id): live for live in lives}
    ordered: list[Live] = []

    def take(key: str) -> None:
        live = left.pop(key, None)
        if live is not None:
            for named in sorted(live.wanted.segments):
                take(named)
            ordered.append(live)

    for key in sorted(left):
        take(key)
    return ordered


def _ask(workspace_id: str, index: Index, touched: Touched, pending: dict[uuid.UUID, set[str]]) -> list[membership.Outcome]:
    now = clock.now()
    everybody = sorted(set().union(*pending.values()))
    changes: dict[uuid.UUID, tuple[set[str], set[str]]] = {}
    for some in chunks(everybody, size=ASKED_TOGETHER):
        _ask_some(workspace_id, index, {pk: asked & set(some) for pk, asked in pending.items()}, some, now, changes)
    return [
        membership.Outcome(
            workspace_id=uuid.UUID(workspace_id), segment_id=live.id, day=clock.local_date(now, live.zone), at=now,
            entered=[uuid.UUID(member) for member in sorted(entered)], left=[uuid.UUID(member) for member in sorted(left)],
            told=frozenset(uuid.UUID(member) for member in (entered | left) & touched.acted if live.is_counted),
            because="events" if live.is_counted else "edit",
        )
        for live in index.lives
        if live.id in changes and (entered := changes[live.id][0]) | (left := changes[live.id][1])
    ]  # fmt: skip


def _joined_by_merging(workspace_id: str, touched: Touched) -> list[membership.Outcome]:
    """Whoever was put into a static segment is in it as the member they were merged into; their own row stays for when that is undone."""
    now = clock.now()
    found = []
    for kept, absorbed in touched.merged:
        rows = (
            SegmentMember.objects.in_workspace(workspace_id).filter(member_id=absorbed, segment__kind="static").select_related("segment__community")
        )
        for row in rows.select_related("segment__workspace"):
            zone = row.segment.community.time_zone if row.segment.community else row.segment.workspace.time_zone
            found.append(
                membership.Outcome(
                    workspace_id=row.segment.workspace_id, segment_id=row.segment.pk,
                    day=clock.local_date(now, zone), at=now, entered=[uuid.UUID(kept)], left=[], told=frozenset(), because="edit",
                )
            )  # fmt: skip
    return found


def _ask_some(
    workspace_id: str,
    index: Index,
    pending: dict[uuid.UUID, set[str]],
    some: Sequence[str],
    now: dt.datetime,
    changes: dict[uuid.UUID, tuple[set[str], set[str]]],
) -> None:
    concerned = _concerned(index, pending)
    if not concerned:
        return
    wanted = facts.Wanted()
    for live in concerned:
        wanted.add(live.condition)
        wanted.segments.add(str(live.id))
    days = {live.id: Today(clock.local_date(now, live.zone)) for live in concerned}
    known = facts.load(workspace_id, wanted, index.words, some, today=min(days.values(), key=lambda each: each.date))
    inside = _inside(workspace_id, [live.id for live in concerned], some)
    rest_on: dict[str, list[Live]] = {}
    for live in concerned:
        for named in live.wanted.segments:
            rest_on.setdefault(named, []).append(live)
    for live in concerned:
        key, today, asks = str(live.id), days[live.id], live.holds
        asked = pending[live.id]
        watching.tell(live.id, asked)
        there = inside[live.id]
        for member in asked:
            of = known.get(member)
            holds = of is not None and asks(of, today)
            if holds == (member in there):
                continue
            entered, left = changes.setdefault(live.id, (set(), set()))
            (entered if holds else left).add(member)
            if of is not None:
                of.segments = of.segments | {key} if holds else of.segments - {key}
            for other in rest_on.get(key, ()):
                pending[other.id].add(member)


def _concerned(index: Index, pending: dict[uuid.UUID, set[str]]) -> list[Live]:
    """Those with somebody to ask, and those that rest on them."""
    found: set[str] = set()
    concerned = []
    for live in index.lives:  # in order: what is named comes first
        if pending[live.id] or not live.wanted.segments.isdisjoint(found):
            found.add(str(live.id))
            concerned.append(live)
    return concerned


def _inside(workspace_id: str, segment_ids: list[uuid.UUID], some: Sequence[str]) -> dict[uuid.UUID, set[str]]:
    found: dict[uuid.UUID, set[str]] = {pk: set() for pk in segment_ids}
    for chunk in chunks([uuid.UUID(member) for member in some]):
        # By member alone: they are in few segments, and each pair looked up apart would cost more.
        rows = SegmentMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk)
        for segment_id, member_id in rows.values_list("segment_id", "member_id"):
            if segment_id in found:
                found[segment_id].add(str(member_id))
    return found
