"""One dropped file, opened as often as needed and never held: plain, gz or zip, seen as a list of text parts.

Nothing is unpacked to disk and no header is believed: bytes are counted while they stream.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from .names import part_order
from .records import FileError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

COMPRESSION_RATIO_MAX = 100
RATIO_CHECKED_FROM_BYTES = 16 * 1024 * 1024
UNPACKED_BYTES_MAX = 4 * 1024 * 1024 * 1024
ARCHIVE_FILES_MAX = 10_000
DIRECTORY_BYTES_MAX = 8 * 1024 * 1024
READ_BYTES = 32 * 1024  # small pieces are reused by the allocator; large ones leave holes that grow with the file

TEXT_SUFFIXES = (".txt", ".log", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".weechatlog")
PACKED_SUFFIXES = (".zip", ".gz", ".tgz", ".7z", ".rar", ".xz", ".bz2", ".zst", ".tar")
ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"
_END_RECORD = b"PK\x05\x06"
_ZIP64_END_RECORD = b"PK\x06\x06"
_END_RECORD_TAIL_BYTES = 22 + 65_535 + 76
_OTHER_ARCHIVES = ((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!", "rar"), (b"\xfd7zXZ\x00", "xz"), (b"BZh", "bz2"), (b"\x28\xb5\x2f\xfd", "zst"))


class Part:
    """One text inside a source: the file itself, the content of a gz, a member of a zip, whose name is then `box`."""

    def __init__(self, name: str, opener: Callable[[], BinaryIO], *, box: str = "") -> None:
        self.name = name
        self.open = opener
        self.box = box

    def head(self, size: int) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return read_up_to(stream, size)


class Source:
    """What a person dropped: `parts` in order, what was `skipped`, and how far reading has come.

    `bytes_total` and `bytes_read` are in the same unit (bytes of the file, or unpacked bytes of a zip).
    """

    def __init__(self, name: str, parts: Sequence[Part], *, bytes_total: int, archive: bool = False, skipped: Sequence[str] = ()) -> None:
        self.name = name
        self.parts = tuple(parts)
        self.bytes_total = bytes_total
        self.bytes_read = 0
        self.archive = archive
        self.skipped = tuple(skipped)

    @classmethod
    def open(cls, path: Path, filename: str = "") -> Source:
        """A file on disk, known to the person as `filename`. Raises FileError if it cannot be a history."""
        name = filename or path.name
        try:
            size = path.stat().st_size
            with path.open("rb") as stream:
                magic = stream.read(8)
        except OSError as error:
            raise FileError("file_unreadable", {"file": name, "reason": error.strerror or type(error).__name__}) from error
        if size == 0:
            raise FileError("file_empty", {"file": name})
        for start, kind in _OTHER_ARCHIVES:
            if magic.startswith(start):
                raise FileError("archive_unknown", {"file": name, "kind": kind})
        if magic.startswith((ZIP_MAGIC, _END_RECORD)):
            return _open_zip(path, name)
        source = cls(name, (), bytes_total=size)
        if magic.startswith(GZIP_MAGIC):
            inner = re.sub(r"\.gz$", "", name, flags=re.IGNORECASE)
            part = Part(inner, lambda: _open_gzip(path, source))
            start_bytes = part.head(8)
            if not start_bytes:
                raise FileError("file_empty", {"file": name})
            _refuse_nested(start_bytes, inner)
        else:
            part = Part(name, lambda: cast(BinaryIO, _Counted(path.open("rb"), source)))
        source.parts = (part,)
        source.rewind()
        return source

    @classmethod
    def sequence(cls, sources: Sequence[Source]) -> Source:
        """Several dropped files read as one history, sorted by the date in their names."""
        if len(sources) == 1:
            return sources[0]
        combined = cls(
            f"{sources[0].name} + {len(sources) - 1}",
            sorted((part for source in sources for part in source.parts), key=lambda part: part_order(part.name)),
            bytes_total=sum(source.bytes_total for source in sources),
            archive=True,
            skipped=tuple(name for source in sources for name in source.skipped),
        )
        combined._members = tuple(sources)
        return combined

    _members: tuple[Source, ...] = ()

    def rewind(self) -> None:
        """Progress starts again at zero (detection and a first pass also read)."""
        self.bytes_read = 0
        for member in self._members:
            member.rewind()

    def progress(self) -> tuple[int, int]:
        """Bytes read and bytes in all."""
        read = self.bytes_read + sum(member.bytes_read for member in self._members)
        return min(read, self.bytes_total), self.bytes_total

    def part(self, name: str) -> Part | None:
        """The part of exactly this name."""
        return next((part for part in self.parts if part.name == name), None)


def read_up_to(stream: BinaryIO, size: int) -> bytes:
    """Reads until `size` bytes or the end: a raw stream may return less than asked."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class _Counted(io.RawIOBase):
    """Adds what is read to the source's progress."""

    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self._stream = stream
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._source.bytes_read += len(data)
        return data

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A decompressing stream that refuses to grow past the limits; broken data becomes a FileError."""

    def __init__(
        self, stream: BinaryIO, *, name: str, packed_bytes: int, broken: str, counted: Callable[[int], None], closes: Callable[[], None]
    ) -> None:
        self._stream = stream
        self._name = name
        self._packed_bytes = max(packed_bytes, 1)
        self._broken = broken
        self._counted = counted
        self._closes = closes
        self._bytes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(READ_BYTES if size is None or size < 0 else min(size, READ_BYTES))
        except (zlib.error, EOFError, OSError, zipfile.BadZipFile, ValueError) as error:
            raise FileError(self._broken, {"file": self._name, "byte": self._bytes}) from error
        self._bytes += len(data)
        if self._bytes > RATIO_CHECKED_FROM_BYTES and self._bytes > self._packed_bytes * COMPRESSION_RATIO_MAX:
            raise FileError("bomb_ratio", {"file": self._name, "limit": COMPRESSION_RATIO_MAX})
        if self._bytes > UNPACKED_BYTES_MAX:
            raise FileError("bomb_size", {"file": self._name, "limit_gib": UNPACKED_BYTES_MAX >> 30})
        self._counted(len(data))
        return data

    def close(self) -> None:
        self._stream.close()
        self._closes()
        super().close()


def _open_gzip(path: Path, source: Source) -> BinaryIO:
    packed = _Counted(path.open("rb"), source)
    stream = gzip.GzipFile(fileobj=io.BufferedReader(packed, READ_BYTES), mode="rb")
    return _Unpacked(  # type: ignore[return-value]
        stream,  # type: ignore[arg-type]
        name=source.name,
        packed_bytes=path.stat().st_size,
        broken="gzip_broken",
        counted=lambda _: None,
        closes=packed.close,
    )


def _open_zip(path: Path, name: str) -> Source:
    check_directory(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileError("zip_broken", {"file": name, "byte": 0}) from error
    if len(members) > ARCHIVE_FILES_MAX:
        raise FileError("bomb_files", {"file": name, "limit": ARCHIVE_FILES_MAX})
    used: list[zipfile.ZipInfo] = []
    skipped: list[str] = []
    for member in members:
        base = member.filename.rsplit("/", 1)[-1]
        hidden = member.filename.startswith("__MACOSX/") or base.startswith(".")
        wanted = member.filename.lower().endswith(TEXT_SUFFIXES) or "." not in base
        if wanted and not hidden and member.file_size:
            used.append(member)
        elif not hidden:
            skipped.append(_member_name(member))
    if not used:
        if any(file.lower().endswith(PACKED_SUFFIXES) for file in skipped):
            raise FileError("archive_nested", {"file": name})
        raise FileError("zip_without_text", {"file": name, "files": len(members)})
    if any(member.flag_bits & 0x1 for member in used):
        raise FileError("zip_encrypted", {"file": name})
    _refuse_declared(name, packed_bytes=path.stat().st_size, unpacked_bytes=sum(member.file_size for member in used))
    source = Source(name, (), bytes_total=sum(member.file_size for member in used), archive=True, skipped=skipped)
    opened = _ZipReader(path, name, source)
    used.sort(key=lambda member: part_order(_member_name(member)))
    source.parts = tuple(Part(_member_name(member), lambda member=member: opened.open(member), box=name) for member in used)  # type: ignore[misc]
    return source


def _refuse_declared(name: str, *, packed_bytes: int, unpacked_bytes: int) -> None:
    """An archive that says itself that it is too large need not be read; one that lies is found out while it streams."""
    if unpacked_bytes > UNPACKED_BYTES_MAX:
        raise FileError("bomb_size", {"file": name, "limit_gib": UNPACKED_BYTES_MAX >> 30})
    if unpacked_bytes > RATIO_CHECKED_FROM_BYTES and unpacked_bytes > packed_bytes * COMPRESSION_RATIO_MAX:
        raise FileError("bomb_ratio", {"file": name, "limit": COMPRESSION_RATIO_MAX})


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name as written: Chinese Windows packs names in GBK without saying so, others in UTF-8 without saying so."""
    if member.flag_bits & 0x800 or member.filename.isascii():
        return member.filename
    try:
        written = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


class _ZipReader:
    """Opens members one at a time; the limits hold for all of them together, per reading of the archive."""

    def __init__(self, path: Path, name: str, source: Source) -> None:
        self._path = path
        self._name = name
        self._source = source
        self._packed_bytes = path.stat().st_size

    def open(self, member: zipfile.ZipInfo) -> BinaryIO:
        try:
            archive = zipfile.ZipFile(self._path)
            stream = archive.open(member)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise FileError("zip_broken", {"file": f"{self._name}/{member.filename}", "byte": 0}) from error
        return _Unpacked(  # type: ignore[return-value]
            stream,  # type: ignore[arg-type]
            name=f"{self._name}/{member.filename}",
            packed_bytes=min(member.compress_size, self._packed_bytes),
            broken="zip_broken",
            counted=self._count,
            closes=archive.close,
        )

    def _count(self, size: int) -> None:
        source = self._source
        source.bytes_read += size
        if source.bytes_read > UNPACKED_BYTES_MAX:
            raise FileError("bomb_size", {"file": self._name, "limit_gib": UNPACKED_BYTES_MAX >> 30})
        if source.bytes_read > RATIO_CHECKED_FROM_BYTES and source.bytes_read > self._packed_bytes * COMPRESSION_RATIO_MAX:
            raise FileError("bomb_ratio", {"file": self._name, "limit": COMPRESSION_RATIO_MAX})


def check_directory(path: Path, name: str) -> None:
    """Refuses an archive whose list of files would itself fill the memory, before the list is read."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _END_RECORD_TAIL_BYTES))
        tail = stream.read()
    end = tail.rfind(_END_RECORD)
    if end < 0 or len(tail) < end + 22:
        raise FileError("zip_broken", {"file": name, "byte": size})
    files = int.from_bytes(tail[end + 10 : end + 12], "little")
    directory_bytes = int.from_bytes(tail[end + 12 : end + 16], "little")
    wide = tail.rfind(_ZIP64_END_RECORD, 0, end)
    if wide >= 0 and len(tail) >= wide + 48:
        files = max(files if files != 0xFFFF else 0, int.from_bytes(tail[wide + 32 : wide + 40], "little"))
        wide_bytes = int.from_bytes(tail[wide + 40 : wide + 48], "little")
        directory_bytes = max(directory_bytes if directory_bytes != 0xFFFFFFFF else 0, wide_bytes)
    if files > ARCHIVE_FILES_MAX or directory_bytes > DIRECTORY_BYTES_MAX:
        raise FileError("bomb_files", {"file": name, "limit": ARCHIVE_FILES_MAX})


def _refuse_nested(start: bytes, name: str) -> None:
    if start.startswith((ZIP_MAGIC, GZIP_MAGIC)) or any(start.startswith(magic) for magic, _ in _OTHER_ARCHIVES):
        raise FileError("archive_nested", {"file": name})
