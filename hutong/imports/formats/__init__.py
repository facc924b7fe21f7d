"""Reads the chat histories people really have. One module a format; the table below is the whole list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hutong.imports.records import FileError, Record, Reject
from hutong.imports.source import Source

from . import (
    chatlab,
    discord,
    irc,
    objects,
    qq,
    slack,
    table,
    telegram,
    wechat,
    whatsapp,
)
from .contract import Detection, Format, Head, Options

__all__ = ["FORMATS", "Detection", "Format", "Options", "detect", "format_named", "parse"]

# Most telling first: of two equally sure answers the earlier one wins.
FORMATS: tuple[Format, ...] = (
    slack.FORMAT,
    chatlab.FORMAT,
    telegram.FORMAT,
    discord.FORMAT,
    qq.FORMAT,
    whatsapp.FORMAT,
    irc.FORMAT,
    wechat.FORMAT,
    table.FORMAT,
    objects.FORMAT,
)


def format_named(name: str) -> Format:
    """The format of that name. Raises FileError for an unknown one."""
    found = next((known for known in FORMATS if known.name == name), None)
    if found is None:
        raise FileError("format_unknown_name", {"format": name[:40]})
    return found


def detect(source: Source | Path, filename: str = "", *, encoding: str | None = None) -> list[Detection]:
    """What the file may be, best first. Raises FileError if it is of no known format or cannot be read at all."""
    opened = source if isinstance(source, Source) else Source.open(source, filename)
    head = Head(opened, filename or opened.name, encoding)
    found = [detection for known in FORMATS if (detection := known.sniff(head))]
    opened.rewind()
    if not found:
        raise FileError("format_unknown", {"file": opened.name})
    found.sort(key=lambda detection: -detection.confidence)
    for detection in found:
        detection.encoding = head.encoding.name
        detection.files = len(opened.parts)
        detection.skipped = opened.skipped[:50]
    return found


def parse(format_name: str, source: Source | Path, options: Options | None = None) -> Iterator[Record | Reject]:
    """Everything the source says, in its order. Rows before a break are given out, then FileError is raised."""
    opened = source if isinstance(source, Source) else Source.open(source)
    opened.rewind()
    yield from format_named(format_name).parse(opened, options or Options())
