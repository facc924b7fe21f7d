"""Files come in and go away."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.foundation import clock, ids
from hutong.foundation.text import storable
from hutong.imports.actions import choices
from hutong.imports.errors import FileRefused, NoFiles, TooManyFiles, WrongState
from hutong.imports.models import HISTORY, Import, ImportReject
from hutong.imports.records import FileError
from hutong.imports.uploads import FILES_MAX, disk_error, folder, remove_files
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

DISCARDABLE = frozenset({"uploaded", "checked", "cancelled", "undone"})
SUFFIX_CHARACTERS_MAX = 20


def create(workspace: Workspace, *, actor: Actor, files: Sequence[Any], encoding: str = "", kind: str = HISTORY) -> Import:
    """Store dropped files, find out what they are and read their beginning, in `encoding` where one is named.

    Raises FileRefused for what cannot be read; nothing is kept then.
    """
    if not files:
        raise NoFiles()
    if len(files) > FILES_MAX:
        raise TooManyFiles(limit=FILES_MAX)
    import_id = ids.new()
    place = folder() / str(import_id)
    place.mkdir(parents=True, mode=0o700)
    try:
        stored = _store(place, files)
        batch = Import(
            id=import_id,
            workspace=workspace,
            kind=kind,
            files=stored,
            created_by=actor.user,
            created_by_name=actor.name,
            created_at=clock.now(),
        )
        choices.begin(batch, encoding=encoding)
        with transaction.atomic():
            batch.save(force_insert=True)
            audit.write(workspace, actor=actor, action="import.uploaded", target=batch, target_name=stored[0]["name"], details={"files": len(stored)})
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return batch


def _store(place: Path, files: Sequence[Any]) -> list[dict[str, Any]]:
    stored: list[dict[str, Any]] = []
    seen: set[tuple[str, str]] = set()
    for dropped in files:
        name = storable(dropped.name or "file")
        if (name, dropped.sha256) in seen:  # the same under another name may be another day
            continue
        seen.add((name, dropped.sha256))
        if not dropped.size:
            raise FileRefused(FileError("file_empty", {"file": name}))
        try:
            dropped.keep(place / str(len(stored)))
        except OSError as error:
            raise disk_error(error) from error
        stored.append({"name": name, "bytes": dropped.size, "sha256": dropped.sha256})
    return stored


def discard(workspace: Workspace, *, actor: Actor, import_id: UUID) -> None:
    """Forget an import that added nothing."""
    with transaction.atomic():
        batch = choices.locked(workspace, import_id=import_id)
        if batch.state not in DISCARDABLE:
            raise WrongState(batch.state, "discard")
        audit.write(workspace, actor=actor, action="import.discarded", target=batch, target_name=batch.files[0]["name"])
        ImportReject.objects.filter(batch=batch).delete()
        batch.delete()
        transaction.on_commit(lambda: remove_files(import_id))
