"""Bringing a backup back. The first half needs no settings, since it brings the secret key they read."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hutong.config.operations import manifest
from hutong.config.operations.manifest import BackupDamaged, Manifest, NotABackup, TargetNotEmpty

RECORDS = "hutong.db"
WAREHOUSE = "warehouse"


@contextmanager
def opened(source: Path, *, beside: Path | None = None) -> Iterator[Path]:
    """The folder of a backup; a tar file is unpacked beside the target for the length of the block."""
    if source.is_dir():
        yield source
        return
    parent = (beside or source).absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".hutong-restore-") as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, EOFError) as error:
            if not tarfile.is_tarfile(source):
                raise NotABackup(path=str(source)) from error
            raise BackupDamaged(what=source.name) from error
        yield Path(folder)


def prepare(target: Path) -> None:
    """The target must be empty, or not exist."""
    if target.exists() and any(target.iterdir()):
        raise TargetNotEmpty(path=str(target))
    target.mkdir(parents=True, exist_ok=True, mode=0o700)


def copy_files(backup: Path, target: Path, made: Manifest) -> None:
    """Everything but the warehouse."""
    for name, wanted in made.files.items():
        if not name.startswith(f"{WAREHOUSE}/") and manifest.copy(backup / name, target / name) != wanted:
            raise BackupDamaged(what=name)
    for name in ("secret.key", RECORDS):
        if (target / name).exists():
            (target / name).chmod(0o600)
    manifest.settle()


def fill_warehouse(backup: Path, made: Manifest) -> None:
    """Attach the warehouse's parts; the settings must name the target by now."""
    from hutong.events.warehouse import snapshot

    tables = {name: table.create for name, table in made.warehouse.items()}
    rows = snapshot.attach(tables, made.views, source=backup / WAREHOUSE)
    manifest.settle()
    for name, table in made.warehouse.items():
        if rows[name] != table.rows:
            raise BackupDamaged(what=f"{name}: {rows[name]} / {table.rows}")


def check_records(path: Path, made: Manifest) -> None:
    """The records' store is sound and holds what it held."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as records:
        found = records.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise BackupDamaged(what=f"{path.name}: {found}")
        for name, wanted in made.records.items():
            (count,) = records.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            if count != wanted:
                raise BackupDamaged(what=f"{name}: {count} / {wanted}")


def undo(target: Path) -> None:
    """Leave the target as empty as it was."""
    for path in target.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
