"""The import itself: batch after batch to the warehouse, past what is already there.

A batch is sent in three steps: its people are written to the records, its rows to the warehouse under a token, then that it is
done. After a crash the files are read again from the start without sending, up to the first batch not marked as done; that one
goes again with the same token, so the warehouse drops what it already has. Of this import's own rows only those of earlier batches
count as already there, told by the moment of receipt, which names the batch.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.events import actions as events
from hutong.events.queries import history as warehouse
from hutong.foundation import clock
from hutong.foundation.jobs.running import checkpoint
from hutong.imports.models import Import
from hutong.imports.people import Directory
from hutong.imports.reading import History
from hutong.imports.rows import Pending, compose, people, scan
from hutong.imports.uploads import paths, remove_files
from hutong.imports.work import finishing
from hutong.imports.work.batches import Batch, batches
from hutong.imports.work.places import Gone, Routes, alone
from hutong.members.actions.identities import Key
from hutong.segments.actions import segments

# Sends one batch while the next is read. One thread for the process: it keeps its connection to the warehouse.
_writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")


def perform(import_id: UUID) -> None:
    """Run an import to its end, from wherever it is."""
    batch = _load(import_id)
    if batch is None:
        return
    with alone(batch.workspace_id):
        batch = _load(import_id)
        if batch is not None and batch.state == "running":
            try:
                _add(batch)
            except Gone:
                Import.objects.in_workspace(batch.workspace_id).filter(pk=import_id).update(
                    state="failed", error_code="community_gone", error_params={}
                )
        batch = _load(import_id)
        if batch is not None and batch.state == "finishing":
            finishing.perform(batch)
            segments.history_changed(batch.workspace_id)
            done = Import.objects.in_workspace(batch.workspace_id).filter(pk=import_id, state="finishing")
            if done.update(state="done", finished_at=clock.now()):
                remove_files(import_id)


def _load(import_id: UUID) -> Import | None:
    return Import.objects.across_workspaces().select_related("workspace", "community").filter(pk=import_id).first()


class _Run:
    """One reading of the files on the way to the warehouse."""

    def __init__(self, batch: Import) -> None:
        self.batch = batch
        self.workspace_id = str(batch.workspace_id)
        self.source = f"import:{batch.pk}"
        self.history = History(paths(batch))
        self.routes = Routes(batch, making=True)
        self.directory = Directory(batch.workspace_id)
        self.started_ms = clock.to_ms(batch.started_at or batch.created_at)
        self.may_repeat = len(self.history.source.parts) > 1
        saved = batch.progress
        self.done = int(saved.get("batches", 0))
        self.added = int(saved.get("added", 0))
        self.already_there = int(saved.get("already_there", 0))
        self.seconds_before = float(saved.get("seconds", 0.0))
        self.began = clock.monotonic_seconds()
        self.read = self.rejected = 0

    def received_at(self, number: int) -> float:
        """The moment of receipt of a batch's rows: it also says which batch."""
        return (self.started_ms + number) / 1000


def _add(batch: Import) -> None:
    run = _Run(batch)
    sent: Future[None] | None = None
    try:
        for one in batches(batch, run.history, run.routes, scan):
            checkpoint()
            if one.number >= run.done:
                if sent is not None:
                    sent.result()
                    sent = None
                    if not _save(run, one.number, state="running"):
                        return
                sent = _send(run, one)
            run.read += one.records
            run.rejected += len(one.rejects)
            last = one.number
        if sent is not None:
            sent.result()
    finally:
        if sent is not None:
            wait([sent])
    _save(run, last + 1, state="finishing")


def _send(run: _Run, one: Batch[Pending]) -> Future[None] | None:
    """Start to send what is new of a batch; meanwhile the next one is read."""
    fresh = _fresh(run, one)
    run.already_there += len(one.taken) - len(fresh)
    run.added += len(fresh)
    with transaction.atomic():
        _know(run.directory, fresh)
    run.directory.look_up({one.addressed for one in fresh if one.addressed is not None} | {one.sender for one in fresh if one.sender is not None})
    block = compose(fresh, run.directory, source=run.source, received_at=run.received_at(one.number))
    one.taken.clear()  # the next batch needs the memory
    return _writer.submit(
        events.append_history,
        run.batch.workspace_id,
        [block] if block else [],
        community_id=UUID(run.routes.community_id),
        token=f"{run.batch.pk}/{one.number}",
    )


def _fresh(run: _Run, one: Batch[Pending]) -> list[Pending]:
    """Those the warehouse does not have yet, each once."""
    by_id: dict[str, Pending] = {}
    for pending in one.taken:
        by_id.setdefault(pending.id, pending)
    by_group: dict[str, list[Pending]] = {}
    for pending in by_id.values():
        if run.may_repeat or not pending.place.is_new or pending.record.message_id:
            by_group.setdefault(pending.place.group_id, []).append(pending)
    for group_id, some in by_group.items():
        known = warehouse.known_ids(
            run.workspace_id,
            community_id=some[0].place.community_id,
            group_id=group_id,
            ids=[pending.id for pending in some],
            first_day=min(pending.day for pending in some),
            last_day=max(pending.day for pending in some),
            source=run.source,
            before=run.received_at(one.number),
        )
        for record_id in known:
            del by_id[record_id]
    return list(by_id.values())


def _know(directory: Directory, fresh: list[Pending]) -> None:
    """Make everybody known. Somebody first met under a new name is who took it."""
    if any(one.subject is not None for one in fresh):
        directory.look_up({key for one in fresh for key in (one.sender, one.subject) if key is not None})
    met: set[Key] = set()
    renames: list[tuple[Key, Key, int]] = []
    renamed: set[Key] = set()
    for one in fresh:
        if one.sender is not None and one.record.kind != "system":
            met.add(one.sender)
        if one.sender is not None and one.subject is not None and one.subject not in met and directory.get(one.subject) is None:
            renames.append((one.sender, one.subject, one.record.at_ms))
            renamed.add(one.subject)
            met.add(one.subject)
    directory.recognise(people(one for one in fresh if one.sender not in renamed))
    for old_name, new_name, at_ms in renames:
        directory.link(known=old_name, new=new_name, at_ms=at_ms)
    if renamed:
        directory.recognise(people(one for one in fresh if one.sender in renamed))


def _save(run: _Run, done: int, *, state: str) -> bool:
    """Mark a batch as done. False when somebody has cancelled."""
    read, total = run.history.source.progress()
    run.done = done
    progress: dict[str, Any] = {
        "phase": "import" if state == "running" else "finish",
        "batches": done,
        "bytes_read": read,
        "bytes_total": total,
        "records_read": run.read,
        "added": run.added,
        "already_there": run.already_there,
        "rejected": run.rejected,
        "seconds": round(run.seconds_before + clock.monotonic_seconds() - run.began, 3),
    }
    rows = Import.objects.in_workspace(run.batch.workspace_id).filter(pk=run.batch.pk, state="running")
    return rows.update(state=state, progress=progress) == 1
