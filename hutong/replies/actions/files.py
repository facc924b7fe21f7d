"""Files of rules: kept and checked, then taken in whole or not at all (`files/taking.py`); and rules written into one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hutong.channels.errors import FileTooLarge
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.foundation.jobs.models import Job
from hutong.foundation.text import one_line
from hutong.replies import tasks
from hutong.replies.errors import RuleFileState, TooManyToExport
from hutong.replies.files import columns, tables
from hutong.replies.files.columns import Places
from hutong.replies.models import Rule, RuleFile
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

XLSX_RULES_MAX = 5_000
KEPT = dt.timedelta(days=1)
JOB_OF_STATE = {"waiting": "check", "checking": "check", "running": "take_in"}


def upload(workspace: Workspace, *, actor: Actor, file: UploadedFile[bytes]) -> RuleFile:
    """Keep a file and have it checked. Raises FileTooLarge."""
    if (file.size or 0) > tables.FILE_BYTES_MAX:
        raise FileTooLarge(mb=tables.FILE_BYTES_MAX // 1024**2)
    name = one_line("file", (file.name or "file").replace("\\", "/").rpartition("/")[2], length_max=200)
    with transaction.atomic():
        made = RuleFile.objects.create(workspace=workspace, name=name, content=file.read(), source=actor.source, by_name=actor.name)
        tasks.check_file.enqueue(str(made.pk))
        audit.write(workspace, actor=actor, action="reply.upload", target=made, target_name=name)
    return made


def begin(workspace: Workspace, *, actor: Actor, file_id: uuid.UUID) -> RuleFile:
    """Take in a file that was checked. Raises RuleFileState."""
    with transaction.atomic():
        file = RuleFile.objects.in_workspace(workspace).select_for_update().defer("content").filter(pk=file_id).first()
        if file is None:
            raise NotFound("reply file")
        if file.state != "checked":
            raise RuleFileState()
        file.state, file.rows_done = "running", 0
        file.save(update_fields=["state", "rows_done"])
        tasks.take_in_file.enqueue(str(file.pk))
        audit.write(
            workspace, actor=actor, action="reply.import", target=file, target_name=file.name, details={"added": file.added, "changed": file.changed}
        )
    return file


def mind() -> None:
    """A file whose job died has failed; one left for a day is forgotten."""
    for file in RuleFile.objects.across_workspaces().filter(state__in=list(JOB_OF_STATE)).defer("content"):
        jobs = Job.objects.filter(dedupe_key=f"reply_file.{JOB_OF_STATE[file.state]}:{file.pk}", state="dead")
        if jobs.exists():
            RuleFile.objects.across_workspaces().filter(pk=file.pk, state=file.state).update(state="failed", content=b"", finished_at=clock.now())
    RuleFile.objects.across_workspaces().filter(created_at__lt=clock.now() - KEPT).exclude(state__in=list(JOB_OF_STATE)).delete()


def exported(workspace: Workspace, *, language: str) -> Iterator[list[Any]]:
    """Every rule as a line, after the headings."""
    yield list(columns.titles(language))
    places = Places.of(workspace)
    rows = Rule.objects.in_workspace(workspace).filter(deleted_at=None).order_by("-priority", "id")
    for rule in rows.iterator(chunk_size=500):
        yield columns.written(rule, places, language)


def exported_xlsx(workspace: Workspace, *, language: str) -> bytes:
    """The same as a workbook. Raises TooManyToExport."""
    if Rule.objects.in_workspace(workspace).filter(deleted_at=None).count() > XLSX_RULES_MAX:
        raise TooManyToExport(limit=f"{XLSX_RULES_MAX:,}")
    return tables.xlsx(exported(workspace, language=language))
