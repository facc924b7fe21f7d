"""The jobs of segments, tags and bulk edits, and the minding of those left behind."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.task import QUEUE_SLOW, job
from hutong.segments.actions import edit_batches, tags
from hutong.segments.models import EditedMember, MemberEdit, Tag
from hutong.segments.queries.edits import UNDO_DAYS
from hutong.segments.work import building, exporting

PRUNED_TOGETHER = 5_000
PRUNE_ROWS_MAX = 100_000
JOB_OF_STATE = {"running": "run", "undoing": "undo"}


@job(name="segment.build", attempts_max=3, dedupe="segment.build:{0}:{1}:{2}")
def build(segment_id: str, because: str, asked_ms: int) -> None:
    """Count a live segment in full."""
    building.perform(UUID(segment_id), because=because, asked_ms=asked_ms)


@job(name="segment.export", attempts_max=3, dedupe="segment.export:{0}", queue=QUEUE_SLOW)
def export(export_id: str) -> None:
    """Write a file of a segment's members."""
    exporting.perform(UUID(export_id))


def sweep() -> None:
    """Every hour: files of exports that are too old go."""
    exporting.sweep()


@job(name="tag.sync", dedupe="tag.sync:{0}:{1}", queue=QUEUE_SLOW)
def sync_tag(tag_id: str, changed_at: str) -> None:
    """Bring a tag in line with its rule. `changed_at` tells this rule from the one before."""
    workspace_id = Tag.objects.across_workspaces().values_list("workspace_id", flat=True).filter(pk=tag_id).first()
    if workspace_id is not None:
        tags.sync(workspace_id, UUID(tag_id))


@job(name="member_edit.run", dedupe="member_edit.run:{0}", queue=QUEUE_SLOW)
def run_edit(edit_id: str) -> None:
    """Change the members of a bulk edit, from where it stopped."""
    edit_batches.perform(UUID(edit_id))


@job(name="member_edit.undo", dedupe="member_edit.undo:{0}", queue=QUEUE_SLOW)
def undo_edit(edit_id: str) -> None:
    """Take a bulk edit back, from where it stopped."""
    edit_batches.take_back(UUID(edit_id))


def mind() -> None:
    """Every minute: an edit whose job died is marked as failed; one whose job is gone gets another."""
    for edit in MemberEdit.objects.across_workspaces().filter(state__in=list(JOB_OF_STATE)):
        name = f"member_edit.{JOB_OF_STATE[edit.state]}"
        with transaction.atomic():
            jobs = Job.objects.filter(dedupe_key=f"{name}:{edit.pk}")
            rows = MemberEdit.objects.in_workspace(edit.workspace_id).filter(pk=edit.pk, state=edit.state)
            if jobs.filter(state__in=["ready", "running"]).exists() or not rows.exists():
                continue
            if jobs.filter(state="dead").exists():
                rows.update(state="failed", error="job_died", finished_at=clock.now())
            else:
                (run_edit if edit.state == "running" else undo_edit).enqueue(str(edit.pk))


def prune() -> None:
    """Every hour: what was there before old edits is forgotten."""
    old = clock.now() - dt.timedelta(days=UNDO_DAYS)
    for _ in range(PRUNE_ROWS_MAX // PRUNED_TOGETHER):
        with transaction.atomic():
            rows = EditedMember.objects.across_workspaces().filter(edit__finished_at__lt=old).exclude(edit__state="undoing")
            found = list(rows.order_by().values_list("pk", flat=True)[:PRUNED_TOGETHER])
            EditedMember.objects.across_workspaces().filter(pk__in=found).delete()
        if len(found) < PRUNED_TOGETHER:
            return
