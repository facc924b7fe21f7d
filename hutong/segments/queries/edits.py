"""Bulk edits: whom they are for, and how far they are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.members.queries import lists
from hutong.segments.models import MemberEdit, Segment, SegmentMember
from hutong.workspaces.models import Workspace

IDS_MAX = 10_000
UNDO_DAYS = 30  # what was there before an edit is kept so long
ENDED = ("done", "cancelled", "failed")
_IDS, _DAYS = ("community_id", "group_id"), ("joined_from", "joined_to")


def whom(workspace: Workspace, given: Mapping[str, Any]) -> QuerySet[Any, Any]:
    """The ids of the members meant by `{ids: [...]}`, `{segment_id}` or `{filter: fields of MemberFilter}`. Of members merged away those
    who show for them. Raises NotFound, Invalid.
    """
    if "ids" in given:
        shown = set(origins.heads(workspace.pk, [uuid.UUID(one) for one in given["ids"]]).values())
        return Member.objects.in_workspace(workspace).filter(pk__in=shown).order_by().values_list("pk", flat=True)
    if "segment_id" in given:
        if not Segment.objects.in_workspace(workspace).filter(pk=given["segment_id"]).exists():
            raise NotFound("segment")
        rows = SegmentMember.objects.in_workspace(workspace).filter(segment_id=given["segment_id"], member__merged_into=None)
        return rows.order_by().values_list("member_id", flat=True)
    return lists.ids(workspace, _filter(given["filter"]))


def _filter(given: Mapping[str, Any]) -> lists.MemberFilter:
    fields = dict(given)
    for name in _IDS:
        if fields.get(name) is not None:
            fields[name] = uuid.UUID(fields[name])
    for name in _DAYS:
        if fields.get(name) is not None:
            fields[name] = dt.date.fromisoformat(fields[name])
    return lists.MemberFilter(**fields)


def edits(workspace: Workspace, *, cursor: str | None, limit: int) -> pages.Page[MemberEdit]:
    """Bulk edits, newest first."""
    return pages.paginate(MemberEdit.objects.in_workspace(workspace), order=["-created_at", "-id"], cursor=cursor, limit=limit)


def edit(workspace: Workspace, edit_id: uuid.UUID) -> MemberEdit:
    """One bulk edit. Raises NotFound."""
    found = MemberEdit.objects.in_workspace(workspace).filter(pk=edit_id).first()
    if found is None:
        raise NotFound("edit")
    return found


def shown(workspace: Workspace, found: list[MemberEdit]) -> list[dict[str, Any]]:
    """Edits as answered everywhere. The name of a segment that is gone is None."""
    wanted = [one.whom["segment_id"] for one in found if "segment_id" in one.whom]
    names = {str(pk): name for pk, name in Segment.objects.in_workspace(workspace).filter(pk__in=wanted).values_list("pk", "name")}
    return [_shown(one, names) for one in found]


def _shown(edit: MemberEdit, names: Mapping[str, str]) -> dict[str, Any]:
    fields = (
        "id", "change", "state", "members_total", "members_seen", "members_changed", "members_restored", "members_kept", "error", "by_name",
        "created_at", "finished_at", "undone_at",
    )  # fmt: skip
    segment_id = edit.whom.get("segment_id")
    kind = "segment" if segment_id else "filter" if "filter" in edit.whom else "ids"
    segment = {"id": segment_id, "name": names.get(segment_id)} if segment_id else None
    until = None if edit.finished_at is None or edit.state not in ENDED else edit.finished_at + dt.timedelta(days=UNDO_DAYS)
    return {name: getattr(edit, name) for name in fields} | {
        "members": {"kind": kind, "segment": segment, "filter": edit.whom.get("filter")},
        "undo_until": until if until is not None and until > clock.now() else None,
    }
