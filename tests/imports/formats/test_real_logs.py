"""Counts on real logs equal those of a naive counter that shares no code with the parsers."""

from __future__ import annotations

import collections
import csv
import gzip
import re
from pathlib import Path

import pytest

from hutong.imports.formats import detect
from hutong.imports.records import Record, Reject
from hutong.imports.source import Source
from tests.conftest import shared
from tests.imports.formats.reading import read, utc

pytestmark = pytest.mark.realdata

Counts = dict[str, collections.Counter[str]]


def counted(items: list[Record | Reject]) -> Counts:
    found: Counts = collections.defaultdict(collections.Counter)
    for item in items:
        assert isinstance(item, Record), item
        day = utc(item.at_ms)[:10]
        found[item.kind][day] += 1
        if item.kind == "message":
            found["speakers"][item.sender_name.translate(LOWER)] += 1
    return found


LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~", "abcdefghijklmnopqrstuvwxyz{}|^")


def naive_text_log(folder: Path) -> Counts:
    found: Counts = collections.defaultdict(collections.Counter)
    for path in sorted(folder.iterdir()):
        digits = re.sub(r"\D", "", path.name)
        day = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
        for line in path.read_bytes().decode("utf-8", "replace").split("\n"):
            line = re.sub(r"\x03\d{0,2}|[\x01\x02\x0f\x16\x1d\x1f]", "", line)
            if said := re.match(r"\[[\d:]+\] +(?:<([^>]+)>|\* (\S+))", line):
                found["message"][day] += 1
                found["speakers"][(said[1] or said[2]).translate(LOWER)] += 1
                continue
            if "*** Joins: " in line:
                found["join"][day] += 1
            elif "*** Quits: " in line or "*** Parts: " in line:
                found["leave"][day] += 1
            elif " is now known as " in line:
                found["rename"][day] += 1
            elif line.strip():
                assert re.match(r"\[[\d:]+\] -\S+- ", line), line
                found["system"][day] += 1
    return found


def test_text_logs() -> None:
    for folder in ("chat/raw/ubuntu-cn", "chat/raw/qtox"):
        paths = sorted(shared(folder).iterdir())
        for path in paths:
            assert detect(path)[0].format == "irc"
        items = read(Source.sequence([Source.open(path) for path in paths]), "irc")
        expected = naive_text_log(shared(folder))
        assert counted(items) == expected
        lines = sum(1 for path in paths for line in path.read_bytes().split(b"\n") if line.strip())
        assert len(items) == lines


def naive_csv(path: Path) -> Counts:
    found: Counts = collections.defaultdict(collections.Counter)
    words = {"message": "message", "action": "message", "join": "join", "quit": "leave", "part": "leave", "nick": "rename"}
    with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            when = row.get("time") or utc(int(row["ts"]) * 1000)
            kind = row.get("kind") or "message"
            if kind == "event":
                text = row["text"]
                if " is now known as " in text:
                    kind = "nick"
                elif re.search(r"> has joined #", text):
                    kind = "join"
                elif re.search(r"> has (?:quit|left)", text) or " was kicked by " in text:
                    kind = "quit"
            found[words[kind]][when[:10]] += 1
            if words[kind] == "message":
                found["speakers"][row["sender"].translate(LOWER)] += 1
    return found


@pytest.mark.parametrize(
    "name",
    [
        "fluid_irc.csv.gz",
        "qtox_irc_2016.csv.gz",
        "slack_dev_chats.csv.gz",
        "ubuntu-cn_2013-01-01_15.csv.gz",
        "ubuntu_2013-01.csv.gz",
        "zig_irc.csv.gz",
        "zulip_lean.csv.gz",
    ],
)
def test_tables_by_suggestion_alone(name: str) -> None:
    path = shared(f"chat/{name}")
    assert counted(read(path)) == naive_csv(path)


def test_groups_and_threads_of_the_tables() -> None:
    slack = [item for item in read(shared("chat/slack_dev_chats.csv.gz")) if isinstance(item, Record)]
    conversations = {item.reply_to for item in slack if item.reply_to}
    with gzip.open(shared("chat/slack_dev_chats.csv.gz"), "rt", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = [f"{row['team']}/{row['channel']}:{row['conversation_id']}" for row in rows]
    assert {item.group for item in slack} == {f"{row['team']}/{row['channel']}" for row in rows}
    assert sum(1 for item in slack if not item.reply_to) == len(set(keys))
    assert conversations == {f"thread:{key}" for key, count in collections.Counter(keys).items() if count > 1}
    zulip = [item for item in read(shared("chat/zulip_lean.csv.gz")) if isinstance(item, Record)]
    assert all(item.message_id.isdigit() and item.group for item in zulip)


def test_the_two_forms_of_the_same_log_agree() -> None:
    """The public bots' text and its table tell the same days the same way."""
    text = read(Source.sequence([Source.open(path) for path in sorted(shared("chat/raw/ubuntu-cn").iterdir())]), "irc")
    table = read(shared("chat/ubuntu-cn_2013-01-01_15.csv.gz"))
    days = {f"2013-01-{day:02d}" for day in range(1, 8)}
    tally = [
        collections.Counter(
            (item.kind, utc(item.at_ms)[:10], item.sender_name)
            for item in items
            if isinstance(item, Record) and utc(item.at_ms)[:10] in days and item.kind == "message"
        )
        for items in (text, table)
    ]
    assert tally[0] == tally[1]
