"""Clients of the warehouse: one per thread, opened late, with limits on time and memory."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Sequence
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from django.conf import settings

from hutong.events.warehouse import changes, schema
from hutong.foundation import gate
from hutong.foundation.errors import HutongError

QUERY_TIMEOUT_SECONDS = 30
QUERY_MEMORY_BYTES_MAX = 1_500_000_000
INSERT_ROWS_MAX = 50_000


class RowRefused(Exception):
    """The engine cannot read a row it was given. Nothing of the insert was kept."""


class WarehouseBusy(HutongError):
    """A query hit its limit of time or memory."""

    code = "query_too_large"
    status = 503
    title = {"zh": "查询过大", "en": "Query too large"}
    message = {"zh": "数据量太大，请缩短日期范围后再试。", "en": "Too much data at once. Choose a shorter range and try again."}


_TIMEOUT_EXCEEDED, _MEMORY_EXCEEDED = "TIMEOUT_EXCEEDED", "MEMORY_LIMIT_EXCEEDED"
_local = threading.local()
_lock = threading.Lock()
_loading = threading.Lock()
_ready = False
_generation = 0
_clients: list[Client] = []
writing = threading.RLock()  # held by whoever changes rows, so that a backup or a rebuild sees a still picture


def connect() -> Client:
    """A client of its own that makes no tables; its maker closes it."""
    settings.WAREHOUSE_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    _load()
    return clickhouse_connect.get_client(
        interface="chdb",
        path=str(settings.WAREHOUSE_DIR),
        tz_mode="aware",
        chdb_options={"max_server_memory_usage": str(settings.WAREHOUSE_MEMORY_BYTES), "mark_cache_size": "268435456"},
    )


def _load() -> None:
    """With chDB comes pyarrow where it is installed: much memory for formats that nobody here asks for."""
    with _loading:
        if "chdb.state" not in sys.modules and "pyarrow" not in sys.modules:
            sys.modules["pyarrow"] = None  # type: ignore[assignment]  # cannot be imported meanwhile
            try:
                importlib.import_module("chdb.state")
            finally:
                del sys.modules["pyarrow"]


def client() -> Client:
    """The client of this thread. The first one makes the tables."""
    global _ready
    found: Client | None = getattr(_local, "client", None)
    if found is not None and _local.generation == _generation:
        return found
    with _lock:
        made = connect()
        if not _ready:
            _make_tables(made)
            _ready = True
        _clients.append(made)
        _local.client, _local.generation = made, _generation
    return made


def _make_tables(made: Client) -> None:
    there = {name for (name,) in made.query("SELECT name FROM system.tables WHERE database = currentDatabase()").result_rows}
    for statement in (*schema.tables(), *schema.fillings(there), *schema.views()):
        made.command(statement)


def close() -> None:
    """Close every client of this process, so that the path is free for another."""
    global _ready, _generation
    with _lock:
        for one in _clients:
            one.close()
        _clients.clear()
        _ready = False
        _generation += 1
    changes.note_everywhere()


def rows(statement: str, parameters: dict[str, Any] | None = None, *, timeout_seconds: int = QUERY_TIMEOUT_SECONDS) -> Sequence[Sequence[Any]]:
    """The rows of a query, with values bound on the engine's side as `{name:Type}`."""
    limits = {"max_execution_time": timeout_seconds, "max_memory_usage": QUERY_MEMORY_BYTES_MAX, "json_type_escape_dots_in_keys": 1}
    try:
        with gate.waiting():
            result = client().query(statement, parameters=parameters, settings=limits)
    except DatabaseError as error:
        if _TIMEOUT_EXCEEDED in str(error) or _MEMORY_EXCEEDED in str(error):
            raise WarehouseBusy() from error
        raise
    found: Sequence[Sequence[Any]] = result.result_rows
    return found


def command(statement: str, parameters: dict[str, Any] | None = None) -> None:
    """Run a statement that returns nothing."""
    try:
        with gate.waiting():
            client().command(statement, parameters=parameters)
    finally:
        changes.note_everywhere()


def insert(table: str, lines: Sequence[bytes], *, token: str, places: Sequence[str] = ()) -> None:
    """Add rows given as JSON objects, durably. The same token again is harmless, for the views behind the table too.

    `places` are the workspaces and communities of the rows, where the caller knows them; else they are looked for.
    Raises RowRefused when the engine cannot read one of them.
    """
    with writing:
        for start in range(0, len(lines), INSERT_ROWS_MAX):
            block = b"\n".join(lines[start : start + INSERT_ROWS_MAX])
            try:
                _insert(
                    table,
                    insert_block=block,
                    fmt="JSONEachRow",
                    settings={
                        "insert_deduplication_token": f"{token}/{start}",
                        "deduplicate_blocks_in_dependent_materialized_views": 1,
                        "max_insert_block_size": INSERT_ROWS_MAX * 2,
                        "input_format_parallel_parsing": 0,  # one block each: dividing it among threads costs more than it gives
                        "json_type_escape_dots_in_keys": 1,
                        "type_json_skip_duplicated_paths": 1,
                        # A text that looks like a moment stays the text that was sent.
                        "input_format_try_infer_dates": 0,
                        "input_format_try_infer_datetimes": 0,
                    },
                )
            finally:
                changes.note(places or changes.places_in(block))


_UNREADABLE = ("INCORRECT_DATA", "CANNOT_PARSE", "TYPE_MISMATCH", "ILLEGAL_", "TOO_DEEP", "ARGUMENT_OUT_OF_BOUND", "UNEXPECTED_DATA")


def _insert(table: str, **request: Any) -> None:
    try:
        with gate.waiting():
            client().raw_insert(table, **request)
    except DatabaseError as error:
        if any(name in str(error) for name in _UNREADABLE):
            raise RowRefused(str(error)[:300]) from error
        raise
