"""One batch of rows at a time: read, matched, counted. The check and the run share it, so that their numbers are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from hutong.imports.models import Import
from hutong.imports.records import FileError, Reject
from hutong.imports.tables.entries import Entry, Order, Reader
from hutong.imports.tables.files import Row, Table
from hutong.imports.tables.matching import Person, Planner

BATCH_ROWS = 2_000
COUNTED = ("rows", "made", "updated", "unchanged", "skipped", "values", "paid", "refunded", "already_there", "rejected", "cells")

OrderKey = tuple[str, str]  # status, order id
There = Callable[[list[OrderKey]], set[OrderKey]]


class Sifted(msgspec.Struct):
    """What one batch came to."""

    orders: list[tuple[Order, Person]] = []
    rejects: list[Reject] = []


class Tally:
    """What was counted so far, as the import keeps it."""

    def __init__(self, saved: dict[str, Any] | None = None) -> None:
        saved = saved or {}
        self.counts: Counter[str] = Counter(saved.get("counts", {}))
        self.reasons: dict[str, dict[str, Any]] = dict(saved.get("reasons", {}))
        self.amounts: dict[str, str] = dict(saved.get("amounts", {}))  # "paid CNY" -> sum
        self.first_ms: int | None = saved.get("first_ms")
        self.last_ms: int | None = saved.get("last_ms")

    def refuse(self, rejects: Iterable[Reject], *, rows: bool) -> None:
        """Count rows that cannot be used, or cells that were left out."""
        for item in rejects:
            reason = self.reasons.setdefault(item.code, {"count": 0, "params": item.params})
            reason["count"] += 1
            self.counts["rejected" if rows else "cells"] += 1

    def order(self, one: Order) -> None:
        """Count an order that is new."""
        self.counts[one.status] += 1
        name = f"{one.status} {one.properties['currency']}"
        self.amounts[name] = str(Decimal(self.amounts.get(name, "0")) + Decimal(str(one.properties["amount"])))
        self.first_ms = one.at_ms if self.first_ms is None else min(self.first_ms, one.at_ms)
        self.last_ms = one.at_ms if self.last_ms is None else max(self.last_ms, one.at_ms)

    def dump(self) -> dict[str, Any]:
        """As JSON keeps it."""
        counts = {name: self.counts[name] for name in COUNTED}
        return {
            "counts": counts, "reasons": self.reasons, "amounts": self.amounts, "first_ms": self.first_ms, "last_ms": self.last_ms,
            # What every import says of itself.
            "records": counts["rows"] - counts["rejected"], "rejected": counts["rejected"],
        }  # fmt: skip


def batches(table: Table) -> Iterator[list[Row | Reject]]:
    """The rows of a list in batches whose borders are the same at every reading; a break of the file comes last, as a reject."""
    current: list[Row | Reject] = []
    try:
        for item in table.rows():
            current.append(item)
            if len(current) == BATCH_ROWS:
                yield current
                current = []
    except FileError as error:
        current.append(Reject(int(error.params.get("line") or 0), error.code, error.params, ""))
    yield current


def sift(batch: Import, items: list[Row | Reject], *, reader: Reader, planner: Planner, tally: Tally, there: There | None) -> Sifted:
    """Read and place one batch; the planner holds what it changes."""
    found = Sifted()
    entries: list[Entry] = []
    for item in items:
        tally.counts["rows"] += 1
        entry = item if isinstance(item, Reject) else reader.read(*item)
        if isinstance(entry, Reject):
            found.rejects.append(entry)
        elif entry.is_skipped:
            tally.counts["skipped"] += 1
        else:
            entries.append(entry)
    known = there([_key(entry.order) for entry in entries if entry.order is not None]) if there is not None else set()
    planner.begin(entries)
    notes: list[Reject] = []
    for entry in entries:
        if entry.order is not None and _key(entry.order) in known:
            tally.counts["already_there"] += 1
            continue
        outcome = planner.place(entry)
        if isinstance(outcome, Reject):
            found.rejects.append(outcome)
            continue
        notes += entry.notes
        if entry.order is None:
            tally.counts[outcome] += 1
            continue
        if planner.placed is None:
            tally.counts["skipped"] += 1
            continue
        tally.counts["made"] += outcome == "made"
        known.add(_key(entry.order))
        tally.order(entry.order)
        found.orders.append((entry.order, planner.placed))
    tally.counts["values"] += planner.plan.values_changed
    tally.refuse(found.rejects, rows=True)
    tally.refuse(notes, rows=False)
    found.rejects = sorted([*found.rejects, *notes], key=lambda one: one.line)
    return found


def _key(order: Order) -> OrderKey:
    return order.status, order.order_id
