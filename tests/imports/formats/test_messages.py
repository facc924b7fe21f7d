"""Every reason a parser can give has a sentence in both languages, and its braces are filled."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import hutong.imports
from hutong.imports.messages import MESSAGES, sentence

ROOT = Path(hutong.imports.__file__).parent


def raised() -> Iterator[tuple[str, set[str] | None]]:
    """Codes in the source of the parsers with the names of their parameters, None where they are not written out."""
    for path in [ROOT / "source.py", *sorted((ROOT / "formats").glob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "FileError" and node.args and isinstance(node.args[0], ast.Constant):
                written = node.args[1] if len(node.args) > 1 else ast.Dict([], [])
                names = {key.value for key in written.keys if isinstance(key, ast.Constant)} if isinstance(written, ast.Dict) else None
                yield str(node.args[0].value), names  # type: ignore[arg-type]
            elif node.func.id == "reject" and len(node.args) > 1:
                for code in ast.walk(node.args[1]):
                    if isinstance(code, ast.Constant):
                        yield str(code.value), {word.arg or "" for word in node.keywords}


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_its_sentence() -> None:
    used = {code for code, _ in raised()} - {"json_truncated", "json_broken", "zip_broken", "gzip_broken"}
    assert used - set(MESSAGES) == set()
    assert set(MESSAGES) - used == {"json_truncated", "json_broken", "zip_broken", "gzip_broken"}


def test_every_brace_is_filled() -> None:
    for code, names in raised():
        if names is not None and code in MESSAGES:
            for language in ("zh", "en"):
                assert braces(MESSAGES[code][language]) <= names | {"file"}, (code, names)


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_say_the_same_things(code: str) -> None:
    assert set(MESSAGES[code]) == {"zh", "en"}
    assert braces(MESSAGES[code]["zh"]) == braces(MESSAGES[code]["en"])
    assert "!" not in MESSAGES[code]["en"] and "！" not in MESSAGES[code]["zh"]


def test_a_sentence() -> None:
    assert sentence("time_impossible", {"time": "2023-02-31"}, "zh") == "不存在这样的日期或时间：2023-02-31。请修正后重新导入。"
    assert sentence("time_impossible", {}, "en") == "There is no such date or time: ?. Correct it and import again."
