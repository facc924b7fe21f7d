"""The check: everything is read once and counted; every place that cannot be read is kept with its reason. Nothing is added."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from hutong.events.queries import history as warehouse
from hutong.foundation import clock
from hutong.foundation.jobs.running import checkpoint
from hutong.imports.models import Import, ImportReject
from hutong.imports.reading import History, stored_reject
from hutong.imports.records import Record, Reject
from hutong.imports.rows import Place
from hutong.imports.uploads import paths
from hutong.imports.work.batches import Batch, batches
from hutong.imports.work.places import GROUPS_MAX, Gone, Routes, TooManyGroups, group_name
from hutong.members.actions.identities import Key

REJECTS_KEPT_MAX = 100_000
GROUP_KINDS = ("messages", "joins", "leaves")
PLURAL = {
    "message": "messages", "join": "joins", "leave": "leaves", "rename": "renames", "recall": "recalls", "reaction": "reactions", "system": "notices",
}  # fmt: skip


class Wanted(msgspec.Struct, gc=False):
    """A record whose group may have it already."""

    place: Place
    id: str
    day: str


class Counts:
    """What was counted so far."""

    def __init__(self) -> None:
        self.kinds: Counter[tuple[str, str]] = Counter()  # (group of the file, kind)
        self.members: set[Key] = set()
        self.days: set[str] = set()
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self.already_there = 0
        self.rejected = 0
        self.reasons: dict[str, dict[str, Any]] = {}

    @property
    def records(self) -> int:
        """How many there are of every kind."""
        return self.kinds.total()

    def take(self, record: Record, place: Place) -> Wanted | None:
        """Count one record."""
        kind, at_ms = record.kind, record.at_ms
        self.kinds[record.group, kind] += 1
        day, _ = place.days(at_ms)
        self.days.add(day)
        if self.first_ms is None or self.last_ms is None:
            self.first_ms = self.last_ms = at_ms
        elif at_ms < self.first_ms:
            self.first_ms = at_ms
        elif at_ms > self.last_ms:
            self.last_ms = at_ms
        if record.sender_id and kind != "system":
            self.members.add(place.key(record.sender_id, record.sender_name))
        return None if place.is_new else Wanted(place, place.record_id(record), day)

    def refuse(self, rejects: list[tuple[str, Reject]]) -> None:
        """Count what could not be read."""
        for _, item in rejects:
            reason = self.reasons.setdefault(item.code, {"count": 0, "params": item.params})
            reason["count"] += 1
        self.rejected += len(rejects)

    def dump(self, batch: Import) -> dict[str, Any]:
        """As the import keeps it; groups under the names they will have."""
        kinds = dict.fromkeys(PLURAL.values(), 0)
        groups: dict[str, dict[str, int]] = {}
        for (name, kind), count in self.kinds.items():
            plural = PLURAL[kind]
            kinds[plural] += count
            shown = groups.setdefault(name or group_name(batch, name), dict.fromkeys(GROUP_KINDS, 0))
            if plural in shown:
                shown[plural] += count
        return {
            **kinds,
            "records": self.records,
            "members": len(self.members),
            "days": len(self.days),
            "groups": groups,
            "first_ms": self.first_ms,
            "last_ms": self.last_ms,
            "already_there": self.already_there,
            "rejected": self.rejected,
            "reasons": self.reasons,
        }


def perform(import_id: UUID, *, reading: str) -> None:
    """Check an import that is in the state `checking`. Begun again after a crash, it starts from the beginning."""
    batch = Import.objects.across_workspaces().select_related("workspace").filter(pk=import_id, state="checking", progress__reading=reading).first()
    if batch is None:
        return
    started = clock.monotonic_seconds()
    ImportReject.objects.filter(batch=batch).delete()
    counts = Counts()
    history = History(paths(batch))
    routes = Routes(batch, making=False)
    problem: tuple[str, dict[str, Any]] = ("", {})
    try:
        for one in batches(batch, history, routes, counts.take):
            checkpoint()
            counts.refuse(one.rejects)
            counts.already_there += _already_there(batch, one.taken)
            if not _save_progress(batch, history, counts, clock.monotonic_seconds() - started, one):
                return
    except TooManyGroups:
        problem = ("too_many_groups", {"limit": GROUPS_MAX})
    except Gone:
        problem = ("community_gone", {})
    with transaction.atomic():
        rows = Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk, state="checking", progress__reading=reading)
        seconds = clock.monotonic_seconds() - started
        if problem[0]:
            rows.update(state="uploaded", progress={}, error_code=problem[0], error_params=problem[1])
        else:
            rows.update(state="checked", checked=counts.dump(batch) | {"seconds": round(seconds, 3)}, error_code="", error_params={})


def _already_there(batch: Import, wanted: list[Wanted]) -> int:
    """How many of them an earlier import brought in, or the batch itself repeats."""
    by_group: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_group.setdefault(one.place.group_id, []).append(one)
    return sum(
        len(
            warehouse.known_ids(
                str(batch.workspace_id),
                community_id=some[0].place.community_id,
                group_id=group_id,
                ids=[one.id for one in some],
                first_day=min(one.day for one in some),
                last_day=max(one.day for one in some),
            )
        )
        for group_id, some in by_group.items()
    )


def _save_progress(batch: Import, history: History, counts: Counts, seconds: float, one: Batch[Wanted]) -> bool:
    """Whether the check goes on: someone may have stopped it."""
    read, total = history.source.progress()
    kept = ImportReject.objects.filter(batch=batch).count() if counts.rejected else 0
    rows = [ImportReject(batch=batch, **stored_reject(file, item)) for file, item in one.rejects[: max(0, REJECTS_KEPT_MAX - kept)]]
    progress = {
        "phase": "check",
        "reading": batch.progress["reading"],
        "bytes_read": read,
        "bytes_total": total,
        "records_read": counts.records,
        "added": 0,
        "already_there": counts.already_there,
        "rejected": counts.rejected,
        "seconds": round(seconds, 3),
    }
    with transaction.atomic():
        mine = Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk, state="checking", progress__reading=batch.progress["reading"])
        if not mine.update(progress=progress):
            return False
        ImportReject.objects.bulk_create(rows, batch_size=500)
    return True
