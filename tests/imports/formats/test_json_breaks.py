"""A JSON file that stops or goes wrong: everything before the break, then the place of it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.imports.formats.jsonstream import OVERSIZED, walk
from hutong.imports.formats.text import Encoding
from hutong.imports.records import FileError
from hutong.imports.source import Part

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


class Trickle(io.BytesIO):
    """Gives its bytes a few at a time, so that every boundary is met."""

    step = 7

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size, self.step) if size and size > 0 else self.step)


def part(content: bytes) -> Part:
    return Part("x.json", lambda: Trickle(content))


def walked(content: bytes, items: set[str]) -> tuple[list[tuple[str, Any]], FileError | None]:
    found: list[tuple[str, Any]] = []
    try:
        found.extend(walk(part(content), Encoding("utf-8"), items=items))
    except FileError as error:
        return found, error
    return found, None


def walked_until_broken(content: bytes, items: set[str]) -> tuple[list[Any], str]:
    found: list[Any] = []
    try:
        for path, value in walk(part(content), Encoding("utf-8"), items=items):
            if path in items:
                found.append(value)
    except FileError as error:
        return found, error.code
    return found, ""


@settings(max_examples=200, deadline=None)
@given(st.lists(VALUES, max_size=6), st.booleans(), st.integers(1, 40))
def test_elements_come_back_whatever_the_chunks(values: list[Any], pretty: bool, step: int) -> None:
    Trickle.step = step
    document = {"name": "g", "deep": {"er": [1, {"x": "y"}]}, "messages": values, "after": None}
    content = json.dumps(document, ensure_ascii=pretty, indent=1 if pretty else None).encode("utf-8", "surrogatepass" if pretty else "replace")
    expected = [
        ("name", "g"),
        ("deep.er", 1),
        ("deep.er.x", "y"),
        *(("messages", value) for value in json.loads(content)["messages"]),
        ("after", None),
    ]
    assert walked(content, {"messages"}) == (expected, None)


@settings(max_examples=100, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=5), st.data())
def test_a_cut_gives_what_was_whole(values: list[Any], data: st.DataObject) -> None:
    pieces = [json.dumps(value, ensure_ascii=True) for value in values]
    content = ("[" + ", ".join(pieces) + "]").encode()
    cut = data.draw(st.integers(1, len(content) - 1))
    found, code = walked_until_broken(content[:cut], {""})
    ends, at = [], 1
    for piece in pieces:
        ends.append(at + len(piece))
        at += len(piece) + 2
    whole = sum(1 for end in ends if end < cut)
    assert code in ("json_truncated", "json_broken")
    assert found[:whole] == [json.loads(piece) for piece in pieces[:whole]]
    assert len(found) <= whole + 1


def test_a_cut_says_so_with_its_line() -> None:
    found, error = walked(b'{"messages": [\n {"a": 1},\n {"a": 2},\n {"a": "thr', {"messages"})
    assert found == [("messages", {"a": 1}), ("messages", {"a": 2})]
    assert error is not None and (error.code, error.params["line"]) == ("json_truncated", 4)


@pytest.mark.parametrize(
    ("content", "line", "char"),
    [
        (b'{"messages": [\n{"a": 1},\n{"a": oops}]}', 3, 31),
        (b'{"messages": [{"a": 1} {"a": 2}]}', 1, 23),
        (b'{"messages" [1]}', 1, 12),
        (b'{"messages": []} x', 1, 17),
        (b"[1}", 1, 2),
    ],
)
def test_a_mistake_says_so_with_its_place(content: bytes, line: int, char: int) -> None:
    error = walked(content, {"messages"})[1]
    assert error is not None and (error.code, error.params["line"], error.params["char"]) == ("json_broken", line, char)


@pytest.mark.parametrize("content", [b"[NaN]", b"[" + b"9" * 5000 + b"]", b"[nope]"])
def test_numbers_that_are_none(content: bytes) -> None:
    error = walked(content, {""})[1]
    assert error is not None and error.code == "json_broken"


def test_a_bad_byte_ends_it_with_its_place() -> None:
    content = '{"messages": ["大家", "好'.encode() + b'\xff"]}'
    error = walked(content, {"messages"})[1]
    assert error is not None and (error.code, error.params["byte"]) == ("encoding_broken", content.index(b"\xff"))


def test_what_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.imports.formats.jsonstream.ITEM_CHARS_MAX", 100)
    long = {"text": 'x\\"]}' * 100, "more": [[["["]]]}
    content = json.dumps({"messages": [1, long, "y" * 500, 2]}).encode()
    Trickle.step = 7
    assert walked(content, {"messages"})[0] == [("messages", 1), ("messages", OVERSIZED), ("messages", OVERSIZED), ("messages", 2)]


@pytest.mark.parametrize("content", [b"[1x" + b" " * 400 + b"]", b"[1.5.5, 2]", b"[" + b"0." + b"1" * 3000 + b"x]"])
def test_a_number_with_a_tail_is_broken_and_not_waited_for(content: bytes) -> None:
    error = walked(content, {""})[1]
    assert error is not None and error.code == "json_broken"


def test_a_number_without_end_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.imports.formats.jsonstream.ITEM_CHARS_MAX", 100)
    assert walked(b"[0." + b"1" * 5000 + b", 2]", {""})[0] == [("", OVERSIZED), ("", 2)]
