"""What cannot be asked is refused at its node, with words that help."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hutong.segments.conditions import nodes, reading
from hutong.segments.conditions.vocabulary import Vocabulary, Word

WORDS = Vocabulary(
    attributes={
        "city": Word("城市", "City", "text"), "age": Word("年龄", "Age", "number"), "born": Word("出生日期", "Born", "date"),
        "birthday": Word("生日", "Birthday", "birthday"), "likes": Word("喜好", "Likes", "list"), "vip": Word("贵宾", "VIP", "boolean"),
    },
    events={"order_paid": Word("下单", "Order paid"), "page_viewed": Word("浏览页面", "Page viewed")},
    tags={"t": Word("老客", "Regular")},
    segments={"s1": Word("一", "One"), "s2": Word("二", "Two"), "s3": Word("三", "Three")},
    segments_in=lambda segment: {"s2": frozenset({"s1"}), "s3": frozenset({"s2"})}.get(segment, frozenset()),
)  # fmt: skip
CITY = {"kind": "attribute", "key": "city", "op": "is", "value": "北京"}


def wrong(raw: Any, **how: Any) -> list[tuple[str, str]]:
    """Where, and what in English."""
    with pytest.raises(reading.ConditionRefused) as refused:
        reading.read(raw, WORDS, **how)
    for error in refused.value.errors:
        assert error["message"]["zh"]
        assert error["message"]["zh"] != error["message"]["en"]
    return [(error["field"], error["message"]["en"]) for error in refused.value.errors]


def test_a_condition_reads_back_as_it_was_written() -> None:
    raw = {
        "kind": "all",
        "of": [
            CITY,
            {"kind": "not", "of": {"kind": "tag", "tag": "t"}},
            {
                "kind": "event", "event": "order_paid", "where": [{"property": "price", "type": "number", "op": "at_least", "value": 3}],
                "measure": {"of": "sum", "property": "price"}, "op": "between", "value": [100, 200.5], "window": {"kind": "last_days", "days": 30},
            },
            {"kind": "sequence", "first": {"event": "page_viewed"}, "then": {"event": "order_paid"}, "within_minutes": 4320},
        ],
    }  # fmt: skip
    assert msgspec.to_builtins(reading.read(raw, WORDS)) == raw


@pytest.mark.parametrize(
    ("leaf", "where", "words"),
    [
        ({"kind": "attribute", "key": "town", "op": "is", "value": "x"}, "/key", "There is no attribute “town”."),
        ({"kind": "attribute", "key": "city", "op": "at_least", "value": "x"}, "/op", "“at_least” does not fit here."),
        ({"kind": "attribute", "key": "city", "op": "is", "value": " "}, "/value", "Give some text."),
        ({"kind": "attribute", "key": "city", "op": "is", "value": "x" * 501}, "/value", "At most 500 characters."),
        ({"kind": "attribute", "key": "city", "op": "in", "value": []}, "/value", "Give 1 to 1000 values."),
        ({"kind": "attribute", "key": "city", "op": "in", "value": ["x", 1]}, "/value", "Give some text."),
        ({"kind": "attribute", "key": "city", "op": "empty", "value": "x"}, "/value", "No value belongs here."),
        ({"kind": "attribute", "key": "age", "op": "is", "value": "3"}, "/value", "Must be a number."),
        ({"kind": "attribute", "key": "age", "op": "is", "value": True}, "/value", "Must be a number."),
        ({"kind": "attribute", "key": "age", "op": "is", "value": 10**16}, "/value", "The number is too large."),
        ({"kind": "attribute", "key": "age", "op": "between", "value": [5, 2]}, "/value", "The range is upside down"),
        ({"kind": "attribute", "key": "age", "op": "between", "value": 5}, "/value", "Give the two ends of the range."),
        ({"kind": "attribute", "key": "born", "op": "before", "value": "2026-02-30"}, "/value", "Not a valid date."),
        ({"kind": "attribute", "key": "born", "op": "in_last_days", "value": 0}, "/value", "Must be a number of days from 1 to 3650."),
        ({"kind": "attribute", "key": "birthday", "op": "is", "value": "1990-05-17"}, "/value", "Give month and day only"),
        ({"kind": "attribute", "key": "birthday", "op": "is", "value": "02-30"}, "/value", "Not a valid date."),
        ({"kind": "attribute", "key": "vip", "op": "is", "value": 1}, "/value", "Must be true or false."),
        ({"kind": "attribute", "key": "likes", "op": "has_any", "value": "x"}, "/value", "Give 1 to 1000 values."),
        ({"kind": "tag", "tag": "x"}, "/tag", "There is no such tag"),
        ({"kind": "segment", "segment": "x"}, "/segment", "There is no such segment"),
        ({"kind": "community", "community": "x"}, "/community", "There is no such community"),
        ({"kind": "group", "group": "x"}, "/group", "There is no such group"),
        ({"kind": "consent", "purpose": "x"}, "/purpose", "There is no such purpose"),
        ({"kind": "score", "score": "x", "op": "is", "value": 1}, "/score", "There is no such score"),
        ({"kind": "event", "event": "x"}, "/event", "There is no event “x”."),
        ({"kind": "event", "event": "order_paid", "op": "is", "value": 1}, "/op", "“is” does not fit here."),
        ({"kind": "event", "event": "order_paid", "value": 1.5}, "/value", "Must be a number of times from 0 to 1,000,000."),
        ({"kind": "event", "event": "order_paid", "value": -1}, "/value", "Must be a number of times"),
        ({"kind": "event", "event": "order_paid", "window": {"kind": "last_days", "days": 3651}}, "/window/days", "Must be between 1 and 3650 days."),
        ({"kind": "event", "event": "order_paid", "window": {"kind": "since", "date": "x"}}, "/window/date", "Not a valid date."),
        (
            {"kind": "event", "event": "order_paid", "window": {"kind": "between", "first": "2026-02-02", "last": "2026-02-01"}},
            "/window",
            "The range is upside down",
        ),
        ({"kind": "event", "event": "order_paid", "measure": {"of": "sum"}}, "/measure/property", "Choose the property to compute."),
        (
            {"kind": "event", "event": "order_paid", "measure": {"of": "sum", "property": "$text"}},
            "/measure/property",
            "“message text” is of type text.",
        ),
        (
            {"kind": "event", "event": "order_paid", "measure": {"of": "last", "property": "x", "type": "text"}, "op": "empty", "value": None},
            "/op",
            "“empty” does not fit here.",
        ),
        (
            {"kind": "event", "event": "order_paid", "where": [{"property": "$nothing", "type": "text", "op": "empty"}]},
            "/where/0/type",
            "There is no property “$nothing”.",
        ),
        (
            {"kind": "event", "event": "order_paid", "where": [{"property": "n", "type": "number", "op": "contains", "value": 1}]},
            "/where/0/op",
            "“contains” does not fit here.",
        ),
        ({"kind": "event", "event": "order_paid", "group": "x"}, "/group", "There is no such group"),
        (
            {"kind": "sequence", "first": {"event": "x"}, "then": {"event": "order_paid"}, "within_minutes": 1},
            "/first/event",
            "There is no event “x”.",
        ),
        (
            {"kind": "sequence", "first": {"event": "order_paid"}, "then": {"event": "order_paid"}, "within_minutes": 0},
            "/within_minutes",
            "Must be between 1 minute and 366 days.",
        ),
        ({"kind": "event", "event": "order_paid", "windo": {}}, "", "There is no windo here."),
        (
            {"kind": "event", "event": "order_paid", "window": {"kind": "last"}},
            "/window/kind",
            "“last” cannot stand here. Use last_days, since, between, ever.",
        ),
        (
            {"kind": "event", "event": "order_paid", "window": {"kind": "last_days", "days": "3"}},
            "/window/days",
            "This should be a whole number, not text.",
        ),
        ({"kind": "event", "event": "order_paid", "where": [{"property": "n"}]}, "/where/0/type", "type is missing."),
        (
            {"kind": "event", "event": "order_paid", "where": [{"property": "n", "type": "words", "op": "is"}]},
            "/where/0/type",
            "“words” cannot stand here. Use text, number, boolean, list.",
        ),
        (
            {"kind": "event", "event": "order_paid", "measure": {"of": "most"}},
            "/measure/of",
            "Use count, sum, average, least, greatest, first, last.",
        ),
        ({"kind": "event", "event": "order_paid", "group": 3}, "/group", "This should be text or nothing, not a whole number."),
        ({"kind": "attribute", "key": 3, "op": "is"}, "/key", "This should be text, not a whole number."),
        (
            {"kind": "guess"},
            "/kind",
            "“guess” cannot stand here. Use all, any, not, event, sequence, attribute, score, tag, segment, community, group, consent.",
        ),
        (["x"], "", "This should be an object, not a list."),
    ],
)
def test_what_is_wrong_is_said_at_its_node(leaf: Any, where: str, words: str) -> None:
    ((at, said),) = wrong({"kind": "all", "of": [CITY, leaf]})
    assert at == f"/of/1{where}"
    assert words in said


def test_everything_wrong_is_said_at_once() -> None:
    found = wrong({"kind": "any", "of": [{"kind": "tag", "tag": "x"}, {"kind": "not", "of": {"kind": "event", "event": "y"}}]})
    assert [at for at, _ in found] == ["/of/0/tag", "/of/1/of/event"]


@pytest.mark.parametrize(("own", "named"), [("s1", "s1"), ("s1", "s2"), ("s1", "s3")])
def test_segments_cannot_rest_on_each_other(own: str, named: str) -> None:
    ((at, said),) = wrong({"kind": "not", "of": {"kind": "segment", "segment": named}}, own_segment=own)
    assert (at, "they cannot refer to each other" in said) == ("/of/segment", True)
    assert reading.read({"kind": "segment", "segment": "s1"}, WORDS, own_segment="s3") == nodes.Segment("s1")


@pytest.mark.parametrize("inner", [CITY, None, {"kind": "all", "of": []}])
def test_a_thousand_nested_groups(inner: Any) -> None:
    raw = inner
    for _ in range(1_000):
        raw = {"kind": "all", "of": [raw]}
    ((at, said),) = wrong(raw)
    assert (at, said) == ("/of/0" * 11, "Groups nest at most 10 deep.")


def test_a_value_nested_too_deep() -> None:
    value: Any = "x"
    for _ in range(100_000):
        value = [value]
    ((at, said),) = wrong({"kind": "attribute", "key": "city", "op": "is", "value": value})
    assert (at, said) in [("/value", "Give some text."), ("/", "A value of the condition is nested too deep.")]


def test_too_many_parts() -> None:
    assert wrong({"kind": "any", "of": [CITY] * 200}) == [("/", "A condition has at most 200 parts.")]
    assert len(list(reading.leaves(reading.read({"kind": "any", "of": [CITY] * 199}, WORDS)))) == 199


def test_ten_groups_deep() -> None:
    raw: Any = CITY
    for _ in range(10):
        raw = {"kind": "not", "of": raw}
    assert list(reading.leaves(reading.read(raw, WORDS))) == [nodes.Attribute("city", "is", "北京")]
