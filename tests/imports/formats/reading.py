"""How the tests of the formats read a file and show what was read."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from hutong.imports.formats import Options, detect, parse
from hutong.imports.records import FileError, Record, Reject
from hutong.imports.source import Source

FIXTURES = Path(__file__).parent / "fixtures"
_DEFAULTS: dict[str, Any] = {
    "text": "", "message_id": "", "reply_to": "", "subject_id": "", "subject_name": "", "target_id": "", "attachments": (), "group": "", "edited": False, "bot": False,
}  # fmt: skip


def fixture(name: str, folder: Path) -> Path:
    """A fixture's path; a folder of it is zipped first."""
    path = FIXTURES / name
    if not path.is_dir():
        return path
    packed = folder / f"{name}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.rglob("*.json")):
            archive.write(file, str(file.relative_to(path)))
    return packed


def read(path: Path | Source, format_name: str = "", **options: Any) -> list[Record | Reject]:
    """Everything in a file, by its best detection unless a format is named."""
    source = path if isinstance(path, Source) else Source.open(path)
    return list(parse(format_name or detect(source)[0].format, source, Options(**options)))


def read_until_broken(path: Path | Source, format_name: str, **options: Any) -> tuple[list[Record | Reject], FileError | None]:
    """What was read before a FileError, and the error."""
    found: list[Record | Reject] = []
    try:
        found.extend(parse(format_name, path, Options(**options)))
    except FileError as error:
        return found, error
    return found, None


def shown(item: Record | Reject) -> dict[str, Any]:
    """The facts of a record that are not empty, its moment readable."""
    if isinstance(item, Reject):
        return {"line": item.line, "reject": item.code, "params": item.params, "excerpt": item.excerpt}
    found = {name: value for name, value in msgspec.structs.asdict(item).items() if _DEFAULTS.get(name, ...) != value}
    found["at"] = utc(found.pop("at_ms"))
    if "attachments" in found:
        found["attachments"] = [[one.kind, one.name, one.size] for one in found["attachments"]]
    return found


def utc(at_ms: int) -> str:
    """A moment as 2023-01-02T12:33:44.123Z."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
