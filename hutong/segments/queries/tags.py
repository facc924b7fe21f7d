"""Which tags there are, who has them, and what names them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from hutong.foundation.errors import NotFound
from hutong.members import bulk
from hutong.members.models import AttributeValue, Member
from hutong.segments import vocabulary
from hutong.segments.models import MemberTag, Segment, SegmentMember, Tag, TagGroup
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Known:
    """A tag with what is counted of it."""

    tag: Tag
    members: int
    named_by: list[Segment]  # segments whose conditions name it


@dataclass(frozen=True, slots=True)
class Worn:
    """A tag a member shows."""

    tag_id: uuid.UUID
    name: str
    color: str
    source: str
    source_name: str
    set_at: dt.datetime


def groups(workspace: Workspace) -> list[TagGroup]:
    """Groups of tags in their order."""
    return list(TagGroup.objects.in_workspace(workspace).order_by("position", "pk"))


def tags(workspace: Workspace) -> list[Known]:
    """Every tag by name, with how many members have it."""
    rows = Tag.objects.in_workspace(workspace).select_related("segment").order_by("name", "pk")
    held = MemberTag.objects.in_workspace(workspace).order_by().values("tag_id").annotate(n=Count("member_id", distinct=True))
    counts = dict(held.values_list("tag_id", "n"))
    named = naming(workspace)
    return [Known(row, counts.get(row.pk, 0), named.get(str(row.pk), [])) for row in rows]


def tag(workspace: Workspace, tag_id: uuid.UUID) -> Known:
    """One tag. Raises NotFound."""
    row = Tag.objects.in_workspace(workspace).select_related("segment").filter(pk=tag_id).first()
    if row is None:
        raise NotFound("tag")
    held = MemberTag.objects.in_workspace(workspace).filter(tag=row).aggregate(n=Count("member_id", distinct=True))
    return Known(row, held["n"], naming(workspace).get(str(row.pk), []))


def group(workspace: Workspace, group_id: uuid.UUID) -> TagGroup:
    """One group of tags. Raises NotFound."""
    found = TagGroup.objects.in_workspace(workspace).filter(pk=group_id).first()
    if found is None:
        raise NotFound("tag group")
    return found


def of_members(workspace: Workspace, member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Worn]]:
    """The tags of members, by name; one that several origins have comes once, with the first source."""
    found: dict[uuid.UUID, dict[uuid.UUID, Worn]] = {}
    for chunk in bulk.chunks(member_ids):
        rows = MemberTag.objects.in_workspace(workspace).filter(member_id__in=chunk).order_by()
        facts = rows.values_list("member_id", "tag_id", "tag__name", "tag__color", "source", "source_name", "set_at")
        for member_id, tag_id, name, color, source, source_name, set_at in sorted(facts, key=lambda row: (row[2], row[6])):
            found.setdefault(member_id, {}).setdefault(tag_id, Worn(tag_id, name, color, source, source_name, set_at))
    return {member_id: list(worn.values()) for member_id, worn in found.items()}


def of_member(workspace: Workspace, member_id: uuid.UUID) -> list[Worn]:
    """The tags of one member. Raises NotFound."""
    if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
        raise NotFound("member")
    return of_members(workspace, [member_id]).get(member_id, [])


def segments_of_member(workspace: Workspace, member_id: uuid.UUID) -> list[SegmentMember]:
    """The segments a member is in, by name."""
    rows = SegmentMember.objects.in_workspace(workspace).filter(member_id=member_id).select_related("segment")
    return list(rows.order_by("segment__name"))


def naming(workspace: Workspace) -> dict[str, list[Segment]]:
    """By tag id, the segments whose conditions name it, by name."""
    return _named(workspace, "tag")


def attribute_usage(workspace: Workspace) -> tuple[dict[str, int], dict[str, list[Segment]]]:
    """By attribute key: how many members have a value, and the segments whose conditions name it."""
    held = AttributeValue.objects.in_workspace(workspace).order_by().values("attribute__key").annotate(n=Count("pk"))
    return dict(held.values_list("attribute__key", "n")), _named(workspace, "attribute")


def rests_on(workspace: Workspace, segment_id: uuid.UUID, tag_id: uuid.UUID) -> bool:
    """Whether a segment's members depend on a tag: by its own condition, or through other segments and the tags that follow them."""
    conditions = {str(pk): condition for pk, condition in Segment.objects.in_workspace(workspace).values_list("pk", "condition")}
    rules = Tag.objects.in_workspace(workspace).filter(segment__isnull=False).values_list("pk", "segment_id")
    followed = {str(pk): str(segment) for pk, segment in rules}
    seen: set[str] = set()
    left = {str(segment_id)}
    while left:
        one = left.pop()
        seen.add(one)
        if str(tag_id) in vocabulary.named_in(conditions.get(one), "tag"):
            return True
        left |= vocabulary.rests_on(conditions.get(one), followed) - seen
    return False


def _named(workspace: Workspace, kind: str) -> dict[str, list[Segment]]:
    found: dict[str, list[Segment]] = {}
    for segment in Segment.objects.in_workspace(workspace).filter(kind="live").order_by("name", "pk"):
        for name in vocabulary.named_in(segment.condition, kind):
            found.setdefault(name, []).append(segment)
    return found
