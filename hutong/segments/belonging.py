"""What lists of members know of segments and tags: narrowed to a segment, those outside one, a tag, a stage, a band of RFM; tags as a column."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from hutong.foundation.errors import NotFound
from hutong.members import bulk
from hutong.members.among import Narrowing
from hutong.members.columns import Column
from hutong.members.models import Member
from hutong.segments.models import MemberTag, Segment, SegmentMember, Tag
from hutong.segments.queries import life_cycle, rfm
from hutong.workspaces.models import Workspace


def in_segment(workspace: Workspace, value: str) -> QuerySet[Any, Any]:
    """Who is in a segment now."""
    found = Segment.objects.in_workspace(workspace).filter(pk=identifier(value, "segment")).first()
    if found is None:
        raise NotFound("segment")
    return SegmentMember.objects.in_workspace(workspace).filter(segment=found).values("member_id")


def outside_segment(workspace: Workspace, value: str) -> QuerySet[Any, Any]:
    """Who is not in a segment now: a part of an overlap is some segments without the others."""
    return Member.objects.in_workspace(workspace).filter(merged_into=None).exclude(pk__in=in_segment(workspace, value)).values("pk")


def with_tag(workspace: Workspace, value: str) -> QuerySet[Any, Any]:
    """Who has a tag."""
    found = Tag.objects.in_workspace(workspace).filter(pk=identifier(value, "tag")).first()
    if found is None:
        raise NotFound("tag")
    return MemberTag.objects.in_workspace(workspace).filter(tag=found).values("member_id")


def identifier(value: str, kind: str) -> uuid.UUID:
    """An id as text; one that is none belongs to nothing."""
    try:
        return uuid.UUID(value)
    except ValueError as error:
        raise NotFound(kind) from error


def tag_names(workspace: Workspace, member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The tags each of these members shows, as one text that lists of members are read from again."""
    found: dict[uuid.UUID, set[str]] = {}
    for chunk in bulk.chunks(member_ids):
        rows = MemberTag.objects.in_workspace(workspace).filter(member_id__in=chunk).order_by()
        for member_id, name in rows.values_list("member_id", "tag__name"):
            found.setdefault(member_id, set()).add(name)
    return {member_id: "、".join(sorted(names)) for member_id, names in found.items()}


COLUMNS: dict[str, Column] = {"tags": tag_names}
AMONG: dict[str, Narrowing] = {
    "segment": in_segment, "segment_not": outside_segment, "tag": with_tag, "stage": life_cycle.at_stage, "rfm": rfm.in_cells,
}  # fmt: skip
