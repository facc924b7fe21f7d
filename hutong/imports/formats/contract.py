"""What every format offers: how it recognises a file and how it reads one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec

from hutong.imports.names import date_in_name
from hutong.imports.records import Record, Reject
from hutong.imports.source import Part, Source

from .moments import DateOrder, Zone
from .text import Encoding, encoding_of, line_blocks

HEAD_LINES = 2000
# A text log may also start with a bracket.
_TIMED = re.compile(r"\s*\[\s*\d")


class Options(msgspec.Struct, kw_only=True):
    """What a person decides before reading.

    `time_zone` holds for times without a zone; `date` for logs that state none; `date_order` None means: decide from the whole
    file; `mapping` is field -> column of a table; `encoding` None means: find out.
    """

    time_zone: str = "UTC"
    date: date | None = None
    date_order: DateOrder | None = None
    mapping: dict[str, str] = {}
    encoding: str | None = None

    def zone(self) -> Zone:
        """The zone of times without one. Raises FileError for an unknown name."""
        return Zone(self.time_zone)


class Detection(msgspec.Struct, kw_only=True):
    """What a file seems to be and the facts it states.

    `needs` names the options a person has to give: "time_zone" where times carry no zone, "date" where none is stated,
    "date_order" where day and month cannot be told apart (`date_order` is then a guess), "mapping" where columns must be chosen.
    """

    format: str
    channel: str
    confidence: float
    groups: tuple[str, ...] = ()
    date: date | None = None
    date_order: DateOrder | None = None
    date_order_ambiguous: bool = False
    times_have_zone: bool = False
    encoding: str = "utf-8"
    mapping: dict[str, str] = {}
    columns: tuple[str, ...] = ()
    files: int = 1
    skipped: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Head:
    """The beginning of a source, read once for all formats that look at it."""

    def __init__(self, source: Source, filename: str, encoding: str | None = None) -> None:
        self.source = source
        self.filename = filename
        self.part: Part = source.parts[0]
        self.encoding: Encoding = encoding_of(self.part, encoding)
        self.lines: list[str] = []
        self.complete = True
        for _, block in line_blocks(self.part, self.encoding, mixed=True):
            self.lines += [line for line in block if isinstance(line, str)]
            if len(self.lines) >= HEAD_LINES:
                self.complete = False
                break
        self.text = "\n".join(self.lines[:HEAD_LINES])
        told = next((line for line in self.lines if line.strip() and not line.startswith("#")), "")
        self.is_json = told.lstrip()[:1] in ("{", "[") and not _TIMED.match(told)

    @property
    def date(self) -> date | None:
        """The date stated by the first part's name."""
        return date_in_name(self.part.name) or date_in_name(self.filename)


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of export: `sniff` looks at the beginning, `parse` reads everything."""

    name: str
    channel: str
    title: dict[str, str]
    sniff: Callable[[Head], Detection | None]
    parse: Callable[[Source, Options], Iterator[Record | Reject]]
    extensions: tuple[str, ...]


def field(item: Any, *path: str) -> str:
    """A text inside parsed JSON, "" where it is missing or of another type; numbers become text."""
    for key in path:
        if not isinstance(item, dict):
            return ""
        item = item.get(key)
    if isinstance(item, str):
        return item
    if isinstance(item, bool) or item is None or not isinstance(item, (int, float)):
        return ""
    return str(item)


def unescaped(written: str) -> str:
    """The text of a JSON string found between its quotes."""
    try:
        return str(json.loads(f'"{written}"', strict=False))
    except ValueError:
        return written


def listed(item: Any, key: str) -> list[Any]:
    """A list inside parsed JSON, empty where it is missing or of another type."""
    found = item.get(key) if isinstance(item, dict) else None
    return found if isinstance(found, list) else []
