"""The ids an import has met so far, kept on the disk: the check counts by them without adding anything."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self


class Met:
    """Ids with their local day. A file beside the import's own, gone when the check ends; memory stays the same however many there are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._store is not None:
            self._store.close()
            self._path.unlink(missing_ok=True)

    def known(self, ids: Iterable[str], *, first_day: str, last_day: str) -> set[str]:
        """Which of them were added for one of these days, or for the day before or after."""
        if self._store is None:
            return set()
        found = self._store.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM met WHERE id = value AND day BETWEEN date(?, '-1 day') AND date(?, '+1 day'))",
            (json.dumps(list(ids)), first_day, last_day),
        )
        return {row[0] for row in found}

    def add(self, days: Iterable[tuple[str, str]]) -> None:
        """Pairs of an id and its day."""
        if self._store is None:
            self._path.unlink(missing_ok=True)  # of a check that was killed
            self._store = sqlite3.connect(self._path, isolation_level=None)
            self._store.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE met (id TEXT, day TEXT, PRIMARY KEY (id, day)) WITHOUT ROWID"
            )
        self._store.execute("BEGIN")
        self._store.executemany("INSERT OR IGNORE INTO met VALUES (?, ?)", sorted(days))
        self._store.execute("COMMIT")
