"""gz and zip: read as they stream, refused when they grow too much, whatever their headers claim."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path

import pytest

from hutong.imports import source as limits
from hutong.imports.formats import detect
from hutong.imports.records import FileError, Record
from hutong.imports.source import Source
from tests.imports.formats.reading import read, read_until_broken

DAY = "[12:00] <alice> hello\n[12:01] <bob> {}\n"


def refused(path: Path) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(FileError) as error:
        read(path, "irc")
    return error.value.code, error.value.params


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_of_days_is_one_history_in_order(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "logs.zip",
        {f"2013/01/{day:02d}/#hutong.txt": DAY.format(day).encode() for day in (10, 2, 1)} | {"__MACOSX/._x.txt": b"junk", "photo.jpg": b"\xff\xd8"},
    )
    source = Source.open(path)
    assert [part.name for part in source.parts] == [f"2013/01/{day:02d}/#hutong.txt" for day in (1, 2, 10)]
    assert source.skipped == ("photo.jpg",)
    items = read(path)
    assert [item.text for item in items if isinstance(item, Record) and item.sender_id == "bob"] == ["1", "2", "10"]
    assert {item.group for item in items if isinstance(item, Record)} == {""}


def test_channels_of_a_zip_keep_apart(tmp_path: Path) -> None:
    path = zipped(tmp_path / "logs.zip", {"#a_20130101.log": DAY.encode(), "#b_20130101.log": DAY.encode()})
    assert detect(path)[0].groups == ("#a", "#b")
    assert [item.group for item in read(path) if isinstance(item, Record)] == ["#a", "#a", "#b", "#b"]


def test_several_files_are_read_by_date(tmp_path: Path) -> None:
    paths = []
    for day in ("20161102", "20161101", "20161030"):
        paths.append(tmp_path / f"chan_{day}.log.txt")
        paths[-1].write_text(DAY.format(day))
    source = Source.sequence([Source.open(path) for path in paths])
    assert [item.text for item in read(source) if isinstance(item, Record) and item.sender_id == "bob"] == ["20161030", "20161101", "20161102"]
    assert source.progress() == (3 * len(DAY.format("20161101")), 3 * len(DAY.format("20161101")))


def test_gz_is_seen_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "2013-01-02.txt"
    path.write_bytes(gzip.compress(DAY.encode()))
    assert len(read(path)) == 2


@pytest.mark.parametrize("packed", ["gz", "zip"])
def test_ratio(tmp_path: Path, packed: str) -> None:
    content = (b"[12:00] <alice> " + b"a" * 1000 + b"\n") * 40_000
    path = tmp_path / f"2013-01-02.txt.{packed}"
    if packed == "gz":
        path.write_bytes(gzip.compress(content))
    else:
        zipped(path, {"2013-01-02.txt": content})
    assert refused(path) == ("bomb_ratio", {"file": path.name, "limit": 100})


def test_members_that_share_their_bytes_count_together(tmp_path: Path) -> None:
    line = b"[12:00] <alice> %d\n"
    content = b"".join(line % (number * 7919 % 1_000_003) for number in range(60_000))
    path = zipped(tmp_path / "logs.zip", {"2013-01-01.txt": content})
    plain = path.read_bytes()
    directory = plain.index(b"PK\x01\x02")
    entry = plain[directory : plain.index(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"2013-01-01", b"%04d-01-01" % (1990 + number)) for number in range(100)) * 2
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), directory, 0)
    path.write_bytes(plain[:directory] + entries + end)
    # The same bytes listed under other names do not match their local headers and are refused as broken before they can add up.
    assert refused(path)[0] in ("bomb_ratio", "zip_broken")


def test_number_of_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "logs.zip", {f"{number}.txt": b"" for number in range(limits.ARCHIVE_FILES_MAX + 1)})
    assert refused(path) == ("bomb_files", {"file": "logs.zip", "limit": 10_000})


def test_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES_MAX", 1 << 20)
    content = b"".join(b"[12:00] <alice> %d\n" % (number * 7919 % 1_000_003) for number in range(60_000))
    zipped(tmp_path / "one.zip", {"2013-01-01.txt": content})
    zipped(tmp_path / "two.zip", {"2013-01-01.txt": content[:700_000], "2013-01-02.txt": content[:700_000]})
    (tmp_path / "2013-01-01.txt.gz").write_bytes(gzip.compress(content))
    for name in ("one.zip", "two.zip", "2013-01-01.txt.gz"):
        assert refused(tmp_path / name)[0] == "bomb_size"


def test_a_lying_header(tmp_path: Path) -> None:
    content = DAY.encode() * 1000
    path = zipped(tmp_path / "logs.zip", {"2013-01-01.txt": content})
    packed = bytearray(path.read_bytes())
    for place, at in ((packed.index(b"PK\x03\x04"), 22), (packed.index(b"PK\x01\x02"), 24)):
        struct.pack_into("<L", packed, place + at, 100)
    path.write_bytes(packed)
    found, error = read_until_broken(path, "irc")
    assert error is not None and error.code == "zip_broken"
    assert len(found) <= 4


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("2013-01-01.txt", DAY)
    assert refused(zipped(tmp_path / "outer.zip", {"inner.zip": inner.getvalue()})) == ("archive_nested", {"file": "outer.zip"})
    (tmp_path / "chat.gz").write_bytes(gzip.compress(inner.getvalue()))
    assert refused(tmp_path / "chat.gz") == ("archive_nested", {"file": "chat"})
    both = zipped(tmp_path / "both.zip", {"inner.zip": inner.getvalue(), "2013-01-01.txt": DAY.encode()})
    assert (len(read(both)), Source.open(both).skipped) == (2, ("inner.zip",))


def test_broken_archives(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "logs.zip", {"2013-01-01.txt": DAY.encode() * 5000}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    assert refused(tmp_path / "cut.zip")[0] == "zip_broken"
    damaged = bytearray(whole)
    damaged[60:90] = b"\xff" * 30
    (tmp_path / "damaged.zip").write_bytes(damaged)
    assert refused(tmp_path / "damaged.zip")[0] == "zip_broken"
    (tmp_path / "2013-01-01.txt.gz").write_bytes(gzip.compress(DAY.encode() * 5000)[:-20])
    error = read_until_broken(tmp_path / "2013-01-01.txt.gz", "irc")[1]
    assert error is not None and error.code == "gzip_broken"
    zipped(tmp_path / "pictures.zip", {"a.jpg": b"x"})
    assert refused(tmp_path / "pictures.zip") == ("zip_without_text", {"file": "pictures.zip", "files": 1})
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"0" * 20)
    assert refused(tmp_path / "a.7z") == ("archive_unknown", {"file": "a.7z", "kind": "7z"})


def test_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "logs.zip", {"2013-01-01.txt": DAY.encode()})
    packed = bytearray(path.read_bytes())
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(packed)
    assert refused(path) == ("zip_encrypted", {"file": "logs.zip"})


def test_names_packed_on_chinese_windows(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    name = "早餐群_20130101.txt".encode("gbk")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(name), DAY)
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    assert [part.name for part in Source.open(path).parts] == ["早餐群_20130101.txt"]
    assert len(read(path)) == 2


def test_an_archive_that_says_it_is_a_bomb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("_chat.txt", "w") as member:
        for _ in range(40):
            member.write(b"25/12/2022, 09:18 - Ana: only\n" * 20_000)
    with pytest.raises(FileError) as error:
        Source.open(path)
    assert (error.value.code, error.value.params) == ("bomb_ratio", {"file": "bomb.zip", "limit": 100})
