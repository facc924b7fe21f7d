"""The import of a list: batch after batch, each whole or not at all.

What a batch changes about members is one transaction with its counts. Its orders are written to a file first, so that after a
crash the very same rows go to the warehouse again under the same token, which drops what it already has.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from hutong.events import actions as events
from hutong.foundation import clock, ids
from hutong.foundation.jobs.running import checkpoint
from hutong.imports.models import ORDERS, Import, ImportReject
from hutong.imports.tables import journal, orders
from hutong.imports.tables.checking import community_is_there, keep_rejects, progress
from hutong.imports.tables.entries import Reader, facts
from hutong.imports.tables.files import Table
from hutong.imports.tables.matching import Planner
from hutong.imports.tables.memory import Memory
from hutong.imports.tables.sifting import OrderKey, Sifted, Tally, batches, sift
from hutong.imports.uploads import folder, paths, remove_files
from hutong.imports.work import finishing
from hutong.imports.work.places import actor_of, alone
from hutong.members.actions import attributes
from hutong.members.models import Attribute
from hutong.segments.actions import segments


def perform(import_id: UUID) -> None:
    """Run an import to its end, from wherever it is."""
    batch = _load(import_id)
    if batch is None:
        return
    with alone(batch.workspace_id):
        batch = _load(import_id)
        if batch is not None and batch.state == "running":
            if community_is_there(batch):
                _Run(batch).go()
            else:
                Import.objects.in_workspace(batch.workspace_id).filter(pk=import_id, state="running").update(
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
    """One reading of the list on its way into the records."""

    def __init__(self, batch: Import) -> None:
        self.batch = batch
        self.place = folder() / str(batch.pk)
        self.mine = Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk, state="running")
        saved = batch.progress
        self.done = int(saved.get("batches", 0))  # whose changes are in the records
        self.sent = int(saved.get("sent", 0))  # whose orders are in the warehouse
        self.tally = Tally(saved.get("tally"))
        self.seconds_before = float(saved.get("seconds", 0.0))
        self.began = clock.monotonic_seconds()
        self.composer = orders.Composer(batch)
        self.started_ms = clock.to_ms(batch.started_at or batch.created_at)

    def go(self) -> None:
        """Everything not done yet."""
        _make_attributes(self.batch)
        if self.done == 0:
            ImportReject.objects.filter(batch=self.batch).delete()
        kept = ImportReject.objects.filter(batch=self.batch).count()
        if self.sent < self.done:
            self._send(self.done - 1)
        table = Table(paths(self.batch), self.batch.options)
        with Memory(self.place / "list.run") as memory:
            found = facts(self.batch)
            reader, planner = Reader(self.batch, table.columns, found), Planner(self.batch, memory, found, only_check=False)
            for number, items in enumerate(batches(table)):
                if number < self.done:
                    continue
                checkpoint()
                sifted = sift(
                    self.batch, items, reader=reader, planner=planner, tally=self.tally, there=self._there if self.batch.kind == ORDERS else None
                )
                kept += self._save(number, table, planner, sifted, kept=kept)
                if self.done <= number:
                    return  # somebody has cancelled
                planner.end()
                if self.sent < self.done:
                    self._send(number)
            self.mine.update(state="finishing", progress=self._progress("finish", table))

    def _there(self, keys: list[OrderKey]) -> set[OrderKey]:
        return orders.there(self.batch, keys)

    def _save(self, number: int, table: Table, planner: Planner, sifted: Sifted, *, kept: int) -> int:
        """The changes of a batch, the way back and the counts, all at once; nothing when the import was cancelled. Gives the rejects kept."""
        if sifted.orders:
            self._put_aside(number, self.composer.lines(sifted.orders, received_at=(self.started_ms + number) / 1000))
        with transaction.atomic():
            done, sent = self.done, self.sent
            self.done = number + 1
            self.sent = number if sifted.orders else number + 1
            if not self.mine.update(progress=self._progress("import", table)):
                self.done, self.sent = done, sent
                return 0
            journal.write(self.batch, planner.plan)
            return keep_rejects(self.batch, table.name, sifted.rejects, kept=kept)

    def _progress(self, phase: str, table: Table) -> dict[str, Any]:
        seconds = self.seconds_before + clock.monotonic_seconds() - self.began
        return progress(phase, table, self.tally, seconds) | {"batches": self.done, "sent": self.sent}

    def _put_aside(self, number: int, lines: dict[str, str]) -> None:
        with self._file(number).open("wb") as out:
            out.write(msgspec.json.encode(lines))
            out.flush()
            os.fsync(out.fileno())

    def _send(self, number: int) -> None:
        path = self._file(number)
        lines: dict[str, str] = msgspec.json.decode(path.read_bytes())
        for community_id, block in lines.items():
            events.append_history(
                self.batch.workspace_id, [block.encode()], community_id=UUID(community_id), token=f"{self.batch.pk}/{number}/{community_id}"
            )
        self.sent = number + 1
        saved = self.mine.values_list("progress", flat=True).first()
        if saved is not None:
            self.mine.update(progress=saved | {"sent": self.sent})
        path.unlink()

    def _file(self, number: int) -> Path:
        return self.place / f"orders.{number}"


def _make_attributes(batch: Import) -> None:
    """The attributes that columns ask for, each once; a resumed run finds them made."""
    chosen = {column: target.partition(":")[2] for column, target in batch.options["table"]["mapping"].items() if target.startswith("new:")}
    for column, type_name in chosen.items():
        if column in batch.made.get("attributes", {}):
            continue
        with transaction.atomic():
            name = " ".join(column.split())[: attributes.NAME_LENGTH_MAX]
            made = attributes.define(batch.workspace, actor=actor_of(batch), key=_free_key(batch, column), name_zh=name, name_en=name, kind=type_name)
            batch.made.setdefault("attributes", {})[column] = made.key
            batch.save(update_fields=["made"])


def _free_key(batch: Import, column: str) -> str:
    """A key no attribute has: the heading where it is one, else made from it."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:50]
    wanted = plain if attributes.KEY.fullmatch(plain) else f"field_{ids.digest(column)[:8]}"
    taken = set(Attribute.objects.in_workspace(batch.workspace_id).values_list("key", flat=True)) | set(
        attributes.ensure_standard(batch.workspace_id)
    )
    found, count = wanted, 1
    while found in taken:
        count += 1
        found = f"{wanted}_{count}"
    return found
