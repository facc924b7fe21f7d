"""Walks a JSON text of any size: the elements of chosen arrays as Python values, everything around them as scalars with their paths.

Memory holds one chunk and one element. What comes before a break is given out first, then the break is told with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from hutong.imports.records import FileError, Record, Reject
from hutong.imports.source import Part

from .text import Encoding, text_chunks

ITEM_CHARS_MAX = 16 * 1024 * 1024
DEPTH_MAX = 64

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR_END = re.compile(r"[,\]}\s]")
_OUTSIDE = re.compile(r'["{}\[\]]')
_INSIDE = re.compile(r'["\\]')
_NUMBER_STARTS = "-0123456789"
_VALUE_ENDS = ",]} \t\r\n"
# A parse error this close to the end of what was read may only mean that the rest has not been read yet.
_UNDECIDED_CHARS = 16


class Oversized:
    """Stands for an element longer than ITEM_CHARS_MAX, which was passed over."""


OVERSIZED = Oversized()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_SCAN = json.JSONDecoder(strict=False, parse_constant=_refuse_constant).scan_once  # type: ignore[attr-defined]


class _Text:
    """The part of the text not yet used, filled as needed."""

    def __init__(self, part: Part, encoding: Encoding) -> None:
        self.name = part.name
        self._chunks = text_chunks(part, encoding)
        self.buffer = ""
        self.at = 0
        self.ended = False
        self._lines_gone = 0
        self._chars_gone = 0

    def fill(self, chars: int = 1) -> bool:
        """Drops what was used and reads at least that many more; False at the end."""
        pieces, size = [self.buffer[self.at :]], 0
        self._lines_gone += self.buffer.count("\n", 0, self.at)
        self._chars_gone += self.at
        self.at = 0
        while size < chars:
            piece = next(self._chunks, None)
            if piece is None:
                self.ended = True
                break
            pieces.append(piece)
            size += len(piece)
        self.buffer = "".join(pieces)
        return size > 0

    def peek(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            found = _SPACE.match(self.buffer, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if self.ended or not self.fill():
                return ""

    def value(self) -> Any:
        """The value that starts here, or OVERSIZED."""
        while True:
            buffer, at = self.buffer, self.at
            try:
                value, end = _SCAN(buffer, at)
            except StopIteration as stop:
                place = stop.value if isinstance(stop.value, int) else at
                undecided = place >= len(buffer) - _UNDECIDED_CHARS
            except json.JSONDecodeError as error:
                place = error.pos
                undecided = place >= len(buffer) - _UNDECIDED_CHARS or error.msg.startswith("Unterminated string")
            except ValueError:
                self.broken(at)
            except RecursionError as error:
                raise FileError("json_too_deep", self._where(at)) from error
            else:
                # A number may go on in the next chunk: 1 and 1. and 1e are the starts of 1.5 and 1e5.
                left = len(buffer) - end
                whole = left and (buffer[at] not in _NUMBER_STARTS or buffer[end] in _VALUE_ENDS or left > _UNDECIDED_CHARS)
                if whole or self.ended or not self.fill(end - at):
                    self.at = end if self.buffer is buffer else end - at
                    return value
                if len(self.buffer) > ITEM_CHARS_MAX:
                    self.skip()
                    return OVERSIZED
                continue
            if not undecided:
                self.broken(place)
            if self.ended:
                self.broken(place)
            if len(buffer) - at > ITEM_CHARS_MAX:
                self.skip()
                return OVERSIZED
            self.fill(len(buffer) - at)

    def skip(self) -> None:
        """Passes over the value that starts here without keeping it."""
        depth, inside = 0, False
        if self.peek() not in '"{[':
            while not (found := _SCALAR_END.search(self.buffer, self.at)):
                self.at = len(self.buffer)
                if not self.fill():
                    return
            self.at = found.start()
            return
        while True:
            found = (_INSIDE if inside else _OUTSIDE).search(self.buffer, self.at)
            if not found:
                self.at = len(self.buffer)
                if not self.fill():
                    self.broken(self.at)
                continue
            self.at = found.end()
            letter = found[0]
            if letter == "\\":
                if self.at == len(self.buffer) and not self.fill():
                    self.broken(self.at)
                self.at += 1
                continue
            if letter == '"':
                inside = not inside
            else:
                depth += 1 if letter in "{[" else -1
            if depth == 0 and not inside:
                return

    def line(self, at: int | None = None) -> int:
        """The number of the line being read."""
        return self._lines_gone + self.buffer.count("\n", 0, self.at if at is None else at) + 1

    def broken(self, place: int) -> NoReturn:
        """Raises the error for a text that ends too early or goes wrong here."""
        code = "json_truncated" if self.ended and not self.buffer[place:].strip("}] \t\r\n") else "json_broken"
        if self.ended and self.buffer.count('"', self.at) and code == "json_broken":
            unfinished = self.buffer[place : place + 1] == '"'
            code = "json_truncated" if unfinished else code
        raise FileError(code, self._where(place))

    def _where(self, place: int) -> dict[str, str | int]:
        return {"file": self.name, "line": self.line(place), "char": self._chars_gone + place}


def walk(part: Part, encoding: Encoding, *, items: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Yields (path, value): each element of the arrays whose path is in `items`, and each scalar outside them.

    Paths are dotted keys; an array adds nothing to the path of what it holds; the root is "". Raises FileError at a break.
    """
    text = _Text(part, encoding)
    stack: list[tuple[bool, str]] = []
    path = ""
    while True:
        letter = text.peek()
        if letter == "[" and path in items:
            text.at += 1
            yield from _elements(text, path)
        elif letter in ("{", "["):
            if len(stack) >= DEPTH_MAX:
                raise FileError("json_too_deep", text._where(text.at))
            text.at += 1
            stack.append((letter == "{", path))
            if text.peek() != ("}" if letter == "{" else "]"):
                path = _key(text, path) if letter == "{" else path
                continue
        elif letter:
            yield path, text.value()
        else:
            text.broken(text.at)
        while stack:
            is_object, path = stack[-1]
            letter = text.peek()
            if letter == ",":
                text.at += 1
                path = _key(text, path) if is_object else path
                break
            if letter != ("}" if is_object else "]"):
                text.broken(text.at)
            text.at += 1
            stack.pop()
        else:
            if text.peek():
                text.broken(text.at)
            return


def _key(text: _Text, path: str) -> str:
    if text.peek() != '"':
        text.broken(text.at)
    key = text.value()
    if text.peek() != ":":
        text.broken(text.at)
    text.at += 1
    return f"{path}.{key}" if path else str(key)


def _elements(text: _Text, path: str) -> Iterator[tuple[str, Any]]:
    if text.peek() == "]":
        text.at += 1
        return
    while True:
        if not text.peek():
            text.broken(text.at)
        yield path, text.value()
        letter = text.peek()
        text.at += 1
        if letter == "]":
            return
        if letter != ",":
            text.at -= 1
            text.broken(text.at)


def sound(records: Iterator[Record | Reject]) -> Iterator[Record | Reject]:
    """Replaces what JSON can write and no store can keep: half surrogates and NUL."""
    for record in records:
        if isinstance(record, Record):
            joined = f"{record.sender_id}{record.sender_name}{record.text}{record.message_id}{record.reply_to}{record.subject_name}{record.subject_id}{record.group}"
            if "\x00" in joined or not _encodes(joined):
                for field in ("sender_id", "sender_name", "text", "message_id", "reply_to", "subject_id", "subject_name", "target_id", "group"):
                    setattr(record, field, sound_text(getattr(record, field)))
        yield record


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sound_text(text: str) -> str:
    """One text without half surrogates and NUL."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "\ufffd")
