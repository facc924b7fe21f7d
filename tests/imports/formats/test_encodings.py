"""What bytes may be: UTF-8 with and without mark, UTF-16 both ways, GBK; what is no text is refused; the place of a bad byte is exact."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hutong.imports.formats import detect
from hutong.imports.records import FileError, Record, Reject
from tests.imports.formats.reading import read, read_until_broken, shown

CHAT = "".join(f"2023-01-02 12:{minute:02d}:44 阿明\n大家好，今天第{minute}次报到😀\n\n" for minute in range(40))
MESSAGES = [("阿明", f"大家好，今天第{minute}次报到😀") for minute in range(40)]


@pytest.mark.parametrize(
    ("written", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_encodings_are_found(tmp_path: Path, written: str, mark: bytes, found: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_bytes(mark + CHAT.replace("\n", "\r\n").encode(written))
    assert (detect(path)[0].format, detect(path)[0].encoding) == ("wechat", found)
    assert [(item.sender_name, item.text) for item in read(path) if isinstance(item, Record)] == MESSAGES


def test_gbk_after_a_long_ascii_start(tmp_path: Path) -> None:
    path = tmp_path / "2023-01-02.log"
    ascii_lines = "".join(f"[12:00] <bob> line {number}\n" for number in range(15_000))
    path.write_bytes(ascii_lines.encode() + "[12:01] <阿明> 大家好\n".encode("gbk"))
    last = read(path, "irc")[-1]
    assert isinstance(last, Record) and (last.line, last.sender_name, last.text) == (15_001, "阿明", "大家好")


def test_an_encoding_may_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_bytes("time,sender,text\n2023-01-02 12:00:00,阿明,繁體字\n".encode("big5"))
    item = read(path, "csv", encoding="big5")[0]
    assert isinstance(item, Record) and (item.sender_name, item.text) == ("阿明", "繁體字")
    with pytest.raises(FileError) as refused:
        read(path, "csv", encoding="base64")
    assert (refused.value.code, refused.value.params) == ("encoding_unknown_name", {"encoding": "base64"})


@pytest.mark.parametrize("seed", [b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"\x00\x01\x02", b""])
def test_what_is_no_text_is_refused(tmp_path: Path, seed: bytes) -> None:
    path = tmp_path / "chat.txt"
    path.write_bytes(seed + os.urandom(50_000))
    with pytest.raises(FileError) as refused:
        detect(path)
    assert refused.value.code in ("not_text", "encoding_unknown")


def test_an_empty_file_has_its_own_error(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_bytes(b"")
    with pytest.raises(FileError) as refused:
        detect(path)
    assert (refused.value.code, refused.value.params) == ("file_empty", {"file": "chat.txt"})


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n\n  \n", b"hello there\n"])
def test_a_text_of_no_format(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "chat.txt"
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        detect(path)
    assert refused.value.code == "format_unknown"


def test_the_place_of_a_bad_byte(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    rows = [f"2023-01-02 12:00:00,阿明,第{number}行".encode() for number in range(50)]
    rows[30] = rows[30][:-2]
    content = b"time,sender,text\n" + b"\n".join(rows) + b"\n"
    path.write_bytes(content)
    rejects = [item for item in read(path, "csv") if isinstance(item, Reject)]
    place = content.index(b"\n" + rows[31]) - 1
    assert [(item.code, item.params) for item in rejects] == [("bad_bytes", {"byte": place, "encoding": "utf-8"})]
    assert len(read(path, "csv")) == 50


def test_a_file_that_changes_its_encoding_is_given_up_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    good = "time,sender,text\n" + "2023-01-02 12:00:00,阿明,好\n" * 20_000
    path.write_bytes(good.encode() + ("2023-01-02 12:00:00,阿明,好\n" * 20_000).encode("gbk"))
    found, error = read_until_broken(path, "csv")
    assert error is not None and (error.code, error.params["byte"]) == ("encoding_broken", len(good.encode()) + len("2023-01-02 12:00:00,"))
    assert sum(isinstance(item, Record) for item in found) == 20_000


def test_irc_lines_of_other_encodings_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    path.write_bytes(
        "[12:00] <阿明> 大家好\n".encode() * 40
        + "[12:01] <a> 被截断的一行".encode()[:-1]
        + b"\n"
        + b"[12:02] <b> "
        + "你好".encode("gb2312")
        + b"\n[12:03] <c> caf\xe9\n"
    )
    assert [(row["sender_id"], row["text"]) for row in map(shown, read(path, "irc"))][40:] == [
        ("a", "被截断的一\ufffd"),
        ("b", "你好"),
        ("c", "café"),
    ]


def test_half_a_surrogate_in_utf_16_is_one_lost_line(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    lines = CHAT.encode("utf-16-le").replace("第7次".encode("utf-16-le"), b"\x3d\xd8" + "x".encode("utf-16-le"))
    path.write_bytes(b"\xff\xfe" + lines)
    items = read(path, "wechat")
    assert [item.code for item in items if isinstance(item, Reject)] == ["bad_bytes"]
    assert sum(isinstance(item, Record) for item in items) == 40
