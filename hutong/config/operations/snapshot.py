"""Taking a backup while everything runs: both stores as they stood at one moment, copied after that moment is over."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings

from hutong import __version__
from hutong.config.operations import facts, manifest
from hutong.config.operations.manifest import File, Manifest, Table, TargetNotEmpty
from hutong.events.warehouse import engine, snapshot
from hutong.events.warehouse.snapshot import FrozenTable
from hutong.foundation import clock, ids
from hutong.foundation.errors import HutongError

RECORDS = "hutong.db"
WAREHOUSE = "warehouse"
IMPORTS = "imports"
SECRET_FILE = "secret.key"  # noqa: S105 - a file name
STAGING = "backup-staging"
FREE_SPARE_BYTES = 200 * 1024 * 1024


class NoSpace(HutongError):
    """The disk cannot take the backup."""

    code = "backup_no_space"
    status = 507
    title = {"zh": "磁盘空间不足", "en": "Not enough disk space"}
    message = {
        "zh": "需要约 {needed} MB，{path} 所在磁盘只剩 {free} MB。",
        "en": "About {needed} MB are needed; the disk of {path} has {free} MB left.",
    }


class CannotWrite(HutongError):
    """The target cannot be written."""

    code = "cannot_write"
    status = 422
    title = {"zh": "无法写入", "en": "Cannot write"}
    message = {"zh": "无法写入 {path}：{reason}", "en": "Cannot write to {path}: {reason}"}


def take(folder: Path) -> Manifest:
    """Write a backup into `folder`, which appears only when it is whole. The process must hold the data folder."""
    if folder.exists() and any(folder.iterdir()):
        raise TargetNotEmpty(path=str(folder))
    check_space(folder)
    part = folder.with_name(f"{folder.name}.part")
    staging = settings.DATA_DIR / STAGING
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(staging, ignore_errors=True)
        part.mkdir(parents=True, mode=0o700)
        staging.mkdir(mode=0o700)
        made = _take(part, staging)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise CannotWrite(path=str(folder), reason=error.strerror) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return made


def check_space(folder: Path) -> None:
    """Raise NoSpace where the stores would not fit."""
    taken = facts.disk()
    needed = taken.records + taken.log + taken.warehouse + taken.imports + FREE_SPARE_BYTES
    free = shutil.disk_usage(facts.existing(folder.absolute().parent)).free
    if free < needed:
        raise NoSpace(path=str(folder), needed=needed // 1024**2, free=free // 1024**2)


def _take(part: Path, staging: Path) -> Manifest:
    name = f"backup_{ids.new().hex}"  # letters, digits and _ only: the engine escapes others in paths
    try:
        with closing(_pinned_records_connection()) as records:
            # Nothing is shipped from the log to the warehouse while both are pinned, so that the pair agrees.
            with engine.writing:
                made_at = clock.now().isoformat()
                records.execute("BEGIN")
                records.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                tables = snapshot.freeze(name, tokens_to=staging / "tokens")
                views = snapshot.views()
                _link_tree(settings.DATA_DIR / IMPORTS, staging / IMPORTS)
            files = {RECORDS: _copy_records(records, part / RECORDS)}
        files |= _copy_warehouse(tables, part)
        for path in manifest.tree(staging / IMPORTS):
            files[f"{IMPORTS}/{path}"] = manifest.copy(staging / IMPORTS / path, part / IMPORTS / path)
        if (settings.DATA_DIR / SECRET_FILE).exists():
            files[SECRET_FILE] = manifest.copy(settings.DATA_DIR / SECRET_FILE, part / SECRET_FILE)
            (part / SECRET_FILE).chmod(0o600)
        counts, cursors = count_records(part / RECORDS)
        made = Manifest(
            format=manifest.FORMAT,
            hutong=__version__,
            made_at=made_at,
            versions=facts.versions(),
            files=files,
            records=counts,
            warehouse={table.name: Table(table.rows, table.create) for table in tables},
            views=views,
            log_cursor=cursors,
        )
    finally:
        snapshot.forget(name)
    manifest.settle()
    manifest.write(part, made)
    return made


def _pinned_records_connection() -> sqlite3.Connection:
    return sqlite3.connect(f"file:{facts.records_path()}?mode=ro", uri=True, isolation_level=None)


def _copy_records(source: sqlite3.Connection, target: Path) -> File:
    """Copy what the open read transaction sees."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise manifest.BackupDamaged(what=f"{RECORDS}: {found}")
    target.chmod(0o600)
    return manifest.describe(target)


def _copy_warehouse(tables: list[FrozenTable], part: Path) -> dict[str, File]:
    files = {}
    for table in tables:
        home = f"{WAREHOUSE}/{table.name}"
        (part / home / snapshot.PARTS).mkdir(parents=True)
        for frozen in table.parts:
            for path in manifest.tree(frozen):
                name = f"{home}/{snapshot.PARTS}/{frozen.name}/{path}"
                files[name] = manifest.copy(frozen / path, part / name)
        for log in table.tokens:
            name = f"{home}/{snapshot.DEDUPLICATION}/{log.name}"
            files[name] = manifest.copy(log, part / name)
    return files


def _link_tree(source: Path, target: Path) -> None:
    target.mkdir(parents=True)
    if not source.exists():
        return
    for path in manifest.tree(source):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / path, target / path)
        except FileNotFoundError:  # an import ended this moment and removed it
            continue


def count_records(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Rows by table, and how far each subscriber has read the log."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as records:
        names = [
            name for (name,) in records.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        ]
        counts = {name: int(records.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}
        return counts, dict(records.execute("SELECT subscriber, seq FROM events_cursor ORDER BY subscriber"))
