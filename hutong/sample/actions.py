"""Loading and removing the sample community."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q

from hutong.communities.models import Community, Group
from hutong.events import actions as events
from hutong.foundation import clock, ids
from hutong.members.actions import merges
from hutong.members.models import AttributeValue, Identity, Member, Membership, Merge, OriginState, Participation
from hutong.sample import records, tags
from hutong.sample.errors import SampleBusy, SampleMissing, SamplePresent
from hutong.sample.groups import COMMUNITY_DESCRIPTION, COMMUNITY_NAME, GROUPS, TIME_ZONE
from hutong.sample.lines import Lines
from hutong.sample.story import Story, tell
from hutong.segments.actions import life_cycle
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

ROWS_PER_BATCH = 20_000

_at_work = threading.Lock()  # one at a time: the data folder belongs to one process


@contextmanager
def _alone() -> Iterator[None]:
    if not _at_work.acquire(blocking=False):
        raise SampleBusy()
    try:
        yield
    finally:
        _at_work.release()


def install(workspace: Workspace, *, actor: Actor, end_day: dt.date | None = None) -> Community:
    """Make the sample community; its 180 days end on `end_day`, yesterday when not said.

    The groups are written last. A community of the sample without groups was left by a crash and is made anew.
    """
    with _alone():
        begun = Community.objects.in_workspace(workspace).filter(is_sample=True).first()
        if begun is not None:
            if Group.objects.in_workspace(workspace).filter(community=begun).exists():
                raise SamplePresent(name=begun.name)
            _forget_events(workspace, begun, [])
            begun.delete()
        story = tell(end_day or clock.local_date(clock.now(), TIME_ZONE) - dt.timedelta(days=1))
        community = Community.objects.create(
            workspace=workspace,
            name=_free_name(workspace),
            kind="marketing",
            description=COMMUNITY_DESCRIPTION,
            time_zone=TIME_ZONE,
            is_sample=True,
            created_at=clock.from_ms(story.start_ms),
        )
        _fill(workspace, community, story, actor)
        return community


def _free_name(workspace: Workspace) -> str:
    taken = set(Community.objects.in_workspace(workspace).filter(archived_at=None, name__startswith=COMMUNITY_NAME).values_list("name", flat=True))
    name, number = COMMUNITY_NAME, 1
    while name in taken:
        number += 1
        name = f"{COMMUNITY_NAME}（示例 {number}）"
    return name


def _fill(workspace: Workspace, community: Community, story: Story, actor: Actor) -> None:
    group_ids = [ids.new() for _ in GROUPS]
    member_ids = [ids.new() for _ in story.people]
    lines = Lines(story, workspace_id=workspace.pk, community_id=community.pk, group_ids=group_ids, member_ids=member_ids)
    waiting: list[bytes] = []
    for number, happenings in enumerate(story.days()):
        waiting += lines.of_day(number, happenings)
        if len(waiting) >= ROWS_PER_BATCH:
            events.append_history(workspace.pk, waiting, community_id=community.pk, token=f"{community.pk}/{number}")
            waiting = []
    events.append_history(workspace.pk, waiting, community_id=community.pk, token=f"{community.pk}/end")
    held = records.stays(story, lines)
    events.append_memberships(
        records.warehouse_stays(held, community=community, group_ids=group_ids, member_ids=member_ids), token=f"sample/{community.pk}"
    )
    with transaction.atomic():
        records.write(story, lines, held, community=community, group_ids=group_ids, member_ids=member_ids)
        tags.write(story, community=community, member_ids=member_ids)
        life_cycle.ask(community)
        audit.write(workspace, actor=actor, action="sample.load", target=community, details={"members": len(member_ids), "events": lines.count})


def remove(workspace: Workspace, *, actor: Actor) -> None:
    """Take out the sample community with its members, and every event of theirs. A real member merged with one is set free first."""
    with _alone():
        community = Community.objects.in_workspace(workspace).filter(is_sample=True).first()
        if community is None:
            raise SampleMissing()
        for merge_id in _mixed_merges(workspace):
            merges.undo(workspace, actor=actor, merge_id=merge_id)
        member_ids = list(Member.objects.in_workspace(workspace).filter(is_sample=True).values_list("pk", flat=True))
        _forget_events(workspace, community, member_ids)
        with transaction.atomic():
            audit.write(workspace, actor=actor, action="sample.remove", target=community, details={"members": len(member_ids)})
            tags.remove(workspace)
            life_cycle.forget(community, member_ids)
            _delete_members(workspace)
            records.mark_gone(workspace.pk, member_ids)
            community.delete()


def _mixed_merges(workspace: Workspace) -> list[uuid.UUID]:
    """Merges of a sample member with a real one that hold, the latest first."""
    mixed = Q(kept__is_sample=True, absorbed__is_sample=False) | Q(kept__is_sample=False, absorbed__is_sample=True)
    return list(Merge.objects.in_workspace(workspace).filter(mixed, undone_at=None).order_by("-at", "-id").values_list("pk", flat=True))


def _delete_members(workspace: Workspace) -> None:
    for model in (AttributeValue, Participation, Membership, Identity):
        model.objects.in_workspace(workspace).filter(member__is_sample=True).delete()
    OriginState.objects.in_workspace(workspace).filter(origin__is_sample=True).delete()
    Merge.objects.in_workspace(workspace).filter(Q(kept__is_sample=True) | Q(absorbed__is_sample=True)).delete()
    Member.objects.in_workspace(workspace).filter(is_sample=True).delete()


def _forget_events(workspace: Workspace, community: Community, member_ids: list[uuid.UUID]) -> None:
    """Before the records: while the community's row is there, a crash in between leaves something to remove again."""
    events.remove_community(workspace.pk, community_id=community.pk)
    if member_ids:
        events.remove_members(workspace.pk, member_ids=member_ids)
