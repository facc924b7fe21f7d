"""Text with fields: taken apart and filled as the naive way would; what a form held, read field by field."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hutong.foundation import fields, filled
from hutong.foundation.acting import Occasion
from hutong.foundation.errors import Invalid

plain = st.text(st.characters(codec="utf-8", exclude_characters="{}|"), max_size=12)
name = st.sampled_from(["name", "attribute.city", "event.amount", "event.Order ID", "event.金额"])
hole = st.tuples(name, st.none() | plain)
values = st.dictionaries(name, st.text(max_size=10), max_size=5)


@given(st.lists(st.tuples(plain, hole), max_size=5), plain, values)
def test_filled_as_the_naive_way_would(some: list[tuple[str, tuple[str, str | None]]], end: str, known: dict[str, str]) -> None:
    text = "".join(f"{before}{{{{ {field}{'' if fallback is None else f'|{fallback}'} }}}}" for before, (field, fallback) in some) + end
    wanted = "".join(before + (known.get(field) or (fallback or "").strip()) for before, (field, fallback) in some) + end
    parts, problem = fields.read(text)
    assert problem is None
    assert fields.fill(parts, known) == wanted
    assert fields.names(parts) == {field for _, (field, _) in some}
    assert fields.required(parts) == {field for _, (field, fallback) in some if fallback is None}


@pytest.mark.parametrize(
    "text", ["{{", "}}", "{{name", "{{}}", "{{ }}", "{{Name}}", "{{name|a{b}}", "{{event.}} }}", "{{name}}}}", f"{{{{name|{'x' * 101}}}}}"]
)
def test_what_is_no_field_is_refused(text: str) -> None:
    parts, problem = fields.read(text)
    assert parts == ()
    assert problem is not None


def test_what_happened_is_said_on_one_line() -> None:
    happened = Occasion(
        event="order_paid", text="第一行\n第二行", channel="irc",
        properties={"amount": 3.0, "ok": True, "items": ["a", "b"], "channel": "shop", "deep": {"a": 1}, "none": None},
    )  # fmt: skip
    wanted = [f"event.{one}" for one in ("amount", "ok", "items", "channel", "deep", "none", "text", "name", "gone")]
    assert fields.of_event(happened, [*wanted, "name"]) == {
        "event.amount": "3", "event.ok": "是", "event.items": "a、b", "event.channel": "shop", "event.text": "第一行 第二行", "event.name": "order_paid"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("read", "said", "kept"),
    [
        (lambda one: filled.text(one, "x", length_max=3), " 好 ", "好"),
        (lambda one: filled.text(one, "x", length_max=3, required=False), None, ""),
        (lambda one: filled.one_id(one, "x"), str(uuid.UUID(int=1)), uuid.UUID(int=1)),
        (lambda one: filled.maybe_id(one, "x"), "", None),
        (lambda one: filled.ids(one, "x", count_max=2), [str(uuid.UUID(int=1))] * 3, [uuid.UUID(int=1)]),
        (lambda one: filled.choice(one, "x", ("a", "b"), default="b"), None, "b"),
        (lambda one: filled.boolean(one, "x"), True, True),
        (lambda one: filled.seconds(one, "x"), 60.4, 60),
        (lambda one: filled.seconds(one, "x"), None, None),
        (lambda one: filled.properties(one, "x", count_max=2, key_length_max=3, length_max=5), {" a ": "b"}, {"a": "b"}),
    ],
)
def test_what_was_filled_in(read: Any, said: Any, kept: Any) -> None:
    assert read({"x": said}) == kept
    assert read({"x": kept}) == kept


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda one: filled.text(one, "x", length_max=3), None),
        (lambda one: filled.text(one, "x", length_max=3), "  "),
        (lambda one: filled.text(one, "x", length_max=3, has_lines=True), " \n "),
        (lambda one: filled.text(one, "x", length_max=3), "长长长长"),
        (lambda one: filled.text(one, "x", length_max=3), 5),
        (lambda one: filled.one_id(one, "x"), None),
        (lambda one: filled.one_id(one, "x"), "y"),
        (lambda one: filled.ids(one, "x", count_max=1), [str(uuid.UUID(int=n)) for n in range(2)]),
        (lambda one: filled.ids(one, "x", count_max=1, required=True), []),
        (lambda one: filled.choice(one, "x", ("a",), default="a"), ["a"]),
        (lambda one: filled.boolean(one, "x"), 1),
        (lambda one: filled.seconds(one, "x"), True),
        (lambda one: filled.seconds(one, "x"), float("nan")),
        (lambda one: filled.seconds(one, "x"), -1),
        (lambda one: filled.properties(one, "x", count_max=1, key_length_max=3, length_max=5), {"a": "1", "b": "2"}),
        (lambda one: filled.properties(one, "x", count_max=1, key_length_max=3, length_max=5), {"": "1"}),
    ],
)
def test_what_was_filled_in_wrongly(read: Any, said: Any) -> None:
    with pytest.raises(Invalid) as caught:
        read({"x": said})
    assert caught.value.errors[0]["field"] == "x"
