"""The steps of an import as a person takes them. Each is checked against where the import is and started as a job.

Imports of one workspace change its numbers one after the other; the next one waits.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hutong.foundation import clock, ids
from hutong.imports import tasks
from hutong.imports.actions import choices
from hutong.imports.errors import HasRejects, NothingToImport, NotReady, OtherImportBusy, WrongState
from hutong.imports.models import HISTORY, Import
from hutong.imports.uploads import paths
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

WORKING = frozenset({"checking", "running", "finishing", "cancelling", "undoing"})
STEPS: dict[str, frozenset[str]] = {
    "change": choices.CHANGEABLE,
    "check": frozenset({"uploaded", "checked"}),
    "run": frozenset({"checked", "failed"}),
    "cancel": frozenset({"checking", "waiting", "running", "finishing", "failed"}),
    "undo": frozenset({"done"}),
    "discard": frozenset({"uploaded", "checked", "cancelled", "undone"}),
}
NEEDED = {
    "community": ("请选择社群，或填写新社群的名称。", "Choose a community or name a new one."),
    "group": ("请选择群，或填写新群的名称。", "Choose a group or name a new one."),
    "date": ("文件里没有日期，请填写这些消息是哪一天的。", "The file states no date. Say which day these messages are from."),
    "date_order": ("日期分不清日和月，请选择顺序。", "Day and month cannot be told apart. Choose their order."),
    "mapping": ("请指明哪一列是时间、发言人和内容。", "Say which column is the time, the sender and the text."),
}
# Of lists, where it is another matter.
NEEDED_OF_LISTS = {
    "mapping": (
        "请指明每一列是什么；订单至少要有订单号、时间和金额。",
        "Say what each column is; orders need the order id, the time and the amount.",
    ),
    "keys": ("请至少选一列用来认出成员，例如手机号。", "Choose at least one column by which members are found, such as the phone."),
    "community": ("请选择订单属于哪个社群。", "Choose the community the orders belong to."),
}


def possible(batch: Import) -> list[str]:
    """What may be done with the import now."""
    return [step for step, states in STEPS.items() if batch.state in states]


def check(workspace: Workspace, *, actor: Actor, import_id: UUID) -> Import:
    """Start reading everything once."""
    with transaction.atomic():
        batch = _at(workspace, import_id, "check")
        _require_choices(batch)
        paths(batch)
        reading = ids.new().hex
        batch.state, batch.checked, batch.progress = "checking", {}, {"reading": reading}
        batch.error_code, batch.error_params = "", {}
        batch.save()
        tasks.check.enqueue(str(batch.pk), reading)
    return batch


def run(workspace: Workspace, *, actor: Actor, import_id: UUID) -> Import:
    """Start a checked import, or go on with a failed one where it stopped."""
    with transaction.atomic():
        batch = _at(workspace, import_id, "run")
        _require_choices(batch)
        paths(batch)
        if batch.state == "checked":
            if not batch.checked["records"]:
                raise NothingToImport()
            if batch.checked["rejected"] and not batch.keep_good_rows:
                raise HasRejects(count=batch.checked["rejected"])
            batch.progress = {}
        batch.error_code, batch.error_params = "", {}
        batch.started_at = batch.started_at or clock.now()
        batch.state = "waiting"
        batch.save()
        choices.remember_mapping(batch)
        audit.write(workspace, actor=actor, action="import.started", target=batch, target_name=batch.files[0]["name"])
        tasks.start_next(workspace.pk)
    batch.refresh_from_db()
    return batch


def cancel(workspace: Workspace, *, actor: Actor, import_id: UUID) -> Import:
    """Stop. What a running or failed import added is taken out by a job; a check simply ends."""
    with transaction.atomic():
        batch = _at(workspace, import_id, "cancel")
        if batch.state == "checking":
            batch.state, batch.progress = "uploaded", {}
        elif batch.state == "waiting" and not batch.progress:
            batch.state, batch.started_at, batch.progress = "checked", None, {}
        else:
            if batch.state in ("failed", "waiting") and tasks.is_busy(workspace.pk):
                raise OtherImportBusy()
            batch.state = "cancelling"
            audit.write(workspace, actor=actor, action="import.cancelled", target=batch, target_name=batch.files[0]["name"])
            tasks.remove.enqueue(str(batch.pk))
        batch.save()
    return batch


def undo(workspace: Workspace, *, actor: Actor, import_id: UUID) -> Import:
    """Take out what a finished import added."""
    with transaction.atomic():
        batch = _at(workspace, import_id, "undo")
        if tasks.is_busy(workspace.pk):
            raise OtherImportBusy()
        batch.state = "undoing"
        batch.save()
        audit.write(workspace, actor=actor, action="import.undone", target=batch, target_name=batch.files[0]["name"])
        tasks.remove.enqueue(str(batch.pk))
    return batch


def _at(workspace: Workspace, import_id: UUID, step: str) -> Import:
    batch = choices.locked(workspace, import_id=import_id)
    if batch.state not in STEPS[step]:
        raise WrongState(batch.state, step)
    return batch


def _require_choices(batch: Import) -> None:
    missing = choices.missing(batch)
    if missing:
        needed = NEEDED if batch.kind == HISTORY else NEEDED | NEEDED_OF_LISTS
        raise NotReady([{"field": name, "message": dict(zip(("zh", "en"), needed[name], strict=True))} for name in missing])
