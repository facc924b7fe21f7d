"""What a list has said so far, kept on the disk: by which keys whom, and, while it is only checked, what would be known of them."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self


class Found(NamedTuple):
    """The member found by a key, and whose fact the key is, which differs after a merge."""

    member_id: uuid.UUID
    origin_id: uuid.UUID


class Memory:
    """A file beside the import's own, gone when the work ends; memory stays the same however many members there are."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)  # of work that was killed
        self._store = sqlite3.connect(self._path, isolation_level=None)
        self._store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
            "CREATE TABLE found (key TEXT, member TEXT, origin TEXT, PRIMARY KEY (key, member)) WITHOUT ROWID;"
            "CREATE TABLE known (member TEXT, field TEXT, value TEXT, PRIMARY KEY (member, field)) WITHOUT ROWID;"
            "CREATE TABLE met (id TEXT PRIMARY KEY) WITHOUT ROWID"
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._store.close()
        self._path.unlink(missing_ok=True)

    def learn(self, keys: Iterable[tuple[str, Found]]) -> None:
        """These keys find these members."""
        self._many("INSERT OR IGNORE INTO found VALUES (?, ?, ?)", ((key, one.member_id.hex, one.origin_id.hex) for key, one in keys))

    def find(self, keys: Iterable[str]) -> dict[str, list[Found]]:
        """Whom the keys find."""
        rows = self._store.execute(
            "SELECT found.key, member, origin FROM json_each(?) AS asked CROSS JOIN found ON found.key = asked.value ORDER BY found.key, member",
            (json.dumps(list(keys)),),
        )
        found: dict[str, list[Found]] = {}
        for key, member, origin in rows:
            found.setdefault(key, []).append(Found(uuid.UUID(member), uuid.UUID(origin)))
        return found

    def note(self, facts: Iterable[tuple[uuid.UUID, str, Any]]) -> None:
        """What would be known of members: field and value."""
        self._many("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", ((member.hex, field, json.dumps(value)) for member, field, value in facts))

    def noted(self, member_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
        """What was noted of these."""
        rows = self._store.execute(
            "SELECT member, field, known.value FROM json_each(?) AS asked CROSS JOIN known ON member = asked.value",
            (json.dumps([one.hex for one in member_ids]),),
        )
        found: dict[uuid.UUID, dict[str, Any]] = {}
        for member, field, value in rows:
            found.setdefault(uuid.UUID(member), {})[field] = json.loads(value)
        return found

    def meet(self, ids: Iterable[str]) -> None:
        """Remember ids."""
        self._many("INSERT OR IGNORE INTO met VALUES (?)", ((one,) for one in ids))

    def met(self, ids: Iterable[str]) -> set[str]:
        """Which of them were met."""
        return {
            row[0]
            for row in self._store.execute(
                "SELECT met.id FROM json_each(?) AS asked CROSS JOIN met ON met.id = asked.value", (json.dumps(list(ids)),)
            )
        }

    def _many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._store.execute("BEGIN")
        self._store.executemany(statement, rows)
        self._store.execute("COMMIT")
