"""The files of one import read as one history, knowing at each record which file it is from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from hutong.foundation import clock
from hutong.foundation.text import storable
from hutong.imports import formats
from hutong.imports.errors import FileRefused, MixedFormats
from hutong.imports.records import FileError, Record, Reject
from hutong.imports.source import Part, Source

PREVIEW_RECORDS = 20
PREVIEW_REJECTS = 20
PREVIEW_SECONDS_MAX = 10.0
PREVIEW_TEXT_CHARACTERS = 500
FILES_DETECTED_MAX = 60


class History:
    """What was dropped, in order of the dates in the names. `part_number` and `file` say what is being read."""

    def __init__(self, paths: list[tuple[Path, str]]) -> None:
        """Pairs of a path and the name the person knows. Raises FileError."""
        self.source = Source.sequence([Source.open(path, name) for path, name in paths])
        self.part_number = 0
        self.file = self.source.parts[0].name if self.source.parts else self.source.name
        for number, part in enumerate(self.source.parts):
            part.open = self._noting(number, part, part.open)

    def _noting(self, number: int, part: Part, opener: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
        def opened() -> BinaryIO:
            self.part_number, self.file = number, part.name
            return opener()

        return opened

    def read(self, format_name: str, options: dict[str, Any]) -> Iterator[Record | Reject]:
        """Every record and reject; a break of the file comes last, as a reject of line 0."""
        try:
            yield from formats.parse(format_name, self.source, parser_options(options))
        except FileError as error:
            yield Reject(int(error.params.get("line") or 0), error.code, error.params, "")


def parser_options(options: dict[str, Any]) -> formats.Options:
    """The stored choices as the parsers take them."""
    date = options.get("date")
    return formats.Options(
        time_zone=options.get("time_zone") or "UTC",
        date=dt.date.fromisoformat(date) if date else None,
        date_order=options.get("date_order"),
        mapping=options.get("mapping") or {},
        encoding=options.get("encoding") or None,
    )


def detect(paths: list[tuple[Path, str]], *, encoding: str | None = None) -> list[formats.Detection]:
    """What the files may be, best first. Raises FileRefused or MixedFormats."""
    try:
        found = formats.detect(History(paths).source, encoding=encoding)
        for path, name in paths[:FILES_DETECTED_MAX] if len(paths) > 1 else ():
            own = formats.detect(Source.open(path, name), encoding=encoding)
            if found[0].format not in {one.format for one in own}:
                raise MixedFormats(first=paths[0][1], other=name)
    except FileError as error:
        raise FileRefused(error) from error
    return found


def preview(paths: list[tuple[Path, str]], format_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The first records and the first rejects with those choices."""
    records: list[dict[str, Any]] = []
    rejects: list[dict[str, Any]] = []
    started = clock.monotonic_seconds()
    history = History(paths)
    for item in history.read(format_name, options):
        if isinstance(item, Record):
            records.append(_shown(item))
        elif len(rejects) < PREVIEW_REJECTS:
            rejects.append(stored_reject(history.file, item))
        if len(records) >= PREVIEW_RECORDS or clock.monotonic_seconds() - started > PREVIEW_SECONDS_MAX:
            break
    return {"records": records, "rejects": rejects}


def stored_reject(file: str, item: Reject) -> dict[str, Any]:
    """A reject as it is kept."""
    return {"file": file[:300], "line": item.line, "code": item.code, "params": item.params, "excerpt": storable(item.excerpt)}


def _shown(item: Record) -> dict[str, Any]:
    return {
        "line": item.line,
        "kind": item.kind,
        "at_ms": item.at_ms,
        "sender": storable(item.sender_name or item.sender_id),
        "text": storable(item.text[:PREVIEW_TEXT_CHARACTERS]),
        "group": storable(item.group),
        "subject": storable(item.subject_name or item.subject_id),
        "reply_to": storable(item.reply_to),
        "attachments": [one.kind for one in item.attachments],
    }
