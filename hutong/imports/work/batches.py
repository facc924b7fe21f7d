"""The records of an import in batches whose borders are the same at every reading, so that a batch can be sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

from hutong.imports.models import Import
from hutong.imports.reading import History
from hutong.imports.records import Record, Reject
from hutong.imports.rows import Place
from hutong.imports.work.places import Routes

BATCH_RECORDS = 30_000
BATCH_CHARACTERS = 8_000_000

Taken = TypeVar("Taken")


class Batch(msgspec.Struct, Generic[Taken]):
    """Some records on their way, with what was met since the batch before."""

    number: int
    taken: list[Taken] = []
    rejects: list[tuple[str, Reject]] = []
    records: int = 0


def batches(batch: Import, history: History, routes: Routes, take: Callable[[Record, Place], Taken | None]) -> Iterator[Batch[Taken]]:
    """What `take` makes of every record, in order; None is left out. Raises TooManyGroups, Gone."""
    current: Batch[Taken] = Batch(0)
    part = history.part_number
    characters = 0
    for item in history.read(batch.format, batch.options):
        if isinstance(item, Record):
            if history.part_number != part:
                part = history.part_number
                for place in routes.places():
                    place.part_began()
            there = routes.place(item.group)
            if there is None:
                continue
            taken = take(item, there)
            if taken is not None:
                current.taken.append(taken)
            current.records += 1
            characters += len(item.text)
            if current.records < BATCH_RECORDS and characters < BATCH_CHARACTERS:
                continue
        else:
            current.rejects.append((history.file, item))
            if len(current.rejects) < BATCH_RECORDS:
                continue
        yield current
        current = Batch(current.number + 1)
        characters = 0
    yield current
