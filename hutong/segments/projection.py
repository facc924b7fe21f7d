"""Tags, segments and the life cycle as the warehouse mirrors them: rows of `member_tags`, `segment_members` and `member_values`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from hutong.foundation import stream
from hutong.foundation.stream import Changed
from hutong.members import bulk
from hutong.members import projection as members
from hutong.segments.models import MemberTag, SegmentMember
from hutong.segments.queries import life_cycle

TAGS, SEGMENTS = "member_tags", "segment_members"


def mark_tag(workspace_id: uuid.UUID, tag_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> None:
    """Whether these members have the tag may have changed. Within the change's transaction."""
    _mark(TAGS, workspace_id, tag_id, member_ids)


def mark_segment(workspace_id: uuid.UUID, segment_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> None:
    """Whether these members are in the segment may have changed. Within the change's transaction."""
    _mark(SEGMENTS, workspace_id, segment_id, member_ids)


def _mark(table: str, workspace_id: uuid.UUID, key: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> None:
    named = list(member_ids)
    if named:
        stream.record(Changed(workspace_id=workspace_id, table=table, key=str(key), member_ids=named))


def tag_rows(workspace_id: str, key: str, member_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `member_tags` for one tag."""
    there: set[uuid.UUID] = set()
    for chunk in bulk.chunks([uuid.UUID(one) for one in member_ids]):
        there.update(MemberTag.objects.in_workspace(workspace_id).filter(tag_id=key, member_id__in=chunk).values_list("member_id", flat=True))
    return _rows("tag_id", workspace_id, key, member_ids, there)


def segment_rows(workspace_id: str, key: str, member_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `segment_members` for one segment."""
    there: set[uuid.UUID] = set()
    for chunk in bulk.chunks([uuid.UUID(one) for one in member_ids]):
        there.update(SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=key, member_id__in=chunk).values_list("member_id", flat=True))
    return _rows("segment_id", workspace_id, key, member_ids, there)


def value_rows(workspace_id: str, key: str, member_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `member_values` for one attribute, one stage (`life.`) or one score (`score:rfm.`)."""
    if not key.startswith((life_cycle.LIFE, "score:rfm.")):
        return members.value_rows(workspace_id, key, member_ids)
    kept = life_cycle.values(uuid.UUID(workspace_id), [key], [uuid.UUID(one) for one in member_ids])
    column = "text" if key.startswith(life_cycle.LIFE) else "number"
    rows = []
    for one in member_ids:
        value = kept.get(uuid.UUID(one), {}).get(key)
        row = {"workspace_id": workspace_id, "key": key, "member_id": one, "is_deleted": int(value is None)}
        rows.append(row if value is None else row | {column: value})
    return rows


def _rows(column: str, workspace_id: str, key: str, member_ids: Sequence[str], there: set[uuid.UUID]) -> list[dict[str, Any]]:
    return [{"workspace_id": workspace_id, column: key, "member_id": one, "is_deleted": int(uuid.UUID(one) not in there)} for one in member_ids]
