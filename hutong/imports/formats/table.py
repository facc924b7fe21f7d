"""CSV and TSV: delimiter, header and columns found, then read row by row. A row's number is what a spreadsheet shows: the header is row 1."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from hutong.imports.records import FileError, Record, Reject, reject
from hutong.imports.source import Part, Source

from .columns import date_order_of, is_known_name, suggest
from .contract import Detection, Format, Head, Options
from .moments import Impossible, Zone, parse_moment
from .rows import Columns, Rows
from .text import LINE_BYTES_MAX, Encoding, encoding_of, line_blocks

COLUMNS_MAX = 500
SAMPLE_ROWS = 200
SURE_NAMES_MIN = 3
Quoting = Literal[0, 3]
_DELIMITERS = (",", "\t", ";", "|")

csv.field_size_limit(LINE_BYTES_MAX)


class Layout:
    """How a table is written: its delimiter, whether cells are quoted, its column names.

    A history has two columns at least. `has_header` None means: find out.
    """

    def __init__(self, lines: Sequence[str], *, columns_min: int = 2, has_header: bool | None = None) -> None:
        sample = [line for line in lines[:SAMPLE_ROWS] if line]
        self.delimiter = ""
        self.quoting: Quoting = csv.QUOTE_MINIMAL
        self.rows: list[list[str]] = []
        best: tuple[float, int] = (0.0, 0)
        for delimiter in _DELIMITERS:
            quoted = delimiter != "\t" or any(re.search(r'(?:^|\t)"[^\t]*"(?:\t|$)', line) for line in sample)
            quoting: Quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
            rows = _sample_rows(sample, delimiter, quoting)
            if not rows or len(rows[0]) < columns_min or len(rows[0]) > COLUMNS_MAX:
                continue
            share = sum(1 for row in rows if len(row) == len(rows[0])) / len(rows)
            if (share, len(rows[0])) > best:
                best = (share, len(rows[0]))
                self.delimiter, self.quoting, self.rows = delimiter, quoting, rows
        self.share = best[0]
        if not self.delimiter:
            raise FileError("table_unreadable", {})
        first = self.rows[0]
        if has_header is None:
            has_header = not any(_is_moment(cell) for cell in first) and (len(set(first)) == len(first) or any(map(is_known_name, first)))
        self.has_header = has_header
        names = [cell.strip().lstrip("\ufeff") for cell in first] if self.has_header else [""] * len(first)
        self.columns: tuple[str, ...] = distinct([name or f"column {index}" for index, name in enumerate(names, 1)])
        self.body = self.rows[1:] if self.has_header else self.rows


def distinct(names: list[str]) -> tuple[str, ...]:
    """Each name once: the second "name" is "name (2)"."""
    found: dict[str, None] = {}
    for name in names:
        tried, count = name, 1
        while tried in found:
            count += 1
            tried = f"{name} ({count})"
        found[tried] = None
    return tuple(found)


def _sample_rows(lines: Sequence[str], delimiter: str, quoting: Quoting) -> list[list[str]]:
    try:
        rows = list(csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, quoting=quoting))
    except csv.Error:
        return []
    return rows[:-1] if len(rows) > 2 and len(lines) >= SAMPLE_ROWS else rows


def _is_moment(cell: str) -> bool:
    try:
        parse_moment(cell, _UTC)
    except Impossible:
        return False
    return True


_UTC = Zone("UTC")


def sniff(head: Head) -> Detection | None:
    """Recognised by rows of equal width; sure only where time and sender columns are found."""
    if head.is_json:
        return None
    try:
        layout = Layout(head.lines)
    except FileError:
        return None
    named = head.part.name.lower().endswith((".csv", ".tsv"))
    telling = layout.has_header and sum(map(is_known_name, layout.rows[0])) >= SURE_NAMES_MIN
    if layout.share < (0.6 if named else 0.9) or (not named and len(layout.rows) < 3 and not telling):
        return None
    return detection_of(
        "csv",
        columns=layout.columns,
        rows=layout.body,
        all_times=lambda column: _column(head.part, head.encoding, layout, column),
        known=0.92 if layout.has_header else 0.6,
        unknown=0.45 if named else 0.1,
    )


def detection_of(
    name: str, *, columns: Sequence[str], rows: Sequence[Sequence[str]], all_times: Callable[[str], Iterable[str]], known: float, unknown: float
) -> Detection:
    """What a list of rows with these columns may be."""
    mapping = suggest(columns, rows)
    complete = "time" in mapping and ("sender" in mapping or "sender_id" in mapping) and ("text" in mapping or "kind" in mapping)
    at = {field: columns.index(column) for field, column in mapping.items()}
    times = [row[at["time"]] for row in rows if "time" in at and at["time"] < len(row) and row[at["time"]].strip()]
    order, open_order = date_order_of(times)
    if open_order:
        order, open_order = date_order_of(all_times(mapping["time"]))
    zoned = bool(times) and all(_has_zone(time) for time in times)
    needs = [] if complete else ["mapping"]
    needs += [] if zoned else ["time_zone"]
    needs += ["date_order"] if open_order else []
    groups: dict[str, None] = {}
    for row in rows:
        if len(row) != len(columns):
            continue
        cells = [row[at[field]].strip() for field in ("space", "group") if field in at]
        if any(cells):
            groups["/".join(filter(None, cells))] = None
    return Detection(
        format=name,
        channel=_channel_of(columns),
        confidence=known if complete else unknown,
        groups=tuple(groups)[:50],
        date_order=order,
        date_order_ambiguous=open_order,
        times_have_zone=zoned,
        mapping=mapping,
        columns=tuple(columns),
        needs=tuple(needs),
    )


def _channel_of(columns: Sequence[str]) -> str:
    """The platform whose exporters write these columns, else "csv"."""
    names = {column.lower() for column in columns}
    if {"strcontent", "strtime"} <= names or "wxid" in names:
        return "wechat"
    if {"authorid", "author", "content"} <= names:
        return "discord"
    return "csv"


def _has_zone(time: str) -> bool:
    return bool(re.fullmatch(r"\s*-?\d{9,19}(?:\.\d+)?\s*|.*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*", time)) and not re.fullmatch(
        r"\s*\d{4}-\d{2}-\d{2}\s*", time
    )


def parse(source: Source, options: Options) -> Iterator[Record | Reject]:
    """Every row becomes a record or a reject."""
    for part in source.parts:
        yield from _read(part, options, encoding_of(part, options.encoding))


class _Lines:
    """Feeds the reader; lines nobody can read are set aside as rejects."""

    def __init__(self, part: Part, encoding: Encoding) -> None:
        self.rejects: list[Reject] = []
        self._blocks = line_blocks(part, encoding)

    def __iter__(self) -> Iterator[str]:
        for _, block in self._blocks:
            for line in block:
                if isinstance(line, str):
                    yield line + "\n"
                else:
                    self.rejects.append(line)


def first_lines(part: Part, encoding: Encoding) -> list[str]:
    """Enough of the beginning to see how the table is written. Raises FileError where there is nothing."""
    lines: list[str] = []
    for _, block in line_blocks(part, encoding):
        lines += [line for line in block if isinstance(line, str)]
        if len(lines) >= SAMPLE_ROWS * 5:
            break
    if not any(line.strip() for line in lines):
        raise FileError("file_empty", {"file": part.name})
    return lines


def _layout_of(part: Part, encoding: Encoding) -> Layout:
    lines = first_lines(part, encoding)
    try:
        return Layout(lines)
    except FileError:
        raise FileError("table_unreadable", {"file": part.name}) from None


def _read(part: Part, options: Options, encoding: Encoding) -> Iterator[Record | Reject]:
    layout = _layout_of(part, encoding)
    mapping = options.mapping or suggest(layout.columns, layout.body)
    rows = Rows(Columns(mapping, layout.columns), _with_order(options, part, encoding, layout, mapping))
    build, more = rows.record, rows.more
    for item in rows_of(part, encoding, layout):
        if isinstance(item, Reject):
            yield item
            continue
        yield build(*item)
        if more:
            yield from more
            more.clear()


def rows_of(part: Part, encoding: Encoding, layout: Layout) -> Iterator[tuple[int, list[str]] | Reject]:
    """Every row below the header with its number, at least as wide as the header; a row that cannot be divided is a reject."""
    width = len(layout.columns)
    lines = _Lines(part, encoding)
    reader = csv.reader(lines, delimiter=layout.delimiter, quoting=layout.quoting)
    number, headed = 0, layout.has_header
    while True:
        try:
            for row in reader:
                if lines.rejects:
                    yield from _set_aside(lines, number)
                    number += len(lines.rejects)
                    lines.rejects.clear()
                number += 1
                if len(row) != width:
                    if not row or not any(cell.strip() for cell in row):
                        continue
                    if len(row) < width or any(row[width:]):
                        yield reject(number, "row_columns", ", ".join(row), columns=len(row), expected=width)
                        continue
                if headed:
                    headed = False
                    continue
                yield number, row
        except csv.Error:
            number += 1
            yield reject(number, "row_broken", "", until_line=reader.line_num)
            continue
        break
    yield from _set_aside(lines, number)


def _set_aside(lines: _Lines, number: int) -> Iterator[Reject]:
    for index, found in enumerate(lines.rejects, 1):
        found.line = number + index
        yield found


def _column(part: Part, encoding: Encoding, layout: Layout, column: str) -> Iterator[str]:
    """The values of one column, to the end of the file."""
    at = layout.columns.index(column)
    reader = csv.reader(_Lines(part, encoding), delimiter=layout.delimiter, quoting=layout.quoting)
    while True:
        try:
            for row in reader:
                if at < len(row):
                    yield row[at]
        except csv.Error:
            continue
        return


def _with_order(options: Options, part: Part, encoding: Encoding, layout: Layout, mapping: dict[str, str]) -> Options:
    """The options with the order of day and month the whole file shows, where the person left it open."""
    if options.date_order:
        return options
    at = layout.columns.index(mapping["time"])
    order, still_open = date_order_of(row[at] for row in layout.body if at < len(row))
    if still_open:
        order, still_open = date_order_of(_column(part, encoding, layout, mapping["time"]))
    if still_open:
        raise FileError("date_order_ambiguous", {"example": next(row[at] for row in layout.body if at < len(row) and row[at])[:40]})
    return msgspec.structs.replace(options, date_order=order)


FORMAT = Format(
    name="csv",
    channel="csv",
    title={"zh": "表格（CSV、TSV）", "en": "Table (CSV, TSV)"},
    sniff=sniff,
    parse=parse,
    extensions=(".csv", ".tsv", ".txt"),
)
