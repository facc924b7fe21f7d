"""A conversation written in a format is read back equal, whatever people are called and whatever they say."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.imports.formats import Options, parse
from hutong.imports.records import Record


class Said(NamedTuple):
    at: int
    who: str
    text: str


SAFE = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff")
WORDS = st.lists(SAFE | st.sampled_from(["👩‍👧", "\u202e", "<b>", "=1+1", "，", "\u200d"]), min_size=1, max_size=30).map("".join)
NICKS = st.text(st.sampled_from("abcXYZ019[]{}^_|`-阿明小红"), min_size=1, max_size=12)
MOMENTS = st.integers(1_600_000_000, 1_600_000_000 + 86_400 * 300)


def conversation(names: st.SearchStrategy[str], texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Said]]:
    return st.lists(st.builds(Said, MOMENTS, names, texts), min_size=1, max_size=12).map(sorted)


def clock(at: int, form: str) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(form)


def irc(said: list[Said]) -> tuple[str, bytes]:
    return "irc", "".join(f"{clock(one.at, '%Y-%m-%d %H:%M:%S')} <{one.who}> {one.text}\n" for one in said).encode()


def table(said: list[Said]) -> tuple[str, bytes]:
    out = io.StringIO()
    csv.writer(out).writerows([("time", "sender", "text"), *((str(one.at), one.who, one.text) for one in said)])
    return "csv", out.getvalue().encode()


def jsonl(said: list[Said]) -> tuple[str, bytes]:
    return "json", "".join(json.dumps({"time": one.at, "sender": one.who, "text": one.text}) + "\n" for one in said).encode()


def telegram(said: list[Said]) -> tuple[str, bytes]:
    messages = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(one.at),
            "from": one.who,
            "from_id": f"user{one.who}",
            "text": [one.text[:3], {"type": "bold", "text": one.text[3:]}],
        }
        for number, one in enumerate(said)
    ]
    return "telegram", json.dumps({"name": "g", "type": "private_group", "id": 1, "messages": messages}, ensure_ascii=False).encode()


def discord(said: list[Said]) -> tuple[str, bytes]:
    messages = [
        {
            "id": str(number),
            "type": "Default",
            "timestamp": clock(one.at, "%Y-%m-%dT%H:%M:%S+00:00"),
            "content": one.text,
            "author": {"id": one.who, "name": one.who},
        }
        for number, one in enumerate(said)
    ]
    return "discord", json.dumps({"guild": {}, "channel": {}, "messages": messages}).encode()


def chatlab(said: list[Said]) -> tuple[str, bytes]:
    head = {"_type": "header", "chatlab": {"version": "0.0.2", "exportedAt": 1}, "meta": {"name": "g", "platform": "qq", "type": "group"}}
    rows = [{"_type": "message", "sender": one.who, "accountName": one.who, "timestamp": one.at, "type": 0, "content": one.text} for one in said]
    return "chatlab", "\n".join(json.dumps(row, ensure_ascii=False) for row in [head, *rows]).encode()


def whatsapp(said: list[Said]) -> tuple[str, bytes]:
    return "whatsapp", "".join(f"{clock(one.at, '%Y/%m/%d, %H:%M:%S')} - {one.who}: {one.text}\n" for one in said).encode()


def wechat(said: list[Said]) -> tuple[str, bytes]:
    return "wechat", "".join(f"{clock(one.at, '%Y-%m-%d %H:%M:%S')} {one.who}\n{one.text}\n\n" for one in said).encode()


def qq(said: list[Said]) -> tuple[str, bytes]:
    head = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n" + "=" * 64 + "\n消息对象:群\n" + "=" * 64 + "\n\n"
    return "qq", (head + "".join(f"{clock(one.at, '%Y-%m-%d %H:%M:%S')} {one.who}(12345678)\n{one.text}\n\n" for one in said)).encode()


def slack(said: list[Said]) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("users.json", json.dumps([{"id": one.who, "profile": {"display_name": one.who}} for one in said]))
        escaped = [one.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for one in said]
        archive.writestr(
            "general/2023-01-02.json",
            json.dumps(
                [{"type": "message", "user": one.who, "text": text, "ts": f"{one.at}.000100"} for one, text in zip(said, escaped, strict=True)]
            ),
        )
    return "slack", out.getvalue()


def readable_words(text: str) -> bool:
    """Texts that the layout itself could not tell from its own lines are no matter of these tests."""
    return text == text.strip() and not re.search(
        r"\d{1,4}[-/.年]\d|\[|<|\u200e|撤回|群|:|：|omitted|deleted|省略|忽略|略去|删除|^[=—\-]|^消息|[\u2000-\u200a\u3000\u00a0\u1680]", text
    )


PLAIN = WORDS.filter(readable_words)
QUIET_NAMES = st.text(st.sampled_from("abcXYZ阿明小红👩\u200d"), min_size=1, max_size=8).map(lambda name: f"人{name}")

FORMATS: list[tuple[Callable[[list[Said]], tuple[str, bytes]], st.SearchStrategy[list[Said]]]] = [
    (irc, conversation(NICKS, WORDS)),
    (table, conversation(WORDS.filter(lambda name: name == name.strip()), WORDS)),
    (jsonl, conversation(WORDS.filter(lambda name: name == name.strip()), WORDS)),
    (telegram, conversation(WORDS, WORDS)),
    (discord, conversation(WORDS, WORDS)),
    (chatlab, conversation(WORDS, WORDS)),
    (whatsapp, conversation(QUIET_NAMES, PLAIN)),
    (wechat, conversation(QUIET_NAMES, PLAIN)),
    (qq, conversation(QUIET_NAMES, PLAIN)),
    (slack, conversation(st.text(st.sampled_from("UW0123456789"), min_size=2, max_size=9), WORDS)),
]


@pytest.mark.parametrize(("write", "conversations"), FORMATS, ids=[write.__name__ for write, _ in FORMATS])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(data=st.data())
def test_what_was_said_comes_back(
    tmp_path: Path, write: Callable[[list[Said]], tuple[str, bytes]], conversations: st.SearchStrategy[list[Said]], data: st.DataObject
) -> None:
    said = data.draw(conversations)
    name, content = write(said)
    path = tmp_path / "history"
    path.write_bytes(content)
    options = Options(mapping={"time": "time", "sender": "sender", "text": "text"}) if name in ("csv", "json") else Options()
    found = [Said(item.at_ms // 1000, item.sender_name, item.text) for item in parse(name, path, options) if isinstance(item, Record)]
    assert found == said
