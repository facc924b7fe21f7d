"""Every kind of line of every format, record by record, against files read and checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hutong.imports.formats import detect
from tests.imports.formats.reading import FIXTURES, fixture, read, shown

NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.name != "expected")


@pytest.mark.parametrize("name", NAMES)
def test_every_record_and_reject(name: str, tmp_path: Path) -> None:
    expected = [json.loads(line) for line in (FIXTURES / "expected" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [shown(item) for item in read(fixture(name, tmp_path))] == expected


FACTS = {
    "#hutong_20160102.log": ("irc", "irc", ("#hutong",), ("time_zone",)),
    "chatlab.json": ("chatlab", "wechat", ("技术交流群",), ()),
    "chatlab.jsonl": ("chatlab", "qq", ("技术交流群",), ()),
    "discord.csv": ("csv", "discord", (), ()),
    "discord.json": ("discord", "discord", ("闲聊",), ()),
    "eggdrop.log": ("irc", "irc", ("eggdrop",), ("time_zone",)),
    "hexchat.log": ("irc", "irc", ("hexchat",), ("time_zone",)),
    "irc.libera.#hutong.weechatlog": ("irc", "irc", ("#hutong",), ("time_zone",)),
    "irssi.log": ("irc", "irc", ("irssi",), ("time_zone",)),
    "limnoria.log": ("irc", "irc", ("limnoria",), ("time_zone",)),
    "list.json": ("json", "csv", (), ()),
    "list.jsonl": ("json", "csv", ("早餐",), ("time_zone",)),
    "qq.txt": ("qq", "qq", ("早餐铺子", "午餐铺子"), ("time_zone",)),
    "slack": ("slack", "slack", ("random", "general"), ()),
    "split_time.tsv": ("csv", "csv", (), ("time_zone",)),
    "table_zh.csv": ("csv", "csv", ("早餐",), ("time_zone",)),
    "telegram.json": ("telegram", "telegram", ("早餐铺子",), ()),
    "telegram_account.json": ("telegram", "telegram", ("早餐", "午餐", "旧群"), ()),
    "wechat_after.txt": ("wechat", "wechat", ("wechat_after",), ("time_zone",)),
    "wechat_before.txt": ("wechat", "wechat", ("wechat_before",), ("time_zone",)),
    "wechat_inline.txt": ("wechat", "wechat", ("wechat_inline",), ("time_zone",)),
    "wechat_mail.txt": ("wechat", "wechat", ("早餐铺子",), ("time_zone",)),
    "wechat_tool.csv": ("csv", "wechat", (), ()),
    "whatsapp_android.txt": ("whatsapp", "whatsapp", (), ("time_zone",)),
    "whatsapp_ios.txt": ("whatsapp", "whatsapp", (), ("time_zone",)),
    "与早餐铺子的 WhatsApp 聊天.txt": ("whatsapp", "whatsapp", ("早餐铺子",), ("time_zone",)),
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_file_is(name: str, tmp_path: Path) -> None:
    found = detect(fixture(name, tmp_path))[0]
    assert (found.format, found.channel, found.groups, found.needs) == FACTS[name]


def test_account_without_names_of_their_own_keep_apart(tmp_path: Path) -> None:
    groups = [item["group"] for item in map(shown, read(fixture("telegram_account.json", tmp_path)))]
    assert groups == ["早餐", "saved_messages", "午餐", "旧群"]
