"""The check: everything is read once and counted; every place that cannot be read is kept with its reason. Nothing is added.

Its numbers are those the run will give: batches, ids and what is compared with what are the same as in `adding`.
"""

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
from hutong.imports.uploads import folder, paths
from hutong.imports.work.batches import Batch, batches
from hutong.imports.work.met import Met
from hutong.imports.work.places import GROUPS_MAX, Gone, Routes, TooManyGroups, group_name
from hutong.members.actions.identities import Key

REJECTS_KEPT_MAX = 100_000
GROUP_KINDS = ("messages", "joins", "leaves")
PLURAL = {
    "message": "messages", "join": "joins", "leave": "leaves", "rename": "renames", "recall": "recalls", "reaction": "reactions", "system": "notices",
}  # fmt: skip


class Wanted(msgspec.Struct, gc=False):
    """A record that its group, or a part of the files read before, may have already."""

    place: Place
    id: str
    day: str
    group: str
    kind: str


class Counts:
    """What was counted so far."""

    def __init__(self, *, may_repeat: bool) -> None:
        self.may_repeat = may_repeat
        self.records = 0
        self.kinds: Counter[tuple[str, str]] = Counter()  # (group of the file, kind), what is repeated once
        self.members = 0
        self.names: set[Key] = set()  # one member may bear several
        self.days: set[str] = set()
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self.already_there = 0
        self.rejected = 0
        self.reasons: dict[str, dict[str, Any]] = {}

    def take(self, record: Record, place: Place) -> Wanted | None:
        """Count one record, but for what it is where it may be a repetition."""
        kind, at_ms = record.kind, record.at_ms
        self.records += 1
        day, _ = place.days(at_ms)
        self.days.add(day)
        if self.first_ms is None or self.last_ms is None:
            self.first_ms = self.last_ms = at_ms
        elif at_ms < self.first_ms:
            self.first_ms = at_ms
        elif at_ms > self.last_ms:
            self.last_ms = at_ms
        if record.sender_id and kind != "system":
            self.meet(place.key(record.sender_id, record.sender_name))
            if kind == "rename" and record.subject_id:  # whoever bears a name first met so is who took it
                self.names.add(place.key(record.subject_id, record.subject_name))
        if self.may_repeat or not place.is_new or record.message_id:
            return Wanted(place, place.record_id(record), day, record.group, kind)
        self.kinds[record.group, kind] += 1
        return None

    def meet(self, name: Key) -> None:
        """Count whoever bears a name not met before."""
        if name not in self.names:
            self.names.add(name)
            self.members += 1

    def compare(self, batch: Import, wanted: list[Wanted], met: Met) -> None:
        """Count what may be a repetition."""
        by_id: dict[str, Wanted] = {}
        for one in wanted:
            by_id.setdefault(one.id, one)
        self.already_there += len(wanted) - len(by_id)
        by_group: dict[str, list[Wanted]] = {}
        for one in by_id.values():
            by_group.setdefault(one.place.group_id, []).append(one)
        for some in by_group.values():
            ids = [one.id for one in some]
            first_day, last_day = min(one.day for one in some), max(one.day for one in some)
            repeated = met.known(ids, first_day=first_day, last_day=last_day)
            there = set() if some[0].place.is_new else _there(batch, some[0].place, ids, first_day, last_day)
            self.already_there += len(repeated | there)
            self.kinds.update((one.group, one.kind) for one in some if one.id not in repeated)
            met.add((one.id, one.day) for one in some if one.id not in repeated)

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
            "members": self.members,
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
    history = History(paths(batch))
    counts = Counts(may_repeat=len(history.source.parts) > 1)
    routes = Routes(batch, making=False)
    problem: tuple[str, dict[str, Any]] = ("", {})
    try:
        with Met(folder() / str(batch.pk) / f"met.{reading}") as met:
            for one in batches(batch, history, routes, counts.take):
                checkpoint()
                counts.refuse(one.rejects)
                counts.compare(batch, one.taken, met)
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


def _there(batch: Import, place: Place, ids: list[str], first_day: str, last_day: str) -> set[str]:
    """Which of them an earlier import, or the group's own life, has brought in."""
    return warehouse.known_ids(
        str(batch.workspace_id), community_id=place.community_id, group_id=place.group_id, ids=ids, first_day=first_day, last_day=last_day
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
