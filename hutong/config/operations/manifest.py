"""What a backup contains, written beside it and checked after every copy."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from hutong.foundation.errors import HutongError

NAME = "manifest.json"
FORMAT = 1
CHUNK_BYTES = 1024 * 1024


class TargetNotEmpty(HutongError):
    """A backup or a restore goes into a folder of its own."""

    code = "target_not_empty"
    status = 409
    title = {"zh": "目标不为空", "en": "The target is not empty"}
    message = {"zh": "{path} 已存在且不为空，请换一个位置。", "en": "{path} exists and is not empty. Choose another place."}


class BackupDamaged(HutongError):
    """A backup is not what its manifest says."""

    code = "backup_damaged"
    status = 422
    title = {"zh": "备份已损坏", "en": "The backup is damaged"}
    message = {"zh": "备份不完整：{what}。请改用另一份备份。", "en": "The backup is not whole: {what}. Use another one."}


class NotABackup(HutongError):
    """There is no manifest."""

    code = "not_a_backup"
    status = 422
    title = {"zh": "不是备份", "en": "Not a backup"}
    message = {"zh": "{path} 不是 hutong backup 生成的备份。", "en": "{path} was not made by `hutong backup`."}


class BackupTooNew(HutongError):
    """The backup was made by a later version."""

    code = "backup_too_new"
    status = 422
    title = {"zh": "备份来自更新的版本", "en": "The backup is from a later version"}
    message = {"zh": "备份由 Hutong {version} 生成，请先升级。", "en": "Hutong {version} made this backup. Upgrade first."}


class File(msgspec.Struct):
    """One file."""

    bytes: int
    sha256: str


class Table(msgspec.Struct):
    """One table of the warehouse."""

    rows: int
    create: str


class Manifest(msgspec.Struct):
    """The whole backup. `records` are rows by table."""

    format: int
    hutong: str
    made_at: str
    versions: dict[str, str]
    files: dict[str, File]
    records: dict[str, int]
    warehouse: dict[str, Table]
    views: list[str]
    log_cursor: dict[str, int]


def read(folder: Path) -> Manifest:
    """The manifest of a backup; raises NotABackup, BackupTooNew, BackupDamaged."""
    try:
        text = (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NotABackup(path=str(folder)) from None
    try:
        found = msgspec.json.decode(text, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BackupDamaged(what=NAME) from None
    if found.format > FORMAT:
        raise BackupTooNew(version=found.hutong)
    return found


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest down, last and durably."""
    path = folder / NAME
    with path.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())


def copy(source: Path, target: Path) -> File:
    """Copy a file; gives its size and checksum. Whoever copied the last one calls `settle`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    total = hashlib.sha256()
    size = 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(CHUNK_BYTES):
            total.update(chunk)
            writer.write(chunk)
            size += len(chunk)
    return File(size, total.hexdigest())


def settle() -> None:
    """Wait until everything copied is on the disk: once for all files, since a thousand single waits take many seconds."""
    os.sync()


def describe(path: Path) -> File:
    """Size and checksum of a file."""
    with path.open("rb") as file:
        return File(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def tree(folder: Path) -> Iterator[str]:
    """Every file below a folder, as a path relative to it."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield Path(parent, name).relative_to(folder).as_posix()


def verify(folder: Path) -> Manifest:
    """Compare every file with the manifest; raises BackupDamaged at the first difference."""
    manifest = read(folder)
    present = set(tree(folder)) - {NAME}
    missing = sorted(set(manifest.files) - present)
    extra = sorted(present - set(manifest.files))
    if missing or extra:
        raise BackupDamaged(what=(missing or extra)[0])
    for name, wanted in manifest.files.items():
        if describe(folder / name) != wanted:
            raise BackupDamaged(what=name)
    return manifest
