"""A message as the calls that it takes: a text in parts, a picture with its caption, a file each. The same message gives the same calls."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hutong.channels.contract import File, Image, LinkCard, Mention, Outgoing, Quote, Segment, Text
from hutong.connectors.telegram import names
from hutong.connectors.telegram.manifest import CAPTION_UNITS_MAX, TEXT_UNITS_MAX

EVERYBODY = "所有人"
_ZWJ = "\u200d"
_JOINERS = {_ZWJ, "\ufe0e", "\ufe0f"}


@dataclass(frozen=True, slots=True)
class Words:
    """Text as Telegram counts it, in UTF-16 units, with whom it calls: (offset, length, number of the person)."""

    text: str = ""
    called: tuple[tuple[int, int, int], ...] = ()
    preview_url: str = ""

    def units(self) -> int:
        return len(self.text.encode("utf-16-le", "surrogatepass")) // 2

    def plus(self, text: str, *, number: int | None = None, preview_url: str = "") -> Words:
        """With more text behind it; `number`: it calls that person."""
        start = self.units()
        called = self.called if number is None else (*self.called, (start, Words(text).units(), number))
        return Words(self.text + text, called, self.preview_url or preview_url)

    def entities(self) -> list[dict[str, Any]]:
        return [{"type": "text_mention", "offset": start, "length": length, "user": _user(number)} for start, length, number in self.called]


@dataclass(frozen=True, slots=True)
class Part:
    """One call: text, or a picture or file with the words under it."""

    words: Words = Words()
    media: Image | File | None = None
    is_caption_above: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All parts, and what of the message can never be shown (zh, en)."""

    parts: tuple[Part, ...]
    lost: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = field(default=None)


def plan(outgoing: Outgoing) -> Plan:
    """The calls that a message takes."""
    lost: list[tuple[str, str]] = []
    reply_to = None
    pieces: list[Words | Image | File] = []
    for segment in outgoing.segments:
        if isinstance(segment, Quote):
            reply_to = int(segment.message_id) if segment.message_id.isascii() and segment.message_id.isdigit() else reply_to
        elif isinstance(segment, (Image, File)):
            pieces.append(segment)
        else:
            last = pieces.pop() if pieces and isinstance(pieces[-1], Words) else Words()
            pieces.append(_said(last, segment, lost))  # type: ignore[arg-type]
    pieces = [piece for piece in pieces if not isinstance(piece, Words) or piece.text.strip()]
    return Plan(tuple(_parts(pieces)), tuple(lost), reply_to)


def _said(words: Words, segment: Segment, lost: list[tuple[str, str]]) -> Words:
    if isinstance(segment, Text):
        return words.plus(segment.text)
    if isinstance(segment, Mention):
        if not segment.user_id:
            lost.append(("Telegram 不能@所有人，只写出了文字。", "Telegram cannot call everybody; it was written as plain text."))
            return words.plus(f"@{segment.name or EVERYBODY}").plus(" ")
        return words.plus(f"@{segment.name or segment.user_id}", number=names.user_number(segment.user_id)).plus(" ")
    if isinstance(segment, LinkCard):
        lines = [line for line in (segment.title, segment.description, segment.url) if line]
        start = "\n" if words.text and not words.text.endswith("\n") else ""
        return words.plus(start + "\n".join(lines) + "\n", preview_url=segment.url)
    raise TypeError(type(segment))


def _parts(pieces: Sequence[Words | Image | File]) -> Iterator[Part]:
    """Words beside a single picture become its caption, on the side where they stand."""
    if len(pieces) == 2:
        first, second = pieces
        if isinstance(first, Image) and isinstance(second, Words) and second.units() <= CAPTION_UNITS_MAX:
            yield Part(second, first)
            return
        if isinstance(first, Words) and isinstance(second, Image) and first.units() <= CAPTION_UNITS_MAX:
            yield Part(first, second, is_caption_above=True)
            return
    for piece in pieces:
        if isinstance(piece, Words):
            yield from (Part(words) for words in split(piece))
        else:
            yield Part(media=piece)


def split(words: Words, *, units_max: int = TEXT_UNITS_MAX) -> Iterator[Words]:
    """Pieces that Telegram takes, cut at a line, else at a space, never inside a character or somebody's name. Blank ones are left out."""
    rest = words
    while rest.units() > units_max:
        at = _cut_at(rest, units_max)
        head, rest = _halves(rest, at)
        if head.text.strip():
            yield head
    if rest.text.strip():
        yield rest


def _cut_at(words: Words, units_max: int) -> int:
    """An index into the text, at least 1."""
    most = len(words.text.encode("utf-16-le", "surrogatepass")[: units_max * 2].decode("utf-16-le", "ignore"))
    half = most // 2
    for mark in ("\n", " "):
        found = words.text.rfind(mark, half, most)
        if found >= 0:
            most = found + 1
            break
    else:
        most = _before_whole(words.text, most)
    at = Words(words.text[:most]).units()
    for start, length, _ in words.called:
        if 0 < start < at < start + length:
            return len(words.text.encode("utf-16-le", "surrogatepass")[: start * 2].decode("utf-16-le", "ignore"))
    return most


def _before_whole(text: str, at: int) -> int:
    """The nearest place at or before `at` that is between two characters as people see them."""
    for place in range(at, max(at - 64, 0), -1):
        following, before = text[place : place + 1], text[place - 1]
        is_attached = bool(following) and (
            unicodedata.combining(following) != 0 or following in _JOINERS or "\U0001f3fb" <= following <= "\U0001f3ff" or before == _ZWJ
        )
        if not is_attached:
            return place
    return at


def _halves(words: Words, at: int) -> tuple[Words, Words]:
    head = Words(words.text[:at])
    cut = head.units()
    first = tuple(one for one in words.called if one[0] + one[1] <= cut)
    second = tuple((start - cut, length, number) for start, length, number in words.called if start >= cut)
    return replace(head, called=first), Words(words.text[at:], second, words.preview_url)


def _user(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "-"}
