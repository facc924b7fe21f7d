"""Django's SQLite engine on a SQLite free of the WAL-reset fault, with fair write turns.

Debian 12 ships 3.40.1, inside the range 3.7.0-3.51.2 where two connections that write and checkpoint at once can
corrupt a WAL database; the pysqlite3 wheel brings a newer one and takes the place of `sqlite3`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

try:
    import pysqlite3
except ImportError:  # a platform without the wheel: `hutong doctor` reports the version in use
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.db.backends.sqlite3 import base as stock
from django.db.utils import OperationalError

from hutong.foundation.sqlite.turns import Turns

WRITE_TURN_TIMEOUT_SECONDS = 60.0

_turns: dict[str, Turns] = {}


class DatabaseWrapper(stock.DatabaseWrapper):
    """One write transaction at a time within this process; other processes wait on SQLite's own lock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def _take_turn(self) -> None:
        if self._has_turn:
            return
        turns = _turns.setdefault(str(self.settings_dict["NAME"]), Turns())
        if not turns.take(timeout_seconds=WRITE_TURN_TIMEOUT_SECONDS):
            raise OperationalError("database is locked: no write turn in time")
        self._has_turn = True

    def _leave_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turns[str(self.settings_dict["NAME"])].leave()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave_turn()
            raise

    @contextmanager
    def bare_transaction(self) -> Iterator[None]:
        """A write transaction for statements through the driver only, without Django's bookkeeping (four fifths of a small commit)."""
        self.ensure_connection()
        run = self.connection.execute
        self._take_turn()
        try:
            run("BEGIN IMMEDIATE")
            try:
                yield
                run("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # some failures have ended it already
                    run("ROLLBACK")
                raise
        finally:
            self._leave_turn()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave_turn()
