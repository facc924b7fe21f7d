"""CSV that spreadsheet programs open as text: no cell of ours is ever run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

BYTE_ORDER_MARK = "\ufeff"  # Excel reads the file as UTF-8 only with it
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP, CSV injection
LINES_PER_CHUNK = 500


def cell(value: Any) -> Any:
    """A value as it may stand in a cell: text that would start a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_chunks(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file in pieces, for a streamed answer; the first one starts with the byte order mark."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer)
    writer.writerow([cell(one) for one in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell(one) for one in row])
        if number % LINES_PER_CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def sheet_cell(text: str) -> str:
    """A text as it may stand in a cell of a workbook: no formula, and no character that XML cannot hold."""
    return str(cell(_UNWRITABLE.sub("", text)))
