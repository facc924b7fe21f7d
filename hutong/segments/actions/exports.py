"""Asking for a segment's members as a file."""

from __future__ import annotations

import uuid

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.segments import tasks
from hutong.segments.models import EXPORT_FORMATS, Segment, SegmentExport
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

XLSX_ROWS_MAX = 1_000_000  # a sheet holds 1,048,576


def begin(workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID, kind: str, language: str) -> SegmentExport:
    """Ask for a file of who is in the segment now."""
    if kind not in EXPORT_FORMATS:
        raise Invalid.field("format", f"只能是 {'、'.join(EXPORT_FORMATS)}。", f"Must be one of {', '.join(EXPORT_FORMATS)}.")
    with transaction.atomic():
        segment = Segment.objects.in_workspace(workspace).filter(pk=segment_id).first()
        if segment is None:
            raise NotFound("segment")
        if kind == "xlsx" and segment.members_count > XLSX_ROWS_MAX:
            raise Invalid.field("format", "成员超过 100 万，请导出 CSV。", "There are over a million members. Export as CSV.")
        made = SegmentExport.objects.create(
            workspace=workspace, segment=segment, format=kind, members_total=segment.members_count, language=language, by_name=actor.name
        )
        audit.write(workspace, actor=actor, action="segment.export", target=segment, details={"format": kind, "members": segment.members_count})
        tasks.export.enqueue(str(made.pk))
    return made


def cancel(workspace: Workspace, *, export_id: uuid.UUID) -> None:
    """Stop writing; nothing happens to one that has ended."""
    rows = SegmentExport.objects.in_workspace(workspace).filter(pk=export_id)
    if not rows.exists():
        raise NotFound("export")
    rows.filter(state="running").update(state="cancelled", finished_at=clock.now())
