"""Screens, buttons and menus have the same names in the guide as in the console. The guide writes them “like this”, ways to them “A › B”."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hutong.config.connectors import CONNECTORS
from tests.docs.codes import GUIDE

ROOT = GUIDE.parent.parent
# The pages about exports speak of other apps' menus.
PAGES = [path for language in ("zh", "en") for path in sorted((GUIDE / language).glob("*.md"))] + [ROOT / "docs" / "api.md"]
# Quoted for another reason: words explained, names of made-up events, labels of other apps, the title of an error.
NOT_LABELS = {
    "一天",
    "n 天内回来过",
    "within n days",
    "槐序咖啡",
    "槐序咖啡会员社群",
    "咖啡地图",
    "转发抽免单",
    "导出聊天",
    "Export chat",
    "数据目录正在使用",
    "The data folder is in use",
}
_QUOTED = re.compile("“([^”]+)”")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_MADE = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)
_SLOT = re.compile(r"[（(]?\{\{.*?\}\}[）)]?")


def leaves(texts: Any) -> Iterator[str]:
    if isinstance(texts, str):
        yield _SLOT.sub("", texts).strip()
    else:
        for one in texts.values():
            yield from leaves(one)


def console(*languages: str) -> set[str]:
    """Every text of the console, what is filled in left out."""
    files = [path for language in languages for path in (ROOT / "console/src/i18n" / language).glob("*.json")]
    return {text for path in files for text in leaves(json.loads(path.read_text()))} | set(platforms(*languages))


def platforms(*languages: str) -> Iterator[str]:
    """How connectors name themselves and their settings, which the console shows as it is."""
    for one in CONNECTORS:
        for language in languages:
            yield from (getattr(named, language) for named in (one.manifest, *one.manifest.fields))


def prose(path: Path) -> str:
    return _CODE.sub("", _MADE.sub("", path.read_text()))


def languages(path: Path) -> tuple[str, ...]:
    return (path.parent.name,) if path.is_relative_to(GUIDE) else ("zh", "en")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_every_label_is_one_of_the_console(path: Path) -> None:
    known = console(*languages(path))
    wrong = [quoted for quoted in _QUOTED.findall(prose(path)) if quoted not in NOT_LABELS and not set(quoted.split(" › ")) <= known]
    assert wrong == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT / "docs").as_posix())
def test_every_way_through_the_menus_is_quoted(path: Path) -> None:
    assert "›" not in _QUOTED.sub("", prose(path))


def test_no_exception_has_become_idle() -> None:
    quoted = {one for path in PAGES for one in _QUOTED.findall(prose(path))}
    assert quoted >= NOT_LABELS
    assert NOT_LABELS.isdisjoint(console("zh", "en"))
