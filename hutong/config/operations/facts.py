"""What an operator wants to know of this process, its stores and its machine."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from hutong import __version__
from hutong.foundation import clock

STARTED = clock.now()


@dataclass(frozen=True, slots=True)
class Ingest:
    """What the hot lane has done since the process started."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0


_ingest: Callable[[], Ingest] = Ingest


def install_ingest(counters: Callable[[], Ingest]) -> None:
    """Called by the process that has a hot lane."""
    global _ingest
    _ingest = counters


def ingest() -> Ingest:
    """The hot lane's counters; zeros in a process without one."""
    return _ingest()


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk under the data folder, in bytes."""

    total: int
    free: int
    records: int
    log: int
    warehouse: int
    imports: int


def disk() -> Disk:
    """How much is free and what the stores take."""
    folder = existing(settings.DATA_DIR)
    usage = shutil.disk_usage(folder)
    records = records_path()
    return Disk(
        total=usage.total,
        free=usage.free,
        records=_size(records),
        log=_size(records.with_name(records.name + "-wal")),
        warehouse=_tree_size(settings.WAREHOUSE_DIR),
        imports=_tree_size(settings.DATA_DIR / "imports"),
    )


def records_path() -> Path:
    """The file of the records' store."""
    return Path(str(connection.settings_dict["NAME"]))


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _tree_size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        total += sum(_size(Path(parent, name)) for name in names)
    return total


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """What runs here."""
    found = {"hutong": __version__, "python": platform.python_version(), "sqlite": sqlite_version()}
    for name in ("django", "chdb", "clickhouse-connect", "granian"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def sqlite_version() -> str:
    """The SQLite library the records are kept with."""
    return str(sys.modules.get("pysqlite3", sqlite3).sqlite_version)


def memory_bytes() -> int:
    """Resident memory of this process; 0 where the system does not say."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    except FileNotFoundError:
        return 0
    return 0


def records_answer() -> bool:
    """Whether the records' store answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        connection.close()
        return False
