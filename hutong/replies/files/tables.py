"""Reading the lines of a file of rules, and writing them. Limits are kept before anything is unpacked or parsed whole."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from hutong.foundation import spreadsheets
from hutong.replies.files import columns

FILE_BYTES_MAX = 20 * 1024 * 1024
UNPACKED_BYTES_MAX = 300 * 1024 * 1024  # a zip reader gives no more than a part says it has
ROWS_MAX = 20_000
CELL_LENGTH_MAX = 32_767

Line = tuple[int, dict[str, str]]


class BadFile(Exception):
    """A file that is no table of rules, with why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def lines(name: str, content: bytes) -> list[Line]:
    """Every line with something in it, by column, with its number in the file. Raises BadFile."""
    rows = _sheet(content) if content.startswith(b"PK") else _text(content)
    try:
        headed = next(((number, cells) for number, cells in rows if any(cells)), None)
        if headed is None:
            raise BadFile("文件是空的。", "The file is empty.")
        names = [columns.known(cell) for cell in headed[1]]
        missing = [pair for key, pair in columns.TITLES.items() if key == "name" and key not in names]
        if missing or not {"exact", "contains", "regex"} & set(names):
            raise BadFile(
                "第一行应是列名，至少有「名称」和「包含」「完全匹配」「正则」之一。可先导出，照着填写。",
                "The first line names the columns: “Name”, and one of “Contains”, “Exact” and “Regex” at least. Export first to see a sample.",
            )
        unknown = [cell for cell, known in zip(headed[1], names, strict=True) if known is None and cell.strip()]
        if unknown:
            raise BadFile(f"不认识列「{unknown[0][:40]}」。", f"There is no column “{unknown[0][:40]}”.")
        found: list[Line] = []
        for number, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(found) == ROWS_MAX:
                raise BadFile(f"一个文件最多 {ROWS_MAX:,} 条规则。", f"A file has at most {ROWS_MAX:,} rules.")
            found.append((number, {key: cell[:CELL_LENGTH_MAX] for key, cell in zip(names, cells, strict=False) if key is not None}))
    except csv.Error as error:
        raise BadFile(f"CSV 无法读取：{error}。", f"The CSV cannot be read: {error}.") from None
    if not found:
        raise BadFile("文件里没有规则。", "There are no rules in the file.")
    return found


def _text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise BadFile("请上传 CSV 或 .xlsx 文件。", "Upload a CSV or .xlsx file.") from None
    if "\x00" in text:
        raise BadFile("请上传 CSV 或 .xlsx 文件。", "Upload a CSV or .xlsx file.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    for cells in reader:
        yield begin, cells  # a cell may hold several lines: the one where its row begins
        begin = reader.line_num + 1


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = BadFile("Excel 文件已损坏，或有密码。请另存为新的 .xlsx 后再试。", "The Excel file is broken or has a password. Save it as a new .xlsx.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > UNPACKED_BYTES_MAX:
                raise BadFile("Excel 文件展开后太大。", "The Excel file is too large when unpacked.")
            for part in archive.infolist():
                with archive.open(part) as stream:
                    if b"<!DOCTYPE" in stream.read(1024):
                        raise broken
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in row]
    except (ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, ParseError, RuntimeError, TypeError, ValueError,
            zipfile.BadZipFile, zlib.error, InvalidFileException) as error:  # fmt: skip
        raise broken from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def xlsx(rows: Iterable[list[Any]]) -> bytes:
    """A workbook of these rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rules")
    for row in rows:
        sheet.append([spreadsheets.sheet_cell(one)[:CELL_LENGTH_MAX] if isinstance(one, str) else one for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
