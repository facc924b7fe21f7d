"""What the tests of the life cycle do and look at: people doing things, time passing, stages kept, counted, mirrored and told."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from hutong.communities.models import Community, Group
from hutong.events import queries as warehouse
from hutong.events import subscribers
from hutong.events.models import DeadEvent
from hutong.foundation import clock, stream
from hutong.foundation.jobs import worker
from hutong.foundation.stream import Fact
from hutong.members.actions import profiles
from hutong.segments import stages
from hutong.segments.actions import life_cycle as actions
from hutong.segments.models import MemberStage, Segment, SegmentMember
from hutong.segments.queries import life_cycle as queries
from hutong.segments.stages import Point, Thresholds
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace

ZONE = "Europe/Berlin"
NOON = dt.datetime(2026, 3, 1, 11, 0, tzinfo=dt.UTC)  # the clocks there change on the 29th


def person(workspace: Workspace, name: str) -> uuid.UUID:
    return profiles.create(workspace, actor=SYSTEM, name=name, identities=[("qq", name)], given={}).pk


def does(group: Group, member_id: uuid.UUID, name: str = "message_sent", at: dt.datetime | None = None, **properties: Any) -> None:
    stream.record(
        Fact(
            workspace_id=group.workspace_id, name=name, member_id=member_id, community_id=group.community_id, group_id=group.pk, channel="qq",
            occurred_at=at or clock.now(), properties=properties,
        )
    )  # fmt: skip


def catch_up() -> None:
    """What happens within a second or two: readers, followers, jobs, and the readers of what these wrote."""
    subscribers.drain()
    while worker.drain():
        subscribers.drain()
    subscribers.drain()
    assert not DeadEvent.objects.exists()


def midnight() -> None:
    """What the schedule does twice a minute."""
    actions.start_due()
    catch_up()


def kept(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    rows = MemberStage.objects.in_workspace(community.workspace_id).filter(community=community)
    return {row.member_id: (row.activity, row.purchase) for row in rows}


def counted(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    """Everybody by the statement, now."""
    point = Point(queries.today(community), Thresholds.read(queries.settings(community).thresholds))
    asked = stages.statement(community.workspace_id, community.pk, [point])
    return {member: (activity[0], purchase[0]) for member, activity, purchase, _ in warehouse.rows(asked.text, asked.parameters)}


def mirrored(community: Community) -> dict[uuid.UUID, tuple[str, str]]:
    found: dict[uuid.UUID, dict[str, str]] = {}
    for member, key, text in warehouse.rows(
        "SELECT member_id, key, text FROM member_values FINAL WHERE workspace_id = {w:UUID} AND startsWith(key, 'life.')",
        {"w": str(community.workspace_id)},
    ):
        found.setdefault(member, {})[key] = text
    return {member: (own[queries.key("activity", community.pk)], own[queries.key("purchase", community.pk)]) for member, own in found.items()}


def told(workspace: Workspace) -> list[tuple[uuid.UUID, str, str, str, str]]:
    """Every transition there was, in order: member, kind, from, to, because."""
    rows = warehouse.rows(
        "SELECT member_id, toString(properties.kind), toString(properties.from), toString(properties.to), toString(properties.because) FROM events"
        " WHERE workspace_id = {w:UUID} AND name = 'stage_changed' ORDER BY received_at, properties.kind::String, member_id",
        {"w": str(workspace.pk)},
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def inside(segment: Segment) -> set[uuid.UUID]:
    return set(SegmentMember.objects.in_workspace(segment.workspace_id).filter(segment=segment).values_list("member_id", flat=True))
