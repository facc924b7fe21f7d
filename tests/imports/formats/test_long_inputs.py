"""Lines and files of any size: skipped or streamed in flat memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from hutong.imports.formats import Options, parse
from hutong.imports.records import Record, Reject
from tests.imports.formats.reading import read, shown

MIB = 1 << 20


def sparse(path: Path, before: bytes, hole_bytes: int, after: bytes) -> Path:
    """A file with a hole of zeros that takes no disk."""
    with path.open("wb") as file:
        file.write(before)
        file.seek(len(before) + hole_bytes)
        file.write(after)
    return path


def test_a_line_of_300_mb_is_one_reject(tmp_path: Path) -> None:
    before = "[12:00] <阿明> 大家好\n".encode() * 20_000
    path = sparse(tmp_path / "2013-01-02.txt", before, 300 * MIB, "\n[12:01] <bob> 还在\n".encode())
    tracemalloc.start()
    found = 0
    last: Record | Reject | None = None
    rejects = []
    for last in parse("irc", path, Options()):
        found += 1
        if isinstance(last, Reject):
            rejects.append((last.line, last.code, last.params))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, rejects) == (20_002, [(20_001, "line_too_long", {"limit_mib": 1})])
    assert isinstance(last, Record) and (last.line, last.text) == (20_002, "还在")
    assert peak < 24 * MIB


@pytest.mark.parametrize("size", [MIB - 40, MIB, MIB + 1, MIB + 200_000, 3 * MIB])
def test_the_limit_of_a_line(tmp_path: Path, size: int) -> None:
    path = tmp_path / "2013-01-02.txt"
    path.write_bytes(b"[12:00] <a> one\n" + b"[12:00] <a> ".ljust(size, b"x") + b"\n[12:00] <a> three\n")
    items = read(path, "irc")
    assert [item.line for item in items] == [1, 2, 3]
    assert isinstance(items[1], Reject) is (size > MIB)


def test_a_long_cell_and_an_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    rows = ["time,sender,text", "2023-01-02 12:00:00,a,one", '2023-01-02 12:00:01,a,"' + "x" * (2 * MIB) + '"', "2023-01-02 12:00:02,a,three"]
    path.write_text("\n".join(rows) + "\n")
    items = [shown(item) for item in read(path, "csv")]
    assert [item.get("reject", item.get("text")) for item in items] == ["one", "line_too_long", "three"]


def test_a_long_element_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    message = {"type": "message", "date_unixtime": "1672617660", "from": "a", "from_id": "user1"}
    items = [
        {**message, "id": 1, "text": "one"},
        {**message, "id": 2, "text": "x" * 40 * MIB, "more": ['\\"]}'] * 3},
        {**message, "id": 3, "text": "three"},
    ]
    path.write_text(json.dumps({"name": "g", "type": "private_group", "id": 1, "messages": items}))
    assert [getattr(item, "text", "") or getattr(item, "code", "") for item in read(path, "telegram")] == ["one", "item_too_long", "three"]


def test_nesting(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text('{"messages": [' + "[" * 200_000)
    from tests.imports.formats.reading import read_until_broken

    found, error = read_until_broken(path, "json", mapping={"time": "ts", "sender": "user"})
    assert found == [] and error is not None and error.code in ("json_too_deep", "column_unknown")


def irc_lines(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"[{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}] <user{number % 500}> message number {number} 大家好\n"


def csv_lines(count: int) -> Iterator[str]:
    yield "time,sender,text\n"
    for number in range(count):
        yield f'{1_600_000_000 + number},user{number % 500},"message, number {number} 大家好"\n'


def telegram_lines(count: int) -> Iterator[str]:
    yield '{"name": "g", "type": "private_group", "id": 1, "messages": [\n'
    for number in range(count):
        yield json.dumps(
            {
                "id": number,
                "type": "message",
                "date": "2023-01-02T08:01:00",
                "date_unixtime": str(1_600_000_000 + number),
                "from": f"u{number % 500}",
                "from_id": f"user{number % 500}",
                "text": "大家好",
            },
            ensure_ascii=False,
        ) + (",\n" if number < count - 1 else "\n")
    yield "]}"


def whatsapp_lines(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"13/01/2023, {number // 60 % 24:02d}:{number % 60:02d} - user{number % 500}: message {number}\nsecond line\n"


WRITERS = {
    "irc": ("2016-01-01.log", irc_lines),
    "csv": ("chat.csv", csv_lines),
    "telegram": ("result.json", telegram_lines),
    "whatsapp": ("WhatsApp Chat with X.txt", whatsapp_lines),
}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_memory_stays_flat_at_ten_times_the_file(tmp_path: Path, name: str) -> None:
    file_name, lines = WRITERS[name]
    peaks = []
    for count in (20_000, 200_000):
        path = tmp_path / file_name
        with path.open("w", encoding="utf-8") as file:
            file.writelines(lines(count))
        child = subprocess.run([sys.executable, "-c", _PEAK, name, str(path)], capture_output=True, text=True, check=True)
        found, peak_kib = child.stdout.split()
        assert int(found) == count
        peaks.append(int(peak_kib))
    assert peaks[1] - peaks[0] < 8 * 1024, peaks


_PEAK = """
import resource, sys
from pathlib import Path
from hutong.imports.formats import Options, parse
found = sum(1 for _ in parse(sys.argv[1], Path(sys.argv[2]), Options()))
print(found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_the_child_measures_kibibytes() -> None:
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 10 * 1024
