from __future__ import annotations

import re
from pathlib import Path

from hutong.reports import handbook
from hutong.reports.definitions import BY_KEY, DEFINITIONS, SERIES, VALUES, change
from hutong.reports.files import HEADINGS
from hutong.reports.queries import overview, series
from hutong.reports.queries.table import TABLE_KEYS

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "metrics.md"


def test_the_page_says_what_the_product_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == handbook.page()


def test_every_definition_is_whole_and_bilingual() -> None:
    assert len(BY_KEY) == len(DEFINITIONS)
    for one in DEFINITIONS:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", one.key)
        assert one.formula_zh.endswith("。") and one.formula_en.endswith(".")
        assert re.search(r"[\u4e00-\u9fff]", one.zh) and not re.search(r"[\u4e00-\u9fff]", one.en + one.formula_en)
        assert (one.unit == "share") == (one.format == "percent")
        assert one.unit in handbook.UNITS


def test_every_key_used_is_defined() -> None:
    assert set(overview.CARD_KEYS) | {"silent", "newcomers_silent", "questions", "questions_unanswered"} == set(VALUES)
    assert set(overview.SERIES_KEYS) | set(overview.SPARK_KEYS) <= set(SERIES)
    assert set(TABLE_KEYS) <= set(VALUES)
    assert set(SERIES) == series.OF_STAYS | series.OF_TALK | series.OF_BOTH | set(series.activity.KEYS)
    assert not set(HEADINGS) & set(BY_KEY)


def test_changes_are_relative_or_differences() -> None:
    assert change("members", 110, 100) == 0.1
    assert change("members", 110, 0) is None
    assert change("members", None, 100) is None
    assert change("stickiness", 0.5, 0.25) == 0.25
    assert change("net_growth", -3, 0) == -3
