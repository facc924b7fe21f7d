"""Bytes to lines: the encoding decided over a sample, then streamed; no line, however long, fills the memory."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from hutong.imports.records import FileError, Reject, reject
from hutong.imports.source import READ_BYTES, Part, read_up_to

SAMPLE_BYTES = 256 * 1024
LINE_BYTES_MAX = 1024 * 1024
BAD_LINES_BEFORE_GIVING_UP = 100
BAD_LINES_SHARE_MAX = 0.05

# What a person may ask for; the first four are found without asking.
ENCODINGS = (
    "utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "gbk", "gb2312", "big5", "big5hkscs", "cp1252", "iso8859-1", "iso8859-15",
    "cp1251", "koi8-r", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "ascii",
)  # fmt: skip

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LIKELY_TEXT = re.compile(
    r"[\t\n\r -~\u00a0-\u06ff\u0900-\u0eff\u1e00-\u206f\u20a0-\u27bf\u3000-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ufb50-\ufdff\ufe00-\ufe0f"
    r"\ufe10-\ufe4f\ufe70-\ufeff\uff00-\uffef\U0001f000-\U0001faff\u0002\u0003\u000f\u0011\u0016\u001d\u001e\u001f]"
)
_LIKELY_SHARE_MIN = 0.9
_CONTROLS = re.compile(rb"[\x00-\x01\x05-\x08\x0b\x0c\x0e\x10\x12-\x15\x17-\x1a\x1c]")
_CONTROL_SHARE_MAX = 0.01


class Encoding(msgspec.Struct, frozen=True):
    """How a part is written. `assumed`: only ASCII was seen so far, so UTF-8 is a guess that may be revised."""

    name: str
    bom_bytes: int = 0
    assumed: bool = False


def named_encoding(name: str) -> str:
    """Python's name of an encoding a person asked for."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        found = ""
    if found not in {codecs.lookup(known).name for known in ENCODINGS}:
        raise FileError("encoding_unknown_name", {"encoding": name[:40]})
    return "gb18030" if found in ("gbk", "gb2312") else found


def encoding_of(part: Part, override: str | None = None) -> Encoding:
    """Decides by a strict test over the first bytes; raises FileError for what is no text."""
    sample = part.head(SAMPLE_BYTES)
    if not sample:
        raise FileError("file_empty", {"file": part.name})
    bom = next(((mark, name) for mark, name in _BOMS if sample.startswith(mark)), None)
    if override:
        name = named_encoding(override)
        if name == "utf-16":
            name = bom[1] if bom and bom[1].startswith("utf-16") else "utf-16-le"
        return Encoding(name, len(bom[0]) if bom and bom[1] == name else 0)
    whole = len(sample) < SAMPLE_BYTES
    if bom:
        return Encoding(bom[1], len(bom[0]))
    return _guess(sample, whole=whole, name=part.name)


def _guess(sample: bytes, *, whole: bool, name: str) -> Encoding:
    zeros = sample.count(0)
    if zeros:
        for wide in ("utf-16-le", "utf-16-be"):
            if _likely(sample[: len(sample) & ~1].decode(wide, "replace")) >= _LIKELY_SHARE_MIN:
                return Encoding(wide)
    if len(_CONTROLS.findall(sample)) > max(2, len(sample) * _CONTROL_SHARE_MAX):
        raise FileError("not_text", {"file": name})
    if sample.isascii():
        return Encoding("utf-8", assumed=True)
    lines = sample.split(b"\n")
    if not whole and len(lines) > 1:
        lines.pop()
    told = [line for line in lines if not line.isascii()]
    if not told:
        return Encoding("utf-8", assumed=True)
    good = {tried: sum(_decodes(line, tried, whole=whole or len(lines) > 1) for line in told) / len(told) for tried in ("utf-8", "gb18030")}
    if good["utf-8"] == 1 or (good["utf-8"] >= 1 - BAD_LINES_SHARE_MAX and len(told) >= 3):
        return Encoding("utf-8")
    if good["gb18030"] >= 1 - BAD_LINES_SHARE_MAX and _likely(b"\n".join(told).decode("gb18030", "replace")) >= _LIKELY_SHARE_MIN:
        return Encoding("gb18030")
    if good["utf-8"] >= 0.5 and good["utf-8"] > good["gb18030"]:
        return Encoding("utf-8")
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError("encoding_unknown", {"file": name, "byte": error.start}) from error
    return Encoding("utf-8")


def _likely(text: str) -> float:
    return len(_LIKELY_TEXT.findall(text)) / max(len(text), 1)


def _decodes(line: bytes, encoding: str, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(line, whole)
    except UnicodeDecodeError:
        return False
    return True


Line = str | Reject


def line_blocks(part: Part, encoding: Encoding, *, mixed: bool = False) -> Iterator[tuple[int, list[Line]]]:
    """Blocks of lines without their ends, each with the number of its first line.

    A line longer than LINE_BYTES_MAX or not in the encoding is a Reject in its place. `mixed` reads such bytes the way IRC
    clients do, for logs whose writers used several encodings.
    """
    with part.open() as raw:
        yield from _LineReader(part.name, encoding, mixed).blocks(raw)


def numbered_lines(part: Part, encoding: Encoding) -> Iterator[tuple[int, Line]]:
    """Every line with its number."""
    for first, block in line_blocks(part, encoding):
        yield from enumerate(block, first)


class _LineReader:
    def __init__(self, name: str, encoding: Encoding, mixed: bool) -> None:
        self.name = name
        self.encoding = encoding.name
        self.assumed = encoding.assumed
        self.bom_bytes = encoding.bom_bytes
        self.mixed = mixed
        self.bad_lines = 0
        self.first_bad_byte = -1
        self.given_up: FileError | None = None
        self.wide = encoding.name.startswith("utf-16")

    def blocks(self, raw: BinaryIO) -> Iterator[tuple[int, list[Line]]]:
        chunks = _narrow(raw, self.encoding, self.bom_bytes, self.name) if self.wide else _chunks(raw, self.bom_bytes)
        number, offset = 1, self.bom_bytes
        carry, skipping = b"", False
        for chunk in chunks:
            if self.assumed and not chunk.isascii():
                chunk += read_up_to(raw, SAMPLE_BYTES)  # the encoding is decided now, once: see much of it
            if skipping:
                end = chunk.find(b"\n") + 1
                if not end:
                    offset += len(chunk)
                    continue
                chunk, offset, number, skipping = chunk[end:], offset + end, number + 1, False
            data = carry + chunk
            end = data.rfind(b"\n") + 1
            if end:
                lines = self._decode(data[: end - 1], number, offset)
                yield number, lines
                if self.given_up:
                    raise self.given_up
                number, offset, carry = number + len(lines), offset + end, data[end:]
            else:
                carry = data
            if len(carry) > LINE_BYTES_MAX:
                yield number, [self._too_long(number, carry)]
                offset, carry, skipping = offset + len(carry), b"", True
        if carry:
            yield number, self._decode(carry, number, offset)

    def _too_long(self, number: int, line: bytes) -> Reject:
        return reject(
            number, "line_too_long", line[:400].decode(self.encoding if not self.wide else "utf-8", "replace"), limit_mib=LINE_BYTES_MAX >> 20
        )

    def _decode(self, block: bytes, number: int, offset: int) -> list[Line]:
        if self.assumed and not block.isascii():
            self.encoding = _guess(block, whole=True, name=self.name).name
            self.assumed = False
        try:
            text = block.decode("utf-8" if self.wide else self.encoding)
        except UnicodeDecodeError:
            return self._decode_each(block, number, offset)
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        lines: list[Line] = text.split("\n")  # type: ignore[assignment]
        if len(block) > LINE_BYTES_MAX:
            for index, line in enumerate(block.split(b"\n")):
                if len(line) > LINE_BYTES_MAX:
                    lines[index] = self._too_long(number + index, line)
        return lines

    def _decode_each(self, block: bytes, number: int, offset: int) -> list[Line]:
        lines: list[Line] = []
        for index, line in enumerate(block.split(b"\n")):
            try:
                lines.append(line.decode("utf-8" if self.wide else self.encoding).removesuffix("\r"))
            except UnicodeDecodeError as error:
                lines.append(self._bad_line(line, number + index, offset + error.start))
            if self.given_up:
                break
            offset += len(line) + 1
        return lines

    def _bad_line(self, line: bytes, number: int, byte: int) -> Line:
        if self.mixed:
            return _foreign(line).removesuffix("\r")
        self.bad_lines += 1
        if self.first_bad_byte < 0:
            self.first_bad_byte = byte
        if self.bad_lines > max(BAD_LINES_BEFORE_GIVING_UP, number * BAD_LINES_SHARE_MAX):
            self.given_up = FileError("encoding_broken", {"file": self.name, "encoding": self.encoding, "byte": self.first_bad_byte, "line": number})
        return reject(
            number, "bad_bytes", line[:400].decode(self.encoding if not self.wide else "utf-8", "replace"), byte=byte, encoding=self.encoding
        )


def _foreign(line: bytes) -> str:
    """A line of another encoding than its neighbours: cut UTF-8, else GB2312, else Windows-1252."""
    replaced = line.decode("utf-8", "replace")
    damaged = replaced.count("\ufffd")
    if sum(1 for letter in replaced if letter > "\x7f") > 2 * damaged:
        return replaced
    try:
        return line.decode("gb2312")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _chunks(raw: BinaryIO, skip: int) -> Iterator[bytes]:
    raw.read(skip) if skip else None
    while chunk := raw.read(READ_BYTES):
        yield chunk


def _narrow(raw: BinaryIO, encoding: str, skip: int, name: str) -> Iterator[bytes]:
    """UTF-16 as UTF-8, so that a line end is one byte; half a surrogate stays recognisably wrong."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    read = skip
    for chunk in _chunks(raw, skip):
        yield _checked(decoder, chunk, name, encoding, read, last=False).encode("utf-8", "surrogatepass")
        read += len(chunk)
    yield _checked(decoder, b"", name, encoding, read, last=True).encode("utf-8", "surrogatepass")


def text_chunks(part: Part, encoding: Encoding) -> Iterator[str]:
    """The text in pieces, for formats that are not made of lines; the first bad byte ends it with a FileError."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    read = encoding.bom_bytes
    with part.open() as raw:
        for chunk in _chunks(raw, encoding.bom_bytes):
            if encoding.assumed and not chunk.isascii():
                chunk += read_up_to(raw, SAMPLE_BYTES)
                found = _guess(chunk, whole=False, name=part.name)
                if found.name != encoding.name:
                    decoder = codecs.getincrementaldecoder(found.name)()
                encoding = Encoding(found.name, encoding.bom_bytes)
            yield _checked(decoder, chunk, part.name, encoding.name, read, last=False)
            read += len(chunk)
        yield _checked(decoder, b"", part.name, encoding.name, read, last=True)


def _checked(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, encoding: str, read: int, *, last: bool) -> str:
    pending = len(decoder.getstate()[0])
    try:
        return decoder.decode(chunk, last)
    except UnicodeDecodeError as error:
        raise FileError("encoding_broken", {"file": name, "encoding": encoding, "byte": read - pending + error.start, "line": 0}) from error
