"""Cells as people write them."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.imports.formats.moments import Zone
from hutong.imports.tables import cells
from hutong.imports.tables.cells import Unreadable
from hutong.imports.tables.messages import MESSAGES

SHANGHAI = Zone("Asia/Shanghai")
NOON = 1_715_918_400_000  # 2024-05-17 12:00 in Shanghai


@pytest.mark.parametrize(
    ("key", "type_name", "text", "order", "expected"),
    [
        ("", "date", "2024/5/3", None, "2024-05-03"),
        ("", "date", "2024年5月3日", None, "2024-05-03"),
        ("", "date", "2024-05-03 00:00:00", None, "2024-05-03"),
        ("", "date", "20240503", None, "2024-05-03"),
        ("", "date", "45415", None, "2024-05-03"),
        ("", "date", "45415.75", None, "2024-05-03"),
        ("", "date", "3/5/2024", "dmy", "2024-05-03"),
        ("", "date", "3/5/24", "mdy", "2024-03-05"),
        ("", "date", "3 May 2024", None, "2024-05-03"),
        ("", "date", "May 3rd, 2024", None, "2024-05-03"),
        ("", "date", "２０２４．５．３", None, "2024-05-03"),
        ("birthday", "birthday", "1965-12-31", None, "1965-12-31"),
        ("birthday", "birthday", "5月3日", "dmy", "05-03"),
        ("birthday", "birthday", "02-29", None, "02-29"),
        ("birthday", "birthday", "3/5", "dmy", "05-03"),
        ("", "number", "￥1,299.50", None, 1299.5),
        ("", "number", "1,299", None, 1299),
        ("", "number", "-3", None, -3),
        ("", "number", "(12.5)", None, -12.5),
        ("", "number", "1.28万", None, 12800),
        ("", "number", "12,5", None, 12.5),
        ("", "number", "1e3", None, 1000),
        ("", "number", "１２", None, 12),
        ("", "boolean", "是", None, True),
        ("", "boolean", "FALSE", None, False),
        ("", "list", "茶、咖啡,书；茶", None, ["茶", "咖啡", "书"]),
        ("", "text", "=cmd|' /C calc'!A0", None, "=cmd|' /C calc'!A0"),
        ("gender", "text", "M", None, "男"),
        ("gender", "text", "女士", None, "女"),
        ("gender", "text", "其他", None, "其他"),
        ("phone", "text", "+86 138-0013-8000", None, "13800138000"),
        ("phone", "text", "0086 13800138000", None, "13800138000"),
        ("phone", "text", "13800138000.0", None, "13800138000"),
        ("phone", "text", "+1 (415) 555-0100", None, "+14155550100"),
        ("phone", "text", "010-8888 6666", None, "01088886666"),
        ("email", "text", " Man@Example.COM ", None, "man@example.com"),
    ],
)
def test_what_people_write(key: str, type_name: str, text: str, order: str | None, expected: Any) -> None:
    found = cells.value(key, type_name, text, order=order, language="zh")
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("key", "type_name", "text", "code"),
    [
        ("", "date", "2024-02-30", "date_impossible"),
        ("", "date", "昨天", "date_unreadable"),
        ("", "date", "13800138000", "date_unreadable"),
        ("birthday", "birthday", "2月30日", "date_impossible"),
        ("birthday", "birthday", "2999-01-01", "cell_refused"),
        ("", "number", "12%", "number_unreadable"),
        ("", "number", "1,2,3", "number_unreadable"),
        ("", "number", "nan", "number_unreadable"),
        ("", "number", "1e99", "cell_refused"),
        ("", "number", ".", "number_unreadable"),
        ("", "number", "9" * 16, "cell_refused"),
        ("", "boolean", "也许", "boolean_unreadable"),
        ("", "text", "x" * 501, "cell_refused"),
        ("", "text", "a\x00b", "cell_refused"),
        ("", "list", "、".join(map(str, range(51))), "cell_refused"),
        ("phone", "text", "1.38E+10", "phone_rounded"),
        ("phone", "text", "13800138000/13900139000", "phone_unreadable"),
        ("phone", "text", "无", "phone_unreadable"),
        ("email", "text", "a@b", "email_unreadable"),
        ("email", "text", "a@b.com, c@d.com", "email_unreadable"),
    ],
)
def test_what_cannot_be_read(key: str, type_name: str, text: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.value(key, type_name, text, order=None, language="zh")
    assert refused.value.code == code
    params = {name: value["en"] if isinstance(value, dict) else value for name, value in refused.value.params.items()}
    assert "{" not in MESSAGES[code]["en"].format_map({"column": "c", **params})


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-05-17 12:00:00", None, NOON), ("2024/5/17 12:00", None, NOON), ("2024年5月17日 下午12:00", None, NOON), ("20240517120000", None, NOON),
        ("45429.5", None, NOON), ("1715918400", None, NOON), ("1715918400000", None, NOON), ("2024-05-17T04:00:00Z", None, NOON),
        ("17/5/2024 12:00", "dmy", NOON), ("20240517", None, NOON - 12 * 3_600_000),
    ],
)  # fmt: skip
def test_moments(text: str, order: str | None, expected: int) -> None:
    assert cells.moment(text, SHANGHAI, order) == expected


@pytest.mark.parametrize("text", ["2024-02-30 10:00", "soon", "2024-05-17 25:00", "20241350", "99999"])
def test_no_moments(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        cells.moment(text, SHANGHAI, None)
    assert refused.value.code == "moment_unreadable"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "22", ""], "number"), (["00123", "4"], "text"), (["是", "否"], "boolean"), (["0", "1"], "number"), (["2024-05-01", "2024/6/1"], "date"),
        (["a", "1"], "text"), ([], "text"), (["￥1,200"], "number"),
    ],
)  # fmt: skip
def test_guessed_types(values: list[str], expected: str) -> None:
    assert cells.guessed_type(values) == expected


def test_a_value_outside_the_options_of_its_attribute() -> None:
    assert cells.value("skin", "text", " 油皮 ", order=None, language="zh", options=("油皮", "干皮")) == "油皮"
    with pytest.raises(Unreadable) as refused:
        cells.value("skin", "text", "沙皮", order=None, language="zh", options=("油皮", "干皮"))
    assert refused.value.code == "cell_refused"
    assert refused.value.params["why"]["zh"] == "“沙皮”不在选项里，可以用：油皮、干皮。"
