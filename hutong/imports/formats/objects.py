"""Lists of JSON objects (JSONL, an array, an array under a common key) read like a table: the keys are the columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

from hutong.imports.records import FileError, Record, Reject, reject
from hutong.imports.source import Part, Source

from .columns import date_order_of, suggest
from .contract import Detection, Format, Head, Options
from .jsonstream import OVERSIZED, sound, walk
from .rows import Columns, Rows
from .table import detection_of
from .text import Encoding, encoding_of, numbered_lines

SAMPLE_ITEMS = 200
NESTING_MAX = 3
COLUMNS_MAX = 300
_ARRAYS = frozenset(
    {
        "",
        "messages",
        "data",
        "items",
        "records",
        "rows",
        "list",
        "result",
        "results",
        "chat",
        "history",
        "data.messages",
        "data.list",
        "data.items",
        "data.records",
    }
)


def sniff(head: Head) -> Detection | None:
    """Recognised by objects with a time; sure only where sender and text are found too."""
    if not head.is_json:
        return None
    try:
        items = [item for _, item in islice(_items(head.part, head.encoding), SAMPLE_ITEMS) if isinstance(item, dict)]
    except FileError:
        items = []
    if not items:
        return None
    columns, rows = _as_rows(items)
    return detection_of(
        "json", columns=columns, rows=rows, all_times=lambda column: _column(head.part, head.encoding, column), known=0.8, unknown=0.3
    )


def _as_rows(items: list[dict[str, Any]]) -> tuple[list[str], list[list[str]]]:
    flat = [_flat(item) for item in items]
    columns = list(dict.fromkeys(key for item in flat for key in item))[:COLUMNS_MAX]
    return columns, [[item.get(column, "") for column in columns] for item in flat]


def _flat(item: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Keys joined by dots, values as text; lists are left out."""
    found: dict[str, str] = {}
    for key, value in item.items():
        if isinstance(value, str):
            found[prefix + key] = value
        elif isinstance(value, dict) and depth < NESTING_MAX:
            found |= _flat(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, bool):
            found[prefix + key] = "true" if value else "false"
        elif isinstance(value, (int, float)):
            found[prefix + key] = str(value)
    return found


def _items(part: Part, encoding: Encoding) -> Iterator[tuple[int, Any]]:
    """(number, object), where the number is the line of a JSONL and the position in an array."""
    if _is_lines(part, encoding):
        decode = msgspec.json.Decoder().decode
        for number, line in numbered_lines(part, encoding):
            if isinstance(line, Reject):
                yield number, line
            elif line.strip():
                try:
                    yield number, decode(line)
                except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
                    yield number, reject(number, "json_line_broken", line, reason=str(error)[:120])
        return
    number = 0
    for path, item in walk(part, encoding, items=_ARRAYS):
        if path in _ARRAYS and (isinstance(item, dict) or item is OVERSIZED):
            number += 1
            yield number, item


def _is_lines(part: Part, encoding: Encoding) -> bool:
    """Whether the first two lines are each a whole object."""
    whole = 0
    for _, line in islice(numbered_lines(part, encoding), 20):
        if isinstance(line, Reject) or not line.strip():
            continue
        try:
            if not isinstance(msgspec.json.decode(line), dict):
                return False
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            return whole > 0
        whole += 1
        if whole == 2:
            return True
    return whole == 1 and not any(path in _ARRAYS for path, _ in islice(walk(part, encoding, items=_ARRAYS), 50))


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Every object becomes a record or a reject."""
    for part in source.parts:
        yield from sound(_read(part, options, encoding_of(part, options.encoding)))


def _sample(part: Part, encoding: Encoding) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    try:
        for _, item in islice(_items(part, encoding), SAMPLE_ITEMS * 5):
            if isinstance(item, dict):
                found.append(item)
    except FileError:
        pass
    return found


def _column(part: Part, encoding: Encoding, column: str) -> Iterator[str]:
    """The values under one key, up to the end or a break."""
    try:
        for _, item in _items(part, encoding):
            if isinstance(item, dict) and (value := _flat(item).get(column)):
                yield value
    except FileError:
        return


def _read(part: Part, options: Options, encoding: Encoding) -> Iterator[Record | Reject]:
    columns, sample = _as_rows(_sample(part, encoding))
    mapping = options.mapping or suggest(columns, sample)
    Columns(mapping, columns)  # raises for a column no object has
    used = list(dict.fromkeys(mapping.values()))
    order = options.date_order
    if order is None:
        position = columns.index(mapping["time"])
        order, still_open = date_order_of(row[position] for row in sample)
        if still_open:
            order, still_open = date_order_of(_column(part, encoding, mapping["time"]))
        if still_open:
            raise FileError("date_order_ambiguous", {"example": next(row[position] for row in sample if row[position])[:40]})
    rows = Rows(Columns(mapping, used), msgspec.structs.replace(options, date_order=order))
    for number, item in _items(part, encoding):
        if isinstance(item, Reject):
            yield item
        elif item is OVERSIZED:
            yield reject(number, "item_too_long", "")
        elif not isinstance(item, dict):
            yield reject(number, "item_invalid", str(item))
        else:
            flat = _flat(item)
            yield rows.record(number, [flat.get(column, "") for column in used])
            yield from rows.more
            rows.more.clear()


FORMAT = Format(
    name="json",
    channel="csv",
    title={"zh": "JSON 列表（JSON、JSONL）", "en": "JSON list (JSON, JSONL)"},
    sniff=sniff,
    parse=parse,
    extensions=(".json", ".jsonl", ".ndjson"),
)
