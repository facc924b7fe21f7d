"""The database driver's own cursor: for statements that run thousands of times a second, where Django's layers cost more than the work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def flushed_later() -> None:
    """Commits of this thread's connection no longer wait for the disk; the next commit of any other connection brings them there with its own.

    For work that is done again when it is lost together with the place it had come to: a power cut may undo it, never tear it.
    """
    wrapper = connections[DEFAULT_DB_ALIAS]
    with wrapper.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL" if wrapper.vendor == "sqlite" else "SET synchronous_commit = off")


class Driver:
    """A cursor in the caller's thread and transaction. Statements mark values with `%s`; errors are the driver's (`wrap_database_errors`)."""

    __slots__ = ("_cursor", "_is_sqlite")

    def __init__(self, wrapper: BaseDatabaseWrapper | None = None) -> None:
        """`wrapper`: the thread's own connection, where it is at hand."""
        wrapper = wrapper or connections[DEFAULT_DB_ALIAS]
        wrapper.ensure_connection()
        self._cursor = wrapper.connection.cursor()
        self._is_sqlite = wrapper.vendor == "sqlite"

    def run(self, statement: str, values: Sequence[Any]) -> Any:
        """Run a statement; the cursor, to fetch or count rows."""
        self._cursor.execute(_marked(statement) if self._is_sqlite else statement, values)
        return self._cursor


@lru_cache(maxsize=500)
def _marked(statement: str) -> str:
    return statement.replace("%s", "?")
