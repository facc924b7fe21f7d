"""The jobs of imports: check, run, remove; and the minding of those that wait or were left behind."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hutong.foundation.jobs.models import Job
from hutong.foundation.jobs.task import QUEUE_SLOW, job
from hutong.imports.models import HISTORY, Import
from hutong.imports.tables import adding as adding_lists
from hutong.imports.tables import checking as checking_lists
from hutong.imports.tables import removing as removing_lists
from hutong.imports.work import adding, checking, removing

# What changes the numbers of a workspace; one at a time.
CHANGING = frozenset({"running", "finishing", "cancelling", "undoing"})
JOB_OF_STATE = {"checking": "check", "running": "run", "finishing": "run", "cancelling": "remove", "undoing": "remove"}


@job(name="import.check", dedupe="import.check:{0}:{1}", queue=QUEUE_SLOW)
def check(import_id: str, reading: str) -> None:
    """Read everything once and count. `reading` tells this check from one that was stopped before it."""
    (checking if _is_history(import_id) else checking_lists).perform(UUID(import_id), reading=reading)


@job(name="import.run", dedupe="import.run:{0}", queue=QUEUE_SLOW)
def run(import_id: str) -> None:
    """Add what is new, from where it stopped."""
    (adding if _is_history(import_id) else adding_lists).perform(UUID(import_id))
    _mind_next(UUID(import_id))


@job(name="import.remove", dedupe="import.remove:{0}", queue=QUEUE_SLOW)
def remove(import_id: str) -> None:
    """Take out what an import added."""
    (removing if _is_history(import_id) else removing_lists).perform(UUID(import_id))
    _mind_next(UUID(import_id))


def _is_history(import_id: str) -> bool:
    return Import.objects.across_workspaces().filter(pk=import_id, kind=HISTORY).exists()


def is_busy(workspace_id: UUID) -> bool:
    """Whether an import is changing the numbers of the workspace."""
    return Import.objects.in_workspace(workspace_id).filter(state__in=CHANGING).exists()


def start_next(workspace_id: UUID) -> None:
    """Start the import that has waited longest, if none is at work. Within a transaction."""
    if is_busy(workspace_id):
        return
    batch = Import.objects.in_workspace(workspace_id).filter(state="waiting").order_by("started_at", "id").first()
    if batch is not None:
        Import.objects.in_workspace(workspace_id).filter(pk=batch.pk).update(state="running")
        run.enqueue(str(batch.pk))


def _mind_next(import_id: UUID) -> None:
    workspace_id = Import.objects.across_workspaces().values_list("workspace_id", flat=True).filter(pk=import_id).first()
    if workspace_id is not None:
        with transaction.atomic():
            start_next(workspace_id)


def mind() -> None:
    """Every minute: an import whose job died is marked as failed, and the next one waiting begins."""
    for batch in Import.objects.across_workspaces().filter(state__in=list(JOB_OF_STATE)):
        with transaction.atomic():
            if not Job.objects.filter(dedupe_key=_key(batch), state__in=["ready", "running"]).exists():
                _left_behind(batch)
    for workspace_id in set(Import.objects.across_workspaces().filter(state="waiting").values_list("workspace_id", flat=True)):
        with transaction.atomic():
            start_next(workspace_id)


def _key(batch: Import) -> str:
    name = JOB_OF_STATE[batch.state]
    return f"import.{name}:{batch.pk}" + (f":{batch.progress.get('reading', '')}" if name == "check" else "")


def _left_behind(batch: Import) -> None:
    name = JOB_OF_STATE[batch.state]
    dead = Job.objects.filter(dedupe_key=_key(batch), state="dead").exists()
    rows = Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk, state=batch.state)
    if not rows.exists():
        return  # it ended meanwhile
    if name == "remove":  # taking out has to be finished whatever it takes
        remove.enqueue(str(batch.pk))
    elif not dead and name == "run":
        run.enqueue(str(batch.pk))
    elif not dead:
        check.enqueue(str(batch.pk), batch.progress.get("reading", ""))
    elif name == "check":
        rows.update(state="uploaded", progress={}, error_code="job_died", error_params={})
    else:
        rows.update(state="failed", error_code="job_died", error_params={})
