"""Files as they come: sheets, encodings, delimiters; and those that are refused."""

from __future__ import annotations

import ast
import datetime as dt
import gzip
import io
import string
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

import hutong.imports.tables
from hutong.imports.models import Import
from hutong.imports.tables import files, workbook
from hutong.imports.tables.messages import MESSAGES
from tests.imports.tables.conftest import Cells, Listing, as_csv, as_xlsx

ROOT = Path(hutong.imports.tables.__file__).parent
PEOPLE: Cells = [["姓名", "手机号"], ["小满", "13800138000"], ["阿强", "13900139000"]]


@pytest.mark.parametrize(
    "content",
    [
        as_csv(PEOPLE),
        "\ufeff".encode() + as_csv(PEOPLE),
        as_csv(PEOPLE).decode().encode("utf-16"),
        as_csv(PEOPLE).decode().encode("gb18030"),
        as_csv(PEOPLE).replace(b",", b"\t"),
        as_csv(PEOPLE).replace(b",", b";"),
        as_csv(PEOPLE).replace(b"\r\n", b"\n\n"),
        gzip.compress(as_csv(PEOPLE)),
        as_xlsx(("一", PEOPLE)),
        as_xlsx(("空", []), ("二", [[], [], *PEOPLE, [], [None, None]])),
    ],
    ids=["utf-8", "bom", "utf-16", "gb18030", "tab", "semicolon", "blank rows", "gz", "xlsx", "later in a workbook"],
)
def test_the_same_list_however_it_is_written(listing: Listing, content: bytes) -> None:
    batch = listing.offer("list.csv", content)
    assert (batch["detection"]["columns"], batch["missing"]) == (["姓名", "手机号"], [])
    assert listing.run(batch)["made"] == 2
    assert listing.people() == {"小满": {"phone": "13800138000"}, "阿强": {"phone": "13900139000"}}


def test_cells_of_a_workbook_are_what_they_show(listing: Listing) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["会员号", "生日", "积分", "会员", "备注", "手机号"])
    sheet.append([10086, dt.date(1990, 5, 17), 12.5, True, "=1+1", 13800138000])
    sheet["E2"].data_type = "s"
    sheet.append([10087.0, dt.datetime(1991, 1, 2, 8, 30), 3, False, None, 13900139000.0])
    out = io.BytesIO()
    book.save(out)
    batch = listing.offer("会员.xlsx", out.getvalue())
    mapping = batch["options"]["table"]["mapping"] | {"积分": "new:number", "会员": "new:boolean"}
    assert {one["name"]: one["type"] for one in batch["table"]["columns"]}["会员"] == "boolean"
    listing.change(batch, table={"mapping": mapping})
    listing.run(batch)
    people = {name: sorted(map(str, facts.values())) for name, facts in listing.people().items()}
    assert people == {
        "10086": sorted(["1990-05-17", "12.5", "True", "=1+1", "13800138000"]),
        "10087": sorted(["1991-01-02", "3", "False", "13900139000"]),
    }


def test_another_sheet_and_another_encoding_are_read_anew(listing: Listing) -> None:
    batch = listing.offer("两张.xlsx", as_xlsx(("甲", PEOPLE), ("乙", [["昵称", "邮箱"], ["小满", "a@b.com"]])))
    assert (batch["table"]["sheets"], batch["table"]["sheet"]) == (["甲", "乙"], "甲")
    batch = listing.change(batch, table={"sheet": "乙"})
    assert batch["options"]["table"]["mapping"] == {"昵称": "name", "邮箱": "attribute:email"}
    assert listing.run(batch)["made"] == 1
    garbled = listing.offer("老.csv", as_csv([["姓名", "手機"], ["小滿", "13800138000"]]).decode().encode("big5"), query="&encoding=gb18030")
    assert garbled["detection"]["columns"] != ["姓名", "手機"]
    assert listing.change(garbled, encoding="big5")["detection"]["columns"] == ["姓名", "手機"]


def bomb(name: str = "xl/worksheets/sheet1.xml", size: int = 64 * 1024 * 1024) -> bytes:
    out = io.BytesIO(as_xlsx(("一", PEOPLE)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name + ".more", b"0" * size)
    return out.getvalue()


def without(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx(("一", PEOPLE)))) as given, zipfile.ZipFile(out, "w") as archive:
        for member in given.infolist():
            if member.filename != name:
                archive.writestr(member, given.read(member))
    return out.getvalue()


def changed(name: str, content: bytes) -> bytes:
    out = io.BytesIO(without(name))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.csv", b"", "file_empty"),
        ("空白.csv", b"\n\n \n", "file_empty"),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "table_not_text"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "xls_old"),
        ("断.xlsx", as_xlsx(("一", PEOPLE))[:900], "zip_broken"),
        ("坏.xlsx", changed("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), "xlsx_broken"),
        ("缺.xlsx", without("xl/worksheets/sheet1.xml"), "xlsx_broken"),
        ("实体.xlsx", changed("xl/worksheets/sheet1.xml", ENTITIES), "xlsx_broken"),
        ("空.xlsx", as_xlsx(("一", [])), "sheet_empty"),
        ("炸弹.xlsx", bomb(), "bomb_ratio"),
        ("宽.csv", as_csv([[f"c{number}" for number in range(201)], ["1"] * 201]), "table_columns"),
    ],
)
def test_files_that_are_refused(listing: Listing, name: str, content: bytes, code: str) -> None:
    refused = listing.offer(name, content, status=422)
    assert (refused["code"], refused["params"]["reason_code"]) == ("file_refused", code)
    assert not Import.objects.in_workspace(listing.api.workspace).exists()


def test_a_list_is_one_file(listing: Listing) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", as_csv(PEOPLE))
        archive.writestr("b.csv", as_csv(PEOPLE))
    assert listing.offer("两个.zip", out.getvalue(), status=422)["params"]["reason_code"] == "table_one_file"


def test_the_limits_of_rows_and_texts(listing: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "STRINGS_BYTES_MAX", 200)
    assert listing.offer("字.xlsx", as_xlsx(("一", PEOPLE)), status=422)["params"]["reason_code"] == "xlsx_texts"
    monkeypatch.undo()
    batch = listing.offer("多.csv", as_csv(PEOPLE))
    monkeypatch.setattr(files, "LIST_ROWS_MAX", 1)
    assert listing.checked(batch)["rejected"] == 1
    assert [(line, code) for line, code, _ in listing.rejects(batch)] == [(0, "table_rows")]
    monkeypatch.undo()
    # A row number beyond what a sheet can have.
    far = changed("xl/worksheets/sheet1.xml", SHEET + b'<row r="1"><c r="A1" t="inlineStr"><is><t>phone</t></is></c></row><row r="1048578"><c r="A1048578"><v>1</v></c></row></sheetData></worksheet>')  # fmt: skip
    refused = listing.offer("远.xlsx", far, status=422)
    assert refused["params"]["reason_code"] == "table_rows"


def test_a_break_in_the_middle_of_a_file_is_a_reject_of_its_own(listing: Listing) -> None:
    batch = listing.offer("乱.csv", as_csv([*PEOPLE, ["a", "b", "c"], ['没"有', "13700137000"]]) + b'"x\n')
    result = listing.run(batch)
    assert result["made"] >= 2
    assert "row_columns" in [code for _, code, _ in listing.rejects(batch)]


def raised() -> set[str]:
    """Codes in the source of lists."""
    found = set()
    for path in sorted(ROOT.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in MESSAGES and path.name != "messages.py":
                found.add(node.value)
    return found


def test_every_sentence_is_used_and_in_both_languages() -> None:
    assert raised() == set(MESSAGES)
    for code, texts in MESSAGES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(texts[language]) if name} for language in ("zh", "en")]
        assert (set(texts), names[0]) == ({"zh", "en"}, names[1]), code
        assert "!" not in texts["en"]
        assert "！" not in texts["zh"]
