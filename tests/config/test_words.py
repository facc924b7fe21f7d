"""What the command line says by itself and through Click, in the reader's language."""

from __future__ import annotations

import re

import pytest

from hutong.foundation.text import counted
from tests.config.click_words import compiled, said_by_click, written
from tests.config.installation import Installation

ZH = "zh_CN.UTF-8"
MISUSE = {
    ("fly",): "用法: hutong [选项] 命令 [参数]...\n用法说明：hutong --help\n\n出错：没有命令 'fly'。\n",
    ("import",): "用法: hutong import [选项] FILES...\n用法说明：hutong import --help\n\n出错：缺少参数 'FILES...'.\n",
    ("doctor", "--fast"): "用法: hutong doctor [选项]\n用法说明：hutong doctor --help\n\n出错：没有选项 '--fast'。\n",
    ("restore", "/nowhere", "--to", "x"): (
        "用法: hutong restore [选项] SOURCE\n用法说明：hutong restore --help\n\n出错：'SOURCE' 的值无效：路径 '/nowhere' 不存在。\n"
    ),
    ("serve", "--port", "0"): "用法: hutong serve [选项]\n用法说明：hutong serve --help\n\n出错：'--port' 的值无效：0 不在范围 1<=x<=65535 之内。\n",
}


@pytest.mark.parametrize("arguments", MISUSE)
def test_bad_use_is_said_in_chinese(bare: Installation, arguments: tuple[str, ...]) -> None:
    outcome = bare.command(*arguments, LANG=ZH)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", MISUSE[arguments])


def test_bad_use_is_said_in_english(bare: Installation) -> None:
    usage = "Usage: hutong [OPTIONS] COMMAND [ARGS]...\nTry 'hutong --help' for help.\n\n"
    for locale in ({"LANG": "C"}, {"LANG": ZH, "LANGUAGE": "en:zh"}):
        assert bare.command("fly", **locale).err == f"{usage}Error: No such command 'fly'.\n"


def test_help_has_no_other_language_in_it(bare: Installation) -> None:
    assert re.findall(r"\b(?:Usage|Options|Commands|Show)\b", bare.command("--help", LANG=ZH).out) == []


def test_everything_click_says_is_translated() -> None:
    translated = {message.id[0] if message.pluralizable else message.id for message in written() if message.id}
    assert translated == set(said_by_click())


def test_translations_name_what_the_original_names() -> None:
    for message in written():
        texts = message.id if message.pluralizable else (message.id,)
        known = set(re.findall(r"[{(](\w+)", " ".join(texts)))
        said = message.string[0] if message.pluralizable else message.string
        assert set(re.findall(r"[{(](\w+)", said)) <= known, message.id


def test_the_compiled_words_are_those_written() -> None:
    pairs = [{str(list(message.id)): list(message.string) for message in catalogue if message.id} for catalogue in (compiled(), written())]
    assert pairs[0] == pairs[1]


def test_a_noun_agrees_with_its_number() -> None:
    assert [counted(1, "row"), counted(0, "row"), counted(2000, "entry", "entries")] == ["1 row", "0 rows", "2,000 entries"]
