"""The check of a list: everything is read and matched and counted as the run will, and nothing is written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.foundation.jobs.running import checkpoint
from hutong.imports.models import ORDERS, Import, ImportReject
from hutong.imports.reading import stored_reject
from hutong.imports.records import Reject
from hutong.imports.tables import orders
from hutong.imports.tables.entries import Reader, facts
from hutong.imports.tables.files import Table
from hutong.imports.tables.matching import Planner
from hutong.imports.tables.memory import Memory
from hutong.imports.tables.sifting import OrderKey, Tally, batches, sift
from hutong.imports.uploads import folder, paths

REJECTS_KEPT_MAX = 100_000


def perform(import_id: UUID, *, reading: str) -> None:
    """Check an import that is in the state `checking`. Begun again after a crash, it starts from the beginning."""
    batch = Import.objects.across_workspaces().select_related("workspace").filter(pk=import_id, state="checking", progress__reading=reading).first()
    if batch is None:
        return
    started = clock.monotonic_seconds()
    ImportReject.objects.filter(batch=batch).delete()
    mine = Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk, state="checking", progress__reading=reading)
    if not community_is_there(batch):
        mine.update(state="uploaded", progress={}, error_code="community_gone", error_params={})
        return
    table = Table(paths(batch), batch.options)
    tally, kept = Tally(), 0
    with Memory(folder() / str(batch.pk) / f"list.{reading}") as memory:
        found = facts(batch)
        reader, planner = Reader(batch, table.columns, found), Planner(batch, memory, found, only_check=True)

        def there(keys: list[OrderKey]) -> set[OrderKey]:
            met = memory.met(orders.event_id(*key) for key in keys)
            return orders.there(batch, keys) | {key for key in keys if orders.event_id(*key) in met}

        for items in batches(table):
            checkpoint()
            sifted = sift(batch, items, reader=reader, planner=planner, tally=tally, there=there if batch.kind == ORDERS else None)
            planner.end()
            memory.meet(orders.event_id(order.status, order.order_id) for order, _ in sifted.orders)
            seconds = clock.monotonic_seconds() - started
            with transaction.atomic():
                if not mine.update(progress=progress("check", table, tally, seconds) | {"reading": reading}):
                    return
                kept += keep_rejects(batch, table.name, sifted.rejects, kept=kept)
    seconds = clock.monotonic_seconds() - started
    mine.update(state="checked", checked=tally.dump() | {"seconds": round(seconds, 3)}, error_code="", error_params={})


def community_is_there(batch: Import) -> bool:
    """Whether the community chosen for orders still takes any."""
    chosen = batch.options["community_id"]
    return not chosen or Community.objects.in_workspace(batch.workspace_id).filter(pk=chosen, archived_at=None).exists()


def keep_rejects(batch: Import, file: str, rejects: list[Reject], *, kept: int) -> int:
    """Write down what could not be used, up to the limit; how many were written. Within a transaction."""
    rows = [ImportReject(batch=batch, **stored_reject(file, item)) for item in rejects[: max(0, REJECTS_KEPT_MAX - kept)]]
    ImportReject.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def progress(phase: str, table: Table, tally: Tally, seconds: float) -> dict[str, Any]:
    """How far the work is, in the words every import uses, with all that was counted."""
    read, total = table.progress()
    counts = tally.counts
    return {
        "phase": phase,
        "bytes_read": read,
        "bytes_total": total,
        "records_read": counts["rows"],
        "added": 0 if phase == "check" else counts["paid"] + counts["refunded"] or counts["made"],
        "already_there": counts["already_there"] + counts["unchanged"],
        "rejected": counts["rejected"],
        "seconds": round(seconds, 3),
        "tally": tally.dump(),
    }
