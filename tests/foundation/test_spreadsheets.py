"""CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from hutong.foundation import spreadsheets


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_formula_starts_get_an_apostrophe(start: str) -> None:
    assert spreadsheets.cell(start) == f"'{start}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("胡同", "胡同"),
        ("a=b", "a=b"),
        (-5, -5),
        (1.5, 1.5),
        (True, True),
        (None, ""),
        ("", ""),
        ("a\x00b", "ab"),
        ("\x00=1", "'=1"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_other_values_stay(value: Any, expected: Any) -> None:
    assert spreadsheets.cell(value) == expected


def test_chunks_are_one_file() -> None:
    rows = [[number, f'say "{number}",\nplease'] for number in range(1201)]
    chunks = list(spreadsheets.csv_chunks(["no", "=text"], rows))
    text = "".join(chunks)
    assert (len(chunks), text[0], text.count("\ufeff")) == (3, "\ufeff", 1)
    read = list(csv.reader(io.StringIO(text[1:])))
    assert read[0] == ["no", "'=text"]
    assert read[1:] == [[str(number), said] for number, said in rows]
