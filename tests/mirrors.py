"""Whether the warehouse mirrors the records of members: what was told of, against what there is."""

from __future__ import annotations

from typing import Any

from hutong.events import queries, subscribers
from hutong.foundation import clock
from hutong.members import projection
from hutong.members.models import Attribute, AttributeValue, Member
from hutong.segments.models import MemberTag, SegmentMember
from hutong.workspaces.models import Workspace

_COLUMNS = {
    "people": ("toString(member_id)", "name", "first_seen_at", "channels", "is_anonymous", "is_bot", "is_sample"),
    "member_values": ("toString(member_id)", "text", "number", "day", "month_day", "boolean", "items"),
}


def check(workspace: Workspace) -> None:
    """Drain the log, then compare every row."""
    subscribers.drain()
    members = [str(pk) for pk in Member.objects.in_workspace(workspace).filter(merged_into=None).values_list("pk", flat=True)]
    assert _stored("people", workspace) == _told("people", projection.people_rows(str(workspace.pk), "", members))
    for key in Attribute.objects.in_workspace(workspace).values_list("key", flat=True):
        holders = AttributeValue.objects.in_workspace(workspace).filter(attribute__key=key).values_list("member_id", flat=True)
        rows = projection.value_rows(str(workspace.pk), key, [str(pk) for pk in holders])
        assert _stored("member_values", workspace, key) == _told("member_values", rows), key
    worn = queries.rows("SELECT tag_id, member_id FROM member_tags FINAL WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)})
    assert {tuple(row) for row in worn} == set(MemberTag.objects.in_workspace(workspace).values_list("tag_id", "member_id"))


def _stored(table: str, workspace: Workspace, key: str = "") -> dict[str, tuple[Any, ...]]:
    where = "workspace_id = {w:UUID}" + (" AND key = {key:String}" if key else "")
    found = queries.rows(f"SELECT {', '.join(_COLUMNS[table])} FROM {table} FINAL WHERE {where}", {"w": str(workspace.pk), "key": key})
    return {row[0]: tuple(row[1:]) for row in found}


def _told(table: str, rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    empty = {"text": "", "items": []}
    seen = [row | {"first_seen_at": clock.from_ms(round(row["first_seen_at"] * 1000))} if "first_seen_at" in row else row for row in rows]
    return {row["member_id"]: tuple(row.get(column, empty.get(column)) for column in _COLUMNS[table][1:]) for row in seen}


def check_segments(workspace: Workspace) -> None:
    """Drain the log, then compare who is in which segment."""
    subscribers.drain()
    found = queries.rows("SELECT segment_id, member_id FROM segment_members FINAL WHERE workspace_id = {w:UUID}", {"w": str(workspace.pk)})
    assert {tuple(row) for row in found} == set(SegmentMember.objects.in_workspace(workspace).values_list("segment_id", "member_id"))
