"""How `hutong backup` and `hutong restore` go about it."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hutong.config.cli.django_setup import sentence, start, with_django
from hutong.config.cli.words import Failure, note, tell
from hutong.config.operations import manifest, restoring
from hutong.foundation.errors import HutongError
from hutong.foundation.text import counted

if TYPE_CHECKING:
    from hutong.config.operations.manifest import Manifest

TAR = ".tar"


def run(target: Path, *, verify: bool, as_json: bool) -> None:
    """Make a backup, or verify one."""
    if verify:
        _verify(target, as_json=as_json)
    else:
        _make(target.absolute(), as_json=as_json)


@with_django
def _make(target: Path, *, as_json: bool) -> None:
    from hutong.config.cli.client import connect

    folder = target.with_name(f".{target.name}.folder") if target.suffix == TAR else target
    if target.suffix == TAR and target.exists():
        raise manifest.TargetNotEmpty(path=str(target))
    with connect() as api:
        note("正在备份…", "Backing up…")
        api.post("/api/operator/backup", {"folder": str(folder)})
    made = manifest.read(folder)
    if target.suffix == TAR:
        _pack(folder, target)
    _report(made, target, as_json=as_json)
    note(f"核对：hutong backup --verify {target}", f"To check it: hutong backup --verify {target}")


def _pack(folder: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.part")
    with part.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            archive.add(folder, arcname=".")
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.rename(target)
    shutil.rmtree(folder)


def _verify(source: Path, *, as_json: bool) -> None:
    if not source.exists():
        raise Failure(f"没有 {source}。", f"There is no {source}.")
    with known_errors(), restoring.opened(source) as folder:
        made = manifest.verify(folder)
        restoring.check_records(folder / restoring.RECORDS, made)
    _report(made, source, as_json=as_json)


def restore(source: Path, *, folder: Path, as_json: bool) -> None:
    """Fill a data folder from a backup; what fails leaves the folder empty."""
    folder = folder.absolute()
    with known_errors(), restoring.opened(source, beside=folder) as backup:
        made = manifest.verify(backup)
        restoring.prepare(folder)
        try:
            restoring.copy_files(backup, folder, made)
            os.environ["HUTONG_DATA"] = str(folder)
            start()
            restoring.fill_warehouse(backup, made)
            restoring.check_records(folder / restoring.RECORDS, made)
        except BaseException:
            restoring.undo(folder)
            raise
    _report(made, folder, as_json=as_json)
    note(f"启动：HUTONG_DATA={folder} hutong serve", f"To serve it: HUTONG_DATA={folder} hutong serve")


class known_errors:  # noqa: N801 - reads as a statement
    """Errors of ours, and of the disk, as the command's message."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, HutongError):
            raise Failure(sentence(error, "zh"), sentence(error, "en")) from error
        if isinstance(error, OSError):
            raise Failure(f"无法读写 {error.filename}：{error.strerror}", f"Cannot read or write {error.filename}: {error.strerror}") from error


def _report(made: Manifest, place: Path, *, as_json: bool) -> None:
    size = sum(file.bytes for file in made.files.values())
    events = made.warehouse["events"].rows if "events" in made.warehouse else 0
    if as_json:
        facts = {
            "path": str(place),
            "hutong": made.hutong,
            "made_at": made.made_at,
            "bytes": size,
            "files": len(made.files),
            "records": made.records,
            "warehouse": {name: table.rows for name, table in made.warehouse.items()},
            "log_cursor": made.log_cursor,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    rows = sum(made.records.values())
    tell(
        f"{place}：{len(made.files)} 个文件，{size / 1024**2:.1f} MB，{events:,} 条事件，{rows:,} 行记录，核对无误。",
        f"{place}: {counted(len(made.files), 'file')}, {size / 1024**2:.1f} MB, {counted(events, 'event')}, {counted(rows, 'row')} of records; all checks pass.",
    )
