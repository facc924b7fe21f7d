"""One list as dropped: its columns, its rows as text, whether they came as CSV or as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hutong.imports.formats.table import Layout, distinct, first_lines, rows_of
from hutong.imports.formats.text import encoding_of
from hutong.imports.records import FileError, Reject, reject
from hutong.imports.source import Source

from .cells import Unreadable, decimal, guessed_type, mail
from .workbook import Workbook, is_workbook

LIST_COLUMNS_MAX = 200
LIST_ROWS_MAX = 5_000_000
SAMPLE_ROWS = 200
SHARE_MIN = 0.6  # of rows as wide as the header

Row = tuple[int, list[str]]


class Table:
    """A list of rows under headings. Every row has as many cells as there are columns. Raises FileError."""

    def __init__(self, paths: Sequence[tuple[Path, str]], options: dict[str, Any]) -> None:
        if len(paths) != 1:
            raise FileError("table_one_file", {"files": len(paths)})
        (path, self.name) = paths[0]
        chosen = options.get("table") or {}
        self._wants_header: bool | None = chosen.get("has_header")
        self.sheets: tuple[str, ...] = ()
        self.sheet = ""
        self.encoding = ""
        self._done = self._total = 0
        if is_workbook(path, self.name):
            self.format = "xlsx"
            self._open_workbook(path, chosen.get("sheet") or "")
        else:
            self.format = "csv"
            self._open_text(path, options.get("encoding") or None)
        if len(self.columns) > LIST_COLUMNS_MAX:
            raise FileError("table_columns", {"file": self.name, "limit": LIST_COLUMNS_MAX})

    def rows(self) -> Iterator[Row | Reject]:
        """Every row with something in it; one that cannot be divided into its cells is a reject."""
        width = len(self.columns)
        self._done = 0
        count = 0
        for item in self._read():
            count += 1
            if count > LIST_ROWS_MAX:
                raise FileError("table_rows", {"file": self.name, "limit": LIST_ROWS_MAX})
            if isinstance(item, Reject):
                yield item
                continue
            number, cells = item
            if not any(cell.strip() for cell in cells):
                continue
            yield number, cells[:width]

    def progress(self) -> tuple[int, int]:
        """How much has been read and how much there is, in one unit."""
        if self._source is not None:
            return self._source.progress()
        return min(self._done, self._total), self._total

    def _open_text(self, path: Path, encoding: str | None) -> None:
        self._source: Source | None = Source.open(path, self.name)
        if len(self._source.parts) != 1:
            raise FileError("table_one_file", {"files": len(self._source.parts)})
        (self._part,) = self._source.parts
        try:
            self._encoding = encoding_of(self._part, encoding)
        except FileError as error:
            raise FileError("table_not_text", error.params) if error.code == "not_text" else error from None
        lines = first_lines(self._part, self._encoding)
        self._layout = self._found_layout(lines)
        self.encoding = self._encoding.name
        self.has_header = self._layout.has_header
        self.columns = self._layout.columns
        self._source.rewind()

    def _found_layout(self, lines: Sequence[str]) -> Layout:
        for columns_min in (2, 1):  # one column is a list too, where two fit badly
            try:
                found = Layout(lines, columns_min=columns_min, has_header=self._wants_header)
            except FileError:
                continue
            if found.share >= SHARE_MIN:
                headed = looks_headed(found.rows[0]) if self._wants_header is None else self._wants_header
                return found if headed == found.has_header else Layout(lines, columns_min=columns_min, has_header=headed)
        raise FileError("table_unreadable", {"file": self.name})

    def _open_workbook(self, path: Path, sheet: str) -> None:
        self._source = None
        self._workbook = Workbook(path, self.name)
        self.sheets = self._workbook.sheets
        self.sheet = sheet or self._fullest()
        first = next(self._workbook.rows(self.sheet), None)
        if first is None:
            raise FileError("sheet_empty", {"file": self.name, "sheet": self.sheet[:100]})
        self._first_number, cells = first
        self.has_header = looks_headed(cells) if self._wants_header is None else self._wants_header
        names = [cell.strip() for cell in cells] if self.has_header else [""] * len(cells)
        while names and self.has_header and not names[-1]:
            names.pop()
        self.columns = distinct([name or f"column {index}" for index, name in enumerate(names, 1)])
        self._total = self._workbook.size_rows(self.sheet)

    def _fullest(self) -> str:
        """The first sheet with anything in it."""
        return next((sheet for sheet in self.sheets if next(self._workbook.rows(sheet), None) is not None), self.sheets[0])

    def _read(self) -> Iterator[Row | Reject]:
        if self._source is not None:
            self._source.rewind()
            yield from rows_of(self._part, self._encoding, self._layout)
            return
        width = len(self.columns)
        for number, cells in self._workbook.rows(self.sheet):
            self._done = number
            if number == self._first_number and self.has_header:
                continue
            if any(cells[width:]):
                yield reject(number, "row_columns", ", ".join(cells), columns=len(cells), expected=width)
                continue
            yield number, cells + [""] * (width - len(cells))


def looks_headed(cells: Sequence[str]) -> bool:
    """Whether a first row names columns: it holds no number, date or address."""
    return not any(_is_data(cell) for cell in cells)


def _is_data(cell: str) -> bool:
    for read in (decimal, mail):
        try:
            read(cell)
        except Unreadable:
            continue
        return True
    return guessed_type([cell]) == "date"


def sample(table: Table) -> list[Row]:
    """The first rows, to guess by."""
    found: list[Row] = []
    for item in table.rows():
        if not isinstance(item, Reject):
            found.append(item)
        if len(found) >= SAMPLE_ROWS:
            break
    return found
