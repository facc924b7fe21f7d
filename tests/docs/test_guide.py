"""Both guides say the same things and explain every error code. (That links, files and commands are real: tests/test_docs.py.)"""

from __future__ import annotations

import re

import pytest

from tests.docs.codes import GUIDE, page, tables, with_tables

PAGES = sorted(path.relative_to(GUIDE / "zh").as_posix() for path in (GUIDE / "zh").rglob("*.md"))
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def headings(language: str, name: str) -> list[int]:
    text = _FENCE.sub("", (GUIDE / language / name).read_text())
    return [len(found[1]) for found in re.finditer(r"^(#+) ", text, re.MULTILINE)]


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(path.relative_to(GUIDE / "en").as_posix() for path in (GUIDE / "en").rglob("*.md")) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_headings(name: str) -> None:
    assert headings("zh", name) == headings("en", name)
    assert headings("zh", name)[0] == 1


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_show_the_same_tables_and_code(name: str) -> None:
    """As many rows and blocks in one as in the other."""
    zh, en = ((GUIDE / language / name).read_text() for language in ("zh", "en"))
    assert len(_FENCE.findall(zh)) == len(_FENCE.findall(en))
    assert len(re.findall(r"^\|", zh, re.MULTILINE)) == len(re.findall(r"^\|", en, re.MULTILINE))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_error_code_is_explained(language: str) -> None:
    """When this fails: python -m tests.docs.codes."""
    text = page(language).read_text()
    assert with_tables(text, language) == text
    assert set(tables(language)) == {"errors", "files", "events"}
