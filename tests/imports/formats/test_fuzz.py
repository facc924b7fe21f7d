"""Whatever bytes arrive, a parser gives records, rejects or one FileError; and it comes to an end."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import msgspec
import pytest

from hutong.imports.formats import FORMATS, Options, detect
from hutong.imports.messages import MESSAGES
from hutong.imports.records import KINDS, FileError, Record
from tests.imports.formats.reading import FIXTURES, fixture, read_until_broken

SEEDS = sorted(path.name for path in FIXTURES.iterdir() if path.name != "expected")
TOKENS = [
    b"\x00",
    b"\xff\xfe",
    b'"',
    b"\\",
    b"{",
    b"]",
    b"\n",
    b"\r",
    b"\t",
    b"999999999999999999999",
    b"-1",
    b"null",
    b"\xe4\xb8",
    b"\\ud800",
    b"1e999",
    b"[" * 50,
    b": ",
    b"(" * 30,
    b"2023-02-31",
    b" " * 200,
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(found) + 1)
        kind = chance.randrange(5)
        if kind == 0:
            found[at:at] = chance.choice(TOKENS)
        elif kind == 1:
            del found[at : at + chance.randint(1, 60)]
        elif kind == 2 and at < len(found):
            found[at] = chance.randrange(256)
        elif kind == 3:
            start = chance.randrange(len(found) + 1)
            found[at:at] = found[start : start + chance.randint(1, 200)]
        else:
            del found[at:]
            found += chance.choice(TOKENS)
    return bytes(found)


def survives(path: Path, format_name: str) -> None:
    options = Options(date_order="dmy", mapping={"time": "time", "sender": "sender"} if format_name in ("csv", "json") else {})
    for chosen in (options, Options()):
        found, error = read_until_broken(path, format_name, **msgspec.structs.asdict(chosen))
        for item in found:
            if isinstance(item, Record):
                f"{item.sender_id}{item.sender_name}{item.text}{item.group}".encode()
                assert isinstance(item.at_ms, int) and item.kind in KINDS
            else:
                assert item.code in MESSAGES and len(item.excerpt) <= 200
        assert error is None or error.code in MESSAGES


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_exports(name: str, tmp_path: Path) -> None:
    content = fixture(name, tmp_path).read_bytes()
    chance = random.Random(name)
    started = time.monotonic()
    for round_number in range(40):
        path = tmp_path / f"{round_number}-{name}"
        path.write_bytes(mutated(content, chance))
        try:
            format_name = detect(path)[0].format
        except FileError:
            format_name = chance.choice(FORMATS).name
        survives(path, format_name)
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("format_name", [known.name for known in FORMATS])
def test_bytes_of_any_kind(format_name: str, tmp_path: Path) -> None:
    chance = random.Random(format_name)
    for _ in range(40):
        path = tmp_path / "any.txt"
        path.write_bytes(
            b"".join(
                chance.choice(TOKENS) if chance.random() < 0.5 else chance.randbytes(chance.randint(1, 40)) for _ in range(chance.randint(1, 60))
            )
        )
        survives(path, format_name)


@pytest.mark.parametrize("name", SEEDS)
def test_every_reader_survives_every_export(name: str, tmp_path: Path) -> None:
    path = fixture(name, tmp_path)
    for known in FORMATS:
        survives(path, known.name)


@pytest.mark.parametrize(
    "line",
    [
        "[12:00] *** " + "a " * 50_000,
        "[12:00] *** " + "(" * 100_000,
        "[12:00] *** n (" + "u@h) (" * 50_000,
        "25/12/2022, 09:15 - " + "a added " * 40_000,
        "25/12/2022, 09:15 - " + "和" * 100_000,
        "2023-01-02 12:00:00 " + "名" * 100_000,
        "2023-01-02 12:00:00 系统消息(10000)\n" + "邀请" * 50_000,
        "2023-01-02 12:00:00 系统消息(10000)\n" + '"a"邀请"' * 120 + "加入了群聊",
        "2023-01-02 12:00:00 a\n" + "[图片" * 50_000,
        "time,sender,text\n2023-01-02 12:00:00,a," + '"' * 100_001,
    ],
    ids=range(10),
)
def test_lines_made_to_be_slow(line: str, tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    path.write_text((line + "\n") * 3, encoding="utf-8")
    for known in FORMATS:
        started = time.monotonic()
        survives(path, known.name)
        assert time.monotonic() - started < 5, known.name
    with contextlib.suppress(FileError):
        detect(path)
