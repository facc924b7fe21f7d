"""Excel workbooks (.xlsx), row by row: what openpyxl reads, after what could fill the memory or the disk is refused.

Cells come as the text a CSV file would have; of a formula, the value last computed.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from hutong.imports.records import FileError
from hutong.imports.source import COMPRESSION_RATIO_MAX, RATIO_CHECKED_FROM_BYTES, ZIP_MAGIC, check_directory

WORKBOOK_BYTES_MAX = 2 * 1024**3  # unpacked
STRINGS_BYTES_MAX = 64 * 1024**2  # what the reader keeps in memory: texts shared by cells, styles
SHEET_ROWS_MAX = 1_048_576  # Excel's own limit
SHEETS_MAX = 200
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of every workbook with a password
_MAIN = "xl/workbook.xml"
_READ_BYTES = 64 * 1024
_KEPT = ("xl/sharedStrings.xml", "xl/styles.xml", _MAIN)
# What openpyxl raises for files that are no workbook inside.
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, ParseError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # styles and extensions we do not need


def is_workbook(path: Path, name: str) -> bool:
    """Whether the file is a workbook. Raises FileError for an old or locked one."""
    with path.open("rb") as stream:
        magic = stream.read(8)
    if magic.startswith(_OLD):
        raise FileError("xls_old", {"file": name})
    if not magic.startswith(ZIP_MAGIC):
        return False
    check_directory(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            return _MAIN in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


class Workbook:
    """One workbook that passed the limits. `sheets` are the names of its sheets with cells."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        _refuse_bombs(path, name)
        with self._opened() as book:
            self.sheets = tuple(sheet.title for sheet in book.worksheets[:SHEETS_MAX])
        if not self.sheets:
            raise FileError("xlsx_broken", {"file": name})

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Every row with something in it, with its number in the sheet, as wide as its last cell. Raises FileError."""
        if sheet not in self.sheets:
            raise FileError("sheet_unknown", {"sheet": sheet[:100], "sheets": "、".join(self.sheets)[:300]})
        with self._opened() as book:
            found = book[sheet]
            found.reset_dimensions()  # what the file says of its size may be wrong
            for number, row in enumerate(found.iter_rows(values_only=True), start=1):
                if number > SHEET_ROWS_MAX:
                    raise FileError("table_rows", {"file": self._name, "limit": SHEET_ROWS_MAX})
                cells = [_text(value) for value in row]
                if any(cells):
                    yield number, cells

    def size_rows(self, sheet: str) -> int:
        """How many rows the sheet says it has; 0 where it does not say."""
        with self._opened() as book:
            return min(int(book[sheet].max_row or 0), SHEET_ROWS_MAX)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            with self._path.open("rb") as stream:
                book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
                try:
                    yield book
                finally:
                    book.close()
        except (*_BROKEN, InvalidFileException) as error:
            raise FileError("xlsx_broken", {"file": self._name}) from error


def _refuse_bombs(path: Path, name: str) -> None:
    """Unpacks everything once without keeping it: no header is believed."""
    packed_bytes = path.stat().st_size
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.filename.startswith(("xl/", "[Content_Types]", "_rels/", "docProps/")) or member.filename.startswith("xl/media/"):
                    continue  # pictures are never opened
                size = 0
                with archive.open(member) as stream:
                    while piece := stream.read(_READ_BYTES):
                        if size == 0 and b"<!DOCTYPE" in piece[:1024]:
                            raise FileError("xlsx_broken", {"file": name})
                        size += len(piece)
                        total += len(piece)
                        if total > RATIO_CHECKED_FROM_BYTES and total > packed_bytes * COMPRESSION_RATIO_MAX:
                            raise FileError("bomb_ratio", {"file": name, "limit": COMPRESSION_RATIO_MAX})
                        if total > WORKBOOK_BYTES_MAX:
                            raise FileError("bomb_size", {"file": name, "limit_gib": WORKBOOK_BYTES_MAX >> 30})
                        if size > STRINGS_BYTES_MAX and member.filename in _KEPT:
                            raise FileError("xlsx_texts", {"file": name, "limit_mib": STRINGS_BYTES_MAX >> 20})
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FileError("xlsx_broken", {"file": name}) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        written = value.isoformat(" ", "seconds")
        return written.removesuffix(" 00:00:00")
    return str(value)
