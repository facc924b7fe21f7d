"""What live events say about members: in which groups they are, and what they last did. In bulk and in order.

Taking a fact twice is kept away by the caller, whose cursor moves in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import msgspec
from django.db.models import OuterRef, Q, QuerySet, Subquery

from hutong.communities.models import Community, Group
from hutong.foundation import clock, ids, stream
from hutong.members import bulk, projection, stays
from hutong.members.actions import origins, summaries
from hutong.members.doings import Doings, moment
from hutong.members.models import Member, Membership, OriginState, Participation

_MOMENTS = ("joined_at", "left_at", "last_in_at", "last_out_at")
LEFT = "member_left"
JOINED = "member_joined"


class PresenceFact(msgspec.Struct, frozen=True, gc=False):
    """One event, as far as it says something about where a member is.

    `origin_id` is the member the identity was made for (`identities.recognise`): it decides whose fact this is while merges
    come and go.
    """

    workspace_id: uuid.UUID
    community_id: uuid.UUID | None
    group_id: uuid.UUID | None
    origin_id: uuid.UUID
    name: str
    at_ms: int
    is_activity: bool
    is_message: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A group, as the facts need it."""

    community_id: uuid.UUID
    channel: str
    time_zone: str


@dataclass(slots=True)
class _Batch:
    """One workspace's facts, gathered by member, community and group."""

    members: dict[uuid.UUID, Doings] = field(default_factory=dict)
    participations: dict[tuple[uuid.UUID, uuid.UUID], Doings] = field(default_factory=dict)  # community, member
    moves: dict[uuid.UUID, dict[uuid.UUID, list[tuple[int, bool]]]] = field(default_factory=dict)  # group -> member -> (at, is in)


def apply(facts: Sequence[PresenceFact]) -> None:
    """Bring memberships, participations and members up to date, and tell the warehouse which stays changed."""
    for workspace_id, some in groupby(sorted(facts, key=lambda fact: fact.workspace_id.int), key=lambda fact: fact.workspace_id):
        _apply(workspace_id, list(some))


def _apply(workspace_id: uuid.UUID, facts: list[PresenceFact]) -> None:
    communities, groups = _places(workspace_id, facts)
    known = bulk.present(Member, "id", {fact.origin_id for fact in facts if fact.community_id or fact.group_id}, workspace_id=workspace_id)
    in_merges = _in_merges(workspace_id, {fact.origin_id for fact in facts})
    batch = _Batch()
    merged: list[origins.OriginFact] = []
    for fact in facts:
        member_id = fact.origin_id
        if member_id not in known and (fact.community_id or fact.group_id):
            continue  # the member was erased meanwhile; where nothing is added for them they need not be looked up
        group_id = fact.group_id if fact.group_id in groups else None
        community_id = groups[group_id].community_id if group_id else fact.community_id if fact.community_id in communities else None
        is_in = fact.is_activity or fact.name == JOINED
        moves = is_in or fact.name == LEFT
        if member_id in in_merges:
            merged.append(
                origins.OriginFact(
                    origin_id=member_id,
                    community_id=community_id,
                    group_id=group_id if moves else None,
                    at_ms=fact.at_ms,
                    is_in=is_in,
                    is_activity=fact.is_activity,
                    is_message=fact.is_message,
                )
            )
            continue
        _gather(batch, fact, member_id, community_id)
        if group_id and moves:
            batch.moves.setdefault(group_id, {}).setdefault(member_id, []).append((fact.at_ms, is_in))
    changed = _move(workspace_id, batch, groups)
    _participate(workspace_id, batch)
    _update_members(workspace_id, batch)
    summaries.refresh_stays(workspace_id, changed)
    if merged:
        origins.add_facts(workspace_id, merged)


def _in_merges(workspace_id: uuid.UUID, origin_ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Those that belong to a merge; most workspaces have few merges, so they are not asked for one by one."""
    states = OriginState.objects.in_workspace(workspace_id)
    few = set(states.values_list("origin_id", flat=True)[: bulk.IN_LIST_MAX])
    if len(few) < bulk.IN_LIST_MAX:
        return few & origin_ids
    return bulk.present(OriginState, "origin", origin_ids, workspace_id=workspace_id)


def _gather(batch: _Batch, fact: PresenceFact, member_id: uuid.UUID, community_id: uuid.UUID | None) -> None:
    at, is_activity, is_message = fact.at_ms, fact.is_activity, fact.is_message
    doings = batch.members.get(member_id)
    if doings is None:
        doings = batch.members[member_id] = Doings(at, at)
    in_community = community_id is not None  # what is done outside every community makes nobody active in one
    doings.add(at, is_activity=is_activity and in_community, is_message=is_message and in_community)
    if community_id is not None:
        key = (community_id, member_id)
        doings = batch.participations.get(key)
        if doings is None:
            doings = batch.participations[key] = Doings(at, at)
        doings.add(at, is_activity=is_activity, is_message=is_message)


def _places(workspace_id: uuid.UUID, facts: list[PresenceFact]) -> tuple[set[uuid.UUID], dict[uuid.UUID, _Place]]:
    """The communities and groups that (still) exist."""
    communities: set[uuid.UUID] = set()
    groups: dict[uuid.UUID, _Place] = {}
    for chunk in bulk.chunks({fact.community_id for fact in facts if fact.community_id}):
        communities.update(Community.objects.in_workspace(workspace_id).filter(pk__in=chunk).values_list("pk", flat=True))
    for chunk in bulk.chunks({fact.group_id for fact in facts if fact.group_id}):
        rows = Group.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        for pk, community_id, channel, time_zone in rows.values_list("pk", "community_id", "channel", "community__time_zone"):
            groups[pk] = _Place(community_id, channel, time_zone)
    return communities, groups


def _move(workspace_id: uuid.UUID, batch: _Batch, groups: dict[uuid.UUID, _Place]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Open, close and widen stays; gives the (community, member) pairs whose stays changed."""
    changed: set[tuple[uuid.UUID, uuid.UUID]] = set()
    made: list[tuple[object, ...]] = []
    moved: list[tuple[object, ...]] = []
    touched: list[tuple[object, ...]] = []
    projections: list[stream.Projection] = []
    for group_id, members in batch.moves.items():
        place = groups[group_id]
        for chunk in bulk.chunks(members):
            for member_id, there in _load(workspace_id, group_id, {member: members[member] for member in chunk}).items():
                for at, is_in in members[member_id]:
                    if is_in:
                        stays.arrive(there, at)
                    else:
                        stays.depart(there, at)
                for stay in there:
                    if stay.is_new:
                        made.append((stay.id, workspace_id, place.community_id, group_id, member_id, *_moments(stay)))
                    elif stay.is_moved:
                        moved.append((*_moments(stay), stay.id))
                    elif stay.is_touched:
                        touched.append((*_moments(stay)[2:], stay.id))
                    if stay.is_moved:
                        changed.add((place.community_id, member_id))
                        projections.append(
                            projection.stay_row(
                                stay,
                                workspace_id=workspace_id,
                                community_id=place.community_id,
                                group_id=group_id,
                                channel=place.channel,
                                time_zone=place.time_zone,
                                member_id=member_id,
                                version=projection.next_version(),
                            )
                        )
    bulk.update(Membership, _MOMENTS, moved, workspace_id=workspace_id)
    bulk.update(Membership, _MOMENTS[2:], touched, workspace_id=workspace_id)
    bulk.insert(Membership, ("id", "workspace", "community", "group", "member", *_MOMENTS), made)
    if projections:
        stream.record(*projections)
    return changed


def _moments(stay: stays.Stay) -> tuple[dt.datetime | None, ...]:
    return clock.from_ms(stay.joined), moment(stay.left), moment(stay.last_in), moment(stay.last_out)


def _load(workspace_id: uuid.UUID, group_id: uuid.UUID, moves: dict[uuid.UUID, list[tuple[int, bool]]]) -> dict[uuid.UUID, list[stays.Stay]]:
    """Each member's stays that these facts can touch: those that reach into their time, and the last one before.

    A member who comes and goes every hour has thousands of stays, of which a fact touches the last few.
    """
    earliest = clock.from_ms(min(at for facts in moves.values() for at, _ in facts))
    rows = Membership.objects.in_workspace(workspace_id).filter(group_id=group_id, member_id__in=list(moves))
    loaded: dict[uuid.UUID, list[stays.Stay]] = {member_id: [] for member_id in moves}
    _fill(loaded, rows.filter(Q(left_at=None) | Q(left_at__gte=earliest)))
    unsure = [member_id for member_id, there in loaded.items() if not there or there[0].joined > min(at for at, _ in moves[member_id])]
    if unsure:
        same = Membership.objects.in_workspace(workspace_id).filter(group_id=group_id, member_id=OuterRef("member_id"), left_at__lt=earliest)
        last = same.order_by("-joined_at").values("joined_at")[:1]
        _fill(loaded, rows.filter(member_id__in=unsure, left_at__lt=earliest, joined_at=Subquery(last)))
    return loaded


def _fill(loaded: dict[uuid.UUID, list[stays.Stay]], rows: QuerySet[Membership]) -> None:
    changed = set()
    for pk, member_id, joined_at, *moments in rows.values_list("pk", "member_id", *_MOMENTS):
        loaded[member_id].append(stays.stored(pk, joined_at, moments))
        changed.add(member_id)
    for member_id in changed:
        loaded[member_id].sort(key=stays.order)


# By whether the doings hold an activity and a message: what they can change. A column that is not written leaves its indexes alone.
_OF_PARTICIPATION = {
    (False, False): bulk.Widening(least=("first_seen_at",)),
    (True, False): bulk.Widening(least=("first_seen_at", "first_active_at"), greatest=("last_active_at",)),
    (False, True): bulk.Widening(least=("first_seen_at",), greatest=("last_message_at",), plus=("messages",)),
    (True, True): bulk.Widening(least=("first_seen_at", "first_active_at"), greatest=("last_active_at", "last_message_at"), plus=("messages",)),
}
_OF_MEMBER = {
    (False, False): bulk.Widening(least=("first_seen_at",), greatest=("last_seen_at",)),
    (True, False): bulk.Widening(least=("first_seen_at",), greatest=("last_seen_at", "last_active_at")),
    (False, True): bulk.Widening(least=("first_seen_at",), greatest=("last_seen_at",), plus=("messages",)),
    (True, True): bulk.Widening(least=("first_seen_at",), greatest=("last_seen_at", "last_active_at"), plus=("messages",)),
}
_PARTICIPATION = ("id", "workspace", "community", "member", "first_seen_at", "first_active_at", "last_active_at", "last_message_at", "messages")


def _kind(doings: Doings) -> tuple[bool, bool]:
    return doings.last_active is not None, doings.last_message is not None


def _participate(workspace_id: uuid.UUID, batch: _Batch) -> None:
    rows: dict[tuple[bool, bool], list[tuple[object, ...]]] = {}
    for (community_id, member_id), doings in batch.participations.items():
        moments = [moment(at) for at in (doings.first_seen, doings.first_active, doings.last_active, doings.last_message)]
        rows.setdefault(_kind(doings), []).append((ids.new(), workspace_id, community_id, member_id, *moments, doings.messages))
    for kind, some in rows.items():
        bulk.insert_or_widen(Participation, _PARTICIPATION, _OF_PARTICIPATION[kind], some, key=("community", "member"))


def _update_members(workspace_id: uuid.UUID, batch: _Batch) -> None:
    rows: dict[tuple[bool, bool], list[tuple[object, ...]]] = {}
    for member_id, doings in batch.members.items():
        kind = active, said = _kind(doings)
        row = [moment(doings.first_seen), moment(doings.last_seen)]
        rows.setdefault(kind, []).append((*row, *([moment(doings.last_active)] if active else []), *([doings.messages] if said else []), member_id))
    earlier = _seen_earlier(workspace_id, batch)
    for kind, some in rows.items():
        bulk.widen(Member, _OF_MEMBER[kind], some, workspace_id=workspace_id)
    projection.mark_people(workspace_id, earlier)


def _seen_earlier(workspace_id: uuid.UUID, batch: _Batch) -> list[uuid.UUID]:
    """Who did something on a day before today, and before they were known to be there. Within today a first sight may move: no day changes."""
    zone = projection.time_zone(workspace_id)
    midnight_ms = clock.to_ms(clock.local_midnight(clock.local_date(clock.now(), zone), zone))
    found: list[uuid.UUID] = []
    for chunk in bulk.chunks([member_id for member_id, doings in batch.members.items() if doings.first_seen < midnight_ms]):
        rows = Member.objects.in_workspace(workspace_id).filter(pk__in=chunk)
        found += [pk for pk, seen in rows.values_list("pk", "first_seen_at") if clock.to_ms(seen) > batch.members[pk].first_seen]
    return found
