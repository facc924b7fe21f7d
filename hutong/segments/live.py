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
from hutong.events.catalogue import depth_of
from hutong.events.shipping import Change
from hutong.events.subscribers import Entry
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock
from hutong.members import projection as members
from hutong.members.bulk import chunks
from hutong.segments import facts, projection, tasks, vocabulary, watching
from hutong.segments.actions import membership
from hutong.segments.conditions import every, nodes, reading, some, sums
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.values import Today
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.models import Segment
from hutong.workspaces.models import Workspace

ASKED_TOGETHER = 2_000  # members whose facts are in memory at once
WORDS_KEPT_SECONDS = 1.0  # an attribute that is gone is noticed that much later
FLOOD = 20_000  # members of one segment in one batch, without an event of theirs: counting everybody costs less than asking each

_decode_change = msgspec.json.Decoder(Change).decode


class _Stay(msgspec.Struct):
    workspace_id: str
    member_id: str


_decode_stay = msgspec.json.Decoder(_Stay).decode


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
    led_by: dict[str, str] = field(default_factory=dict)  # to it, the automation (an event's source) with the longest chain behind it: a circle ends


@dataclass(slots=True)
class Live:
    """One live segment, ready to be asked."""

    id: uuid.UUID
    zone: str
    condition: nodes.Condition
    holds: some.Asked
    is_counted: bool = True  # its present definition was counted in full: before that, who comes and goes follows from the definition
    events: frozenset[str] = frozenset()
    wanted: facts.Wanted = field(default_factory=facts.Wanted)
    abouts: list[sums.About] = field(default_factory=list)

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

    defined: object
    named: object
    words: Vocabulary
    lives: list[Live]
    read_at: float  # when the words were


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
                depth = depth_of(entry.event.source)
                if depth and depth > depth_of(touched.led_by.get(entry.event.member_id, "")):
                    touched.led_by[entry.event.member_id] = entry.event.source
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
    """The live segments as they are defined now; compiled anew only when a definition has changed, or a word they may use."""
    rows = Segment.objects.in_workspace(workspace_id).filter(kind="live").order_by("pk")
    defined = tuple(rows.values_list("pk", "version", "built_version", "community_id", "community__time_zone"))
    known, now = _indexes.get(workspace_id), clock.monotonic_seconds()
    if known is not None and known.defined == defined and now - known.read_at < WORDS_KEPT_SECONDS:
        return known
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    if workspace is None:
        return None
    words = vocabulary.of(workspace) if defined else Vocabulary()
    kinds = tuple((key, word.type) for key, word in words.attributes.items())
    named = (kinds, *map(frozenset, (words.tags, words.segments, words.communities, words.groups, words.events)), workspace.time_zone)
    if known is not None and known.defined == defined and known.named == named:
        known.read_at = now
        return known
    lives = [live for row in rows.select_related("community") if (live := _live(row, words, workspace.time_zone)) is not None]
    made = _indexes[workspace_id] = Index(defined, named, words, _in_order(lives), now)
    return made


def _live(row: Segment, words: Vocabulary, zone: str) -> Live | None:
    try:
        condition = reading.read(row.condition, words)
    except ConditionRefused:
        return None  # stale: it keeps its last members
    made = Live(row.pk, row.community.time_zone if row.community else zone, condition, some.compiled(condition, words))
    made.is_counted = row.built_version == row.version
    made.wanted.add(condition)
    leaves = made.wanted.leaves
    made.abouts = [sums.about(leaf) for leaf in leaves if isinstance(leaf, nodes.Did | nodes.Sequence)]
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
    for people in chunks(everybody, size=ASKED_TOGETHER):
        _ask_some(workspace_id, index, {pk: asked & set(people) for pk, asked in pending.items()}, people, now, changes)
    return [
        membership.Outcome(
            workspace_id=uuid.UUID(workspace_id), segment_id=live.id, day=clock.local_date(now, live.zone), at=now,
            entered=[uuid.UUID(member) for member in sorted(entered & some)], left=[uuid.UUID(member) for member in sorted(left & some)],
            told=frozenset(uuid.UUID(member) for member in some & touched.acted if live.is_counted),
            because="events" if live.is_counted else "edit", told_by=told_by,
        )
        for live in index.lives
        if live.id in changes
        for entered, left in [changes[live.id]]
        for told_by, some in sorted(_by_teller(touched, entered | left).items())
    ]  # fmt: skip


def _by_teller(touched: Touched, members: Iterable[str]) -> dict[str, set[str]]:
    """Members by who is said to have changed them: the automation that led to it, where there is one."""
    found: dict[str, set[str]] = {}
    for member in members:
        found.setdefault(touched.led_by.get(member, membership.SYSTEM), set()).add(member)
    return found


def _ask_some(
    workspace_id: str,
    index: Index,
    pending: dict[uuid.UUID, set[str]],
    people: Sequence[str],
    now: dt.datetime,
    changes: dict[uuid.UUID, tuple[set[str], set[str]]],
) -> None:
    concerned = _concerned(index, pending)
    if not concerned:
        return
    days = {live.id: Today(clock.local_date(now, live.zone)) for live in concerned}
    known = facts.Known(workspace_id, people, [(about, days[live.id]) for live in concerned for about in live.abouts], index.words)
    rest_on: dict[str, list[Live]] = {}
    for live in concerned:
        for named in live.wanted.segments:
            rest_on.setdefault(named, []).append(live)
    for live in concerned:
        asked, there = pending[live.id], known.inside(str(live.id))
        watching.tell(live.id, asked)
        before = asked & there.keys()
        now_in = known.counting(live.holds(known, asked, days[live.id]))
        if now_in == before:
            continue
        entered, left = changes.setdefault(live.id, (set(), set()))
        entered |= now_in - before
        left |= before - now_in
        there.update(dict.fromkeys(now_in, True))
        for member in before - now_in:
            del there[member]
        for other in rest_on.get(str(live.id), ()):
            pending[other.id] |= now_in ^ before


def _concerned(index: Index, pending: dict[uuid.UUID, set[str]]) -> list[Live]:
    """Those with somebody to ask, and those that rest on them."""
    found: set[str] = set()
    concerned = []
    for live in index.lives:  # in order: what is named comes first
        if pending[live.id] or not live.wanted.segments.isdisjoint(found):
            found.add(str(live.id))
            concerned.append(live)
    return concerned
