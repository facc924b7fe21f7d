"""Follower: members who do something are at their new stage about a second later. What time alone moves is left to the daily count."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from hutong.communities.models import Community
from hutong.events import catalogue, log
from hutong.events.shipping import Change
from hutong.events.subscribers import Entry, Passing
from hutong.events.warehouse.schema import NONE
from hutong.foundation import ids
from hutong.foundation.localdays import local_days
from hutong.members import bulk, projection
from hutong.members.models import Member, Participation
from hutong.segments import turns
from hutong.segments.actions import life_cycle as actions
from hutong.segments.actions.life_cycle import Because
from hutong.segments.models import LifeCycle, MemberStage
from hutong.segments.queries import life_cycle as queries
from hutong.segments.queries.life_cycle import Found
from hutong.segments.stages import Point, Thresholds

NAME = "life_cycle"
ASKED_TOGETHER = 5_000  # members in one statement
ORDERS = frozenset({"order_paid", "order_refunded"})
MERGES = frozenset({"members_merged", "members_unmerged"})
FOUNDED = frozenset({"community_created", "community_rezoned"})  # everybody of the community is counted anew
IN_FULL_SWING = frozenset({"new", "returned", "active"})  # one more activity today changes none of these

_decode_change = msgspec.json.Decoder(Change).decode
_PEOPLE = log.CHANGE_PREFIX + projection.PEOPLE


class OvertakenError(Exception):
    """Everybody was counted anew between reading and writing. The batch is taken again."""


@dataclass(slots=True)
class _Touched:
    """What a batch says of one community."""

    workspace_id: uuid.UUID
    surely: set[uuid.UUID] = field(default_factory=set)  # whose stages have to be looked at
    signs: dict[uuid.UUID, list[Passing]] = field(default_factory=lambda: defaultdict(list))  # of others: it depends on their stage
    unsaid: set[uuid.UUID] = field(default_factory=set)  # of `surely`: only the records of theirs changed, which tells nobody
    is_founded: bool = False


@dataclass(slots=True)
class _Read:
    """What was found for one community, to be written."""

    community: Community
    day: dt.date
    found: dict[uuid.UUID, Found]
    is_silent: bool
    unsaid: frozenset[uuid.UUID]
    sweep: int


def prepare(entries: Sequence[Entry]) -> Callable[[], None]:
    """Read the stages of the members these entries are about."""
    touched = _gather(entries)
    communities = Community.objects.across_workspaces().filter(archived_at=None).in_bulk(list(touched)) if touched else {}
    cycles = (
        {cycle.community_id: cycle for cycle in LifeCycle.objects.across_workspaces().filter(community_id__in=list(communities))} if touched else {}
    )
    reads: list[_Read] = []
    asked: list[Community] = []
    for community_id, community in communities.items():
        cycle = cycles.get(community_id)
        if cycle is None or cycle.computed_day is None or touched[community_id].is_founded:
            asked.append(community)
        else:
            reads += _read(community, cycle, touched[community_id])

    def write() -> None:
        for community in asked:
            actions.ask(community)
        for one in reads:
            if turns.sweeps.last(one.community.pk) != one.sweep:
                raise OvertakenError(str(one.community.pk))
            why: dict[uuid.UUID, Because | None] = {member: None if one.is_silent or member in one.unsaid else "events" for member in one.found}
            actions.move(one.community, one.day, one.found, why)

    return write


def idle() -> None:
    """Days end by the schedule (actions.life_cycle.start_due)."""


def _gather(entries: Sequence[Entry]) -> dict[uuid.UUID, _Touched]:
    """By community. Members named without one are looked at in each of theirs."""
    found: dict[uuid.UUID, _Touched] = {}
    everywhere: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    people: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)

    def at(workspace_id: uuid.UUID, community_id: uuid.UUID) -> _Touched:
        return found.setdefault(community_id, _Touched(workspace_id))

    for entry in entries:
        seen = entry.event
        if seen is None:
            if entry.name == _PEOPLE:
                change = _decode_change(entry.body)
                people[ids.read(change.workspace_id)].update(map(ids.read, change.member_ids))
            continue
        workspace_id = ids.read(seen.workspace_id)
        if seen.name in FOUNDED:
            at(workspace_id, ids.read(seen.community_id)).is_founded = True
        elif seen.name in MERGES:
            named = msgspec.json.decode(seen.properties, type=dict[str, str])
            everywhere[workspace_id].update({ids.read(seen.member_id), ids.read(named.get("absorbed_id") or named["restored_id"])})
        elif seen.member_id == NONE or catalogue.is_noted(seen.name, seen.source):
            continue
        elif seen.community_id == NONE:
            if seen.name in ORDERS:
                everywhere[workspace_id].add(ids.read(seen.member_id))
        elif seen.name in ORDERS:
            at(workspace_id, ids.read(seen.community_id)).surely.add(ids.read(seen.member_id))
        else:
            at(workspace_id, ids.read(seen.community_id)).signs[ids.read(seen.member_id)].append(seen)
    unsaid: dict[uuid.UUID, set[uuid.UUID]] = {}  # of whom only the records changed: they did nothing
    for workspace_id, members in people.items():
        unsaid[workspace_id] = _misplaced(workspace_id, members) - everywhere[workspace_id]
        everywhere[workspace_id] |= unsaid[workspace_id]
    for workspace_id, members in everywhere.items():
        for model in (Participation, MemberStage):
            for chunk in bulk.chunks(members):
                rows = model.objects.in_workspace(workspace_id).filter(member_id__in=chunk)
                for community_id, member_id in rows.values_list("community_id", "member_id"):
                    touched = at(workspace_id, community_id)
                    if member_id in unsaid.get(workspace_id, ()) and member_id not in touched.surely and member_id not in touched.signs:
                        touched.unsaid.add(member_id)
                    touched.surely.add(member_id)
    return found


def _misplaced(workspace_id: uuid.UUID, members: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those with a stage who may have none, being bots or merged into others, and those without one who may."""
    staged = bulk.present(MemberStage, "member", members, workspace_id=workspace_id)
    allowed: set[uuid.UUID] = set()
    for chunk in bulk.chunks(members):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk, merged_into=None, is_bot=False)
        allowed.update(rows.values_list("pk", flat=True))
    return staged ^ allowed


def _read(community: Community, cycle: LifeCycle, touched: _Touched) -> list[_Read]:
    """Look at those whose stage may be another one now."""
    today = queries.today(community)
    is_settled = cycle.asked == cycle.answered
    members = touched.surely | _moved(community, touched, today=today, is_counted=is_settled and cycle.computed_day == today)
    if not members:
        return []
    turns.live.take(community.pk)
    sweep = turns.sweeps.last(community.pk)
    point = Point(today, Thresholds.read(cycle.thresholds))
    found: dict[uuid.UUID, Found] = {}
    for chunk in bulk.chunks(members, size=ASKED_TOGETHER):
        now = queries.of_members(community, point, chunk)
        found |= {member: now.get(member, actions.NOWHERE) for member in chunk}
    return [_Read(community, today, found, not is_settled, frozenset(touched.unsaid), sweep)]


def _moved(community: Community, touched: _Touched, *, today: dt.date, is_counted: bool) -> set[uuid.UUID]:
    """Of those who gave some sign: whoever is not known yet, was still, or did something on another day.

    Most of what is said comes from members in full swing, and one more message of theirs changes nothing: so nothing is asked.
    """
    stages: dict[uuid.UUID, str] = {}
    for chunk in bulk.chunks(touched.signs):
        rows = MemberStage.objects.in_workspace(community.workspace_id).filter(community=community, member_id__in=chunk)
        stages.update(rows.values_list("member_id", "activity"))
    bots: set[uuid.UUID] = set()
    for chunk in bulk.chunks([member for member in touched.signs if member not in stages]):
        bots.update(Member.objects.in_workspace(community.workspace_id).filter(pk__in=chunk, is_bot=True).values_list("pk", flat=True))
    day_of = local_days(community.time_zone)
    name = today.isoformat()

    def changes(member: uuid.UUID, signs: list[Passing]) -> bool:
        stage = stages.get(member)
        if stage is None:
            return member not in bots
        telling = [one for one in signs if one.is_activity or stage == "new"]  # first seen earlier than known ends being new earlier
        if is_counted and stage in IN_FULL_SWING:
            return any(day_of(round(one.occurred_at * 1000))[0] != name for one in telling)
        return bool(telling)

    return {member for member, signs in touched.signs.items() if changes(member, signs)}
