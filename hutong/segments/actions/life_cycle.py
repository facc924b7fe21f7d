"""Writes of the life cycle: thresholds, everybody counted anew, and one way to move members between stages."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from django.db import transaction
from django.db.models import F

from hutong.communities.models import Community
from hutong.events import queries as events
from hutong.foundation import clock, ids, stream
from hutong.foundation.jobs.running import checkpoint
from hutong.foundation.jobs.task import job
from hutong.foundation.stream import Changed, Entry, Fact
from hutong.members import bulk
from hutong.members.models import Member
from hutong.members.projection import VALUES
from hutong.segments import stages, turns
from hutong.segments.actions import rfm
from hutong.segments.models import LifeCycle, MemberRFM, MemberStage
from hutong.segments.queries import life_cycle as queries
from hutong.segments.queries.life_cycle import BEFORE_DAYS, Found
from hutong.segments.stages import KINDS, Kind, Point, Thresholds
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

Because = Literal["events", "time"]
MOVED_TOGETHER = 2_000  # members in one transaction, so that ingest never waits long
READ_AGAIN_MAX = 100
_NAMES = ("workspace", "community", "member", "activity", "activity_since", "purchase", "purchase_since", "number")
ARRIVED: dict[Kind, str] = {"activity": "new", "purchase": "potential"}  # where everybody begins, which is no transition


class NeverStillError(Exception):
    """Members kept being moved while they were counted. The job tries again."""


# --- what staff and others ask for ---------------------------------------------------------------------------------------


def change(workspace: Workspace, *, actor: Actor, community_id: uuid.UUID, thresholds: Thresholds) -> Community:
    """Other thresholds; everybody is counted anew, silently. Raises Invalid, NotFound."""
    thresholds.check()
    with transaction.atomic():
        community = queries.community(workspace, community_id)
        cycle = ensure(community)
        was = Thresholds.read(cycle.thresholds)
        cycle.thresholds = thresholds.kept()
        cycle.changed_by_name, cycle.updated_at = actor.name, clock.now()
        cycle.save(update_fields=["thresholds", "changed_by_name", "updated_at"])
        differ = {name: [getattr(was, name), getattr(thresholds, name)] for name in stages.RANGES | {"currency": None}}
        changes = {name: pair for name, pair in differ.items() if pair[0] != pair[1]}
        audit.write(workspace, actor=actor, action="life_cycle.change", target=community, target_kind="community", details={"changes": changes})
        ask(community)
    return community


def ensure(community: Community) -> LifeCycle:
    """The community's row, made where there is none."""
    return LifeCycle.objects.in_workspace(community.workspace_id).get_or_create(
        community=community, defaults={"workspace_id": community.workspace_id}
    )[0]


def ask(community: Community) -> None:
    """Have everybody of a community counted anew, silently: what lies behind the stages has changed. In the change's transaction."""
    ensure(community)
    LifeCycle.objects.in_workspace(community.workspace_id).filter(community=community).update(asked=F("asked") + 1)
    count.enqueue(str(community.pk))


def recompute(workspace_id: uuid.UUID) -> None:
    """The history of a workspace was added to or taken from: everybody is counted anew, silently."""
    with transaction.atomic():
        for community in Community.objects.in_workspace(workspace_id).filter(archived_at=None):
            ask(community)


def start_due() -> None:
    """Twice a minute: communities whose day has changed, or whose count was asked for and did not come."""
    days = {cycle.community_id: cycle for cycle in LifeCycle.objects.across_workspaces()}
    for community in Community.objects.across_workspaces().filter(archived_at=None):
        cycle = days.get(community.pk)
        if cycle is None or queries.is_due(cycle, queries.today(community)):
            with transaction.atomic():
                count.enqueue(str(community.pk))


@job(name="life_cycle.count", dedupe="life_cycle.count:{0}")
def count(community_id: str) -> None:
    """Count everybody of a community as of today, once the warehouse has heard of them."""
    events.await_shipped()
    community = Community.objects.across_workspaces().filter(pk=community_id, archived_at=None).first()
    if community is not None:
        count_all(community)


# --- everybody -----------------------------------------------------------------------------------------------------------


def count_all(community: Community) -> None:
    """Bring everybody to the stage of today. What was asked for is done first, silently and as of the day last counted, so that what
    time alone has moved since is told.
    """
    started = clock.monotonic_seconds()
    cycle = ensure(community)
    today = queries.today(community)
    rows = LifeCycle.objects.in_workspace(community.workspace_id).filter(pk=cycle.pk)
    while queries.is_behind(cycle, today):
        asked, is_silent, thresholds = cycle.asked, cycle.asked != cycle.answered, Thresholds.read(cycle.thresholds)
        day = min(cycle.computed_day, today) if is_silent and cycle.computed_day else today
        sweep(community, Point(day, thresholds), is_silent=is_silent)
        earlier = day - dt.timedelta(days=BEFORE_DAYS)
        before: dict[str, Any] = {"day": earlier.isoformat()} | queries.counts_at(community, Point(earlier, thresholds))
        took = round(clock.monotonic_seconds() - started, 3)
        # The scores rest on the same events: they are to be counted again too.
        rows.update(answered=asked, computed_day=day, computed_at=clock.now(), compute_seconds=took, before=before, rfm_day=None)
        cycle.refresh_from_db()
        today = queries.today(community)
    if queries.is_due(cycle, today):
        rfm.count_all(community, cycle, day=today - dt.timedelta(days=1))


def sweep(community: Community, point: Point, *, is_silent: bool) -> None:
    """Move everybody whose stage at that point is not the one kept."""
    shares = queries.shares(community)
    for share in range(shares):
        turn = turns.live.last(community.pk)
        turns.sweeps.take(community.pk)
        found = queries.differing(community, point, share=share, shares=shares)
        for members in bulk.chunks(found, size=MOVED_TOGETHER):
            checkpoint()
            turn = _settle(community, point, {member: found[member] for member in members}, turn, is_silent=is_silent)


def _settle(community: Community, point: Point, found: Mapping[uuid.UUID, Found], turn: int, *, is_silent: bool) -> int:
    """Write what was read, unless members have been followed since: then these are read again."""
    for _ in range(READ_AGAIN_MAX):
        with transaction.atomic():
            if turns.live.last(community.pk) == turn:
                move(community, point.day, found, dict.fromkeys(found, None if is_silent else "time"))
                return turn
        turn = turns.live.last(community.pk)
        turns.sweeps.take(community.pk)
        members = list(found)
        now = queries.of_members(community, point, members)
        found = {member: now.get(member, NOWHERE) for member in members}
    raise NeverStillError(str(community.pk))


NOWHERE = Found("", "", 0)


# --- one way to move -----------------------------------------------------------------------------------------------------


def move(community: Community, day: dt.date, found: Mapping[uuid.UUID, Found], because: Mapping[uuid.UUID, Because | None]) -> None:
    """Keep these members' stages, and record each transition; `because` is None where it is silent. Within a transaction.

    By time alone moves only who did nothing on that day.
    """
    kept = queries.stored(community.pk, community.workspace_id, found)
    fresh = [member for member in found if member not in kept and found[member].activity]
    known = bulk.present(Member, "id", fresh, workspace_id=community.workspace_id)
    rows: list[list[Any]] = []
    gone: list[uuid.UUID] = []
    changed: dict[Kind, list[uuid.UUID]] = {kind: [] for kind in KINDS}
    facts: list[Entry] = []
    at = stages.number_of(day)
    for member, now in found.items():
        row = kept.get(member)
        if not now.activity:
            if row is not None:
                gone.append(member)
            continue
        if row is None:
            if member not in known:
                continue
            row = MemberStage(
                workspace_id=community.workspace_id, community=community, member_id=member, activity="", purchase="", number=clock.now_ms()
            )
        why = because[member]
        if why == "time" and now.last_day == at:
            why = "events"
        is_changed = False
        for kind in KINDS:
            was, becomes = getattr(row, kind), getattr(now, kind)
            if was == becomes:
                continue
            is_changed = True
            changed[kind].append(member)
            setattr(row, kind, becomes)
            setattr(row, f"{kind}_since", day if why else None)
            was = was or ARRIVED[kind]
            is_told = why is not None and was != becomes and (kind == "purchase" or member in kept)
            if is_told:
                facts.append(_fact(community, row, kind=kind, was=was, becomes=becomes, because=str(why)))
                row.number += 1
        if is_changed:
            rows.append([getattr(row, f"{name}_id", None) or getattr(row, name) for name in _NAMES[:3]] + [getattr(row, name) for name in _NAMES[3:]])
    bulk.upsert(MemberStage, _NAMES, rows, key=("community", "member"))
    forget(community, gone)
    for kind in KINDS:
        if changed[kind]:
            facts.append(Changed(workspace_id=community.workspace_id, table=VALUES, key=queries.key(kind, community.pk), member_ids=changed[kind]))
    if facts:
        stream.record(*facts)


def _fact(community: Community, row: MemberStage, *, kind: Kind, was: str, becomes: str, because: str) -> Fact:
    return Fact(
        workspace_id=community.workspace_id,
        name="stage_changed",
        member_id=row.member_id,
        community_id=community.pk,
        id=ids.digest("stage", str(community.pk), str(row.member_id), kind, str(row.number)),
        properties={"kind": kind, "from": was, "to": becomes, "because": because},
    )


def forget(community: Community, members: Iterable[uuid.UUID]) -> None:
    """These are no members of the community any more: merged into others, or bots, or their history was taken out. Within a transaction."""
    named = list(members)
    if not named:
        return
    for chunk in bulk.chunks(named):
        MemberStage.objects.in_workspace(community.workspace_id).filter(community=community, member_id__in=chunk).delete()
        MemberRFM.objects.in_workspace(community.workspace_id).filter(community=community, member_id__in=chunk).delete()
    keys = [*(queries.key(kind, community.pk) for kind in KINDS), *rfm.keys(community.pk)]
    stream.record(*(Changed(workspace_id=community.workspace_id, table=VALUES, key=key, member_ids=named) for key in keys))
