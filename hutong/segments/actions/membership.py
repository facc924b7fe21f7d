"""Who is in a segment: the one place where members enter and leave, with all that follows from it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from hutong.foundation import stream
from hutong.foundation.stream import Fact
from hutong.members import bulk
from hutong.members.models import Member
from hutong.segments import projection
from hutong.segments.actions import tags
from hutong.segments.models import Segment, SegmentDay, SegmentMember

ENTERED, LEFT = "segment_entered", "segment_left"
SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Members who enter and leave one segment at a moment. `told` are those for whom an event is recorded: history and new definitions tell nobody."""

    workspace_id: uuid.UUID
    segment_id: uuid.UUID
    day: dt.date
    at: dt.datetime
    entered: Sequence[uuid.UUID]
    left: Sequence[uuid.UUID]
    told: frozenset[uuid.UUID]
    because: str  # events | time | staff | edit | automation
    told_by: str = SYSTEM  # who did it, as facts say


def change(outcome: Outcome) -> int:
    """Write it; how many rows changed. Within a transaction; who is in already, or out already, or gone meanwhile, is passed over."""
    workspace_id, segment_id = outcome.workspace_id, outcome.segment_id
    if not Segment.objects.in_workspace(workspace_id).filter(pk=segment_id).exists():
        return 0
    told = (_told(outcome, outcome.entered, are_in=False), _told(outcome, outcome.left, are_in=True))
    entered = bulk.insert_known(
        SegmentMember,
        {"workspace": workspace_id, "segment": segment_id, "entered_at": outcome.at},
        Member,
        "member",
        outcome.entered,
        workspace_id=workspace_id,
    )
    left = 0
    for chunk in bulk.chunks(outcome.left):
        left += SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=segment_id, member_id__in=chunk)._raw_delete("default")
    if not entered and not left:
        return 0
    Segment.objects.in_workspace(workspace_id).filter(pk=segment_id).update(members_count=F("members_count") + entered - left)
    _count_day(outcome, entered, left)
    projection.mark_segment(workspace_id, segment_id, [*outcome.entered, *outcome.left])
    tags.follow_segment(workspace_id, segment_id, entered=outcome.entered, left=outcome.left, told=outcome.told, told_by=outcome.told_by)
    _tell(outcome, *told)
    return entered + left


def _told(outcome: Outcome, some: Sequence[uuid.UUID], *, are_in: bool) -> list[uuid.UUID]:
    """Of those to be told of, the ones for whom something changes."""
    wanted = [one for one in some if one in outcome.told]
    found: list[uuid.UUID] = []
    for chunk in bulk.chunks(wanted):
        rows = SegmentMember.objects.in_workspace(outcome.workspace_id).filter(segment_id=outcome.segment_id, member_id__in=chunk)
        inside = set(rows.values_list("member_id", flat=True))
        known = set(Member.objects.in_workspace(outcome.workspace_id).filter(pk__in=chunk).values_list("pk", flat=True))
        found += [one for one in chunk if one in known and (one in inside) == are_in]
    return found


def _count_day(outcome: Outcome, entered: int, left: int) -> None:
    """Comings and goings of a new definition are none."""
    size = Segment.objects.in_workspace(outcome.workspace_id).values_list("members_count", flat=True).get(pk=outcome.segment_id)
    counted = (0, 0) if outcome.because == "edit" else (entered, left)
    days = SegmentDay.objects.in_workspace(outcome.workspace_id)
    row, is_new = days.get_or_create(
        workspace_id=outcome.workspace_id, segment_id=outcome.segment_id, day=outcome.day,
        defaults={"members": size, "entered": counted[0], "left": counted[1]},
    )  # fmt: skip
    if not is_new:
        days.filter(pk=row.pk).update(members=size, entered=F("entered") + counted[0], left=F("left") + counted[1])


def _tell(outcome: Outcome, entered: Sequence[uuid.UUID], left: Sequence[uuid.UUID]) -> None:
    facts = [
        Fact(
            workspace_id=outcome.workspace_id, name=name, member_id=member_id, occurred_at=outcome.at, source=outcome.told_by,
            properties={"segment_id": str(outcome.segment_id), "because": outcome.because},
        )
        for name, some in ((ENTERED, entered), (LEFT, left))
        for member_id in some
    ]  # fmt: skip
    if facts:
        stream.record(*facts)
