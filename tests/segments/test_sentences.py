"""Every condition has a sentence in both languages, and it reads as a person would say it."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.segments.conditions import reading
from hutong.segments.conditions.sentences import sentence
from hutong.segments.conditions.vocabulary import Vocabulary, Word
from tests.segments.worlds import World, vocabulary

WORDS = Vocabulary(
    attributes={"city": Word("城市", "City", "text"), "birthday": Word("生日", "Birthday", "birthday"), "likes": Word("喜好", "Likes", "list")},
    events={"order_paid": Word("下单", "Order paid"), "page_viewed": Word("浏览页面", "Page viewed")},
    properties={("order_paid", "total"): Word("金额", "Total", "number")},
    tags={"t": Word("老客", "Regular")},
    groups={"g": Word("一群", "First group")},
)
CITY = {"kind": "attribute", "key": "city", "op": "is", "value": "北京"}
TAG = {"kind": "tag", "tag": "t"}
ORDER = {"kind": "event", "event": "order_paid"}
WEEK = {"kind": "last_days", "days": 7}


@pytest.mark.parametrize(
    ("raw", "zh", "en"),
    [
        (CITY, "城市是“北京”", "City is “北京”"),
        ({"kind": "not", "of": TAG}, "不满足（有标签“老客”）", "not (has the tag “Regular”)"),
        (
            {"kind": "all", "of": [CITY, {"kind": "any", "of": [TAG, ORDER]}]},
            "城市是“北京”，并且（有标签“老客”，或者有过下单）",
            "City is “北京” and (has the tag “Regular” or did “Order paid”)",
        ),
        ({"kind": "all", "of": []}, "所有成员", "everybody"),
        (
            {"kind": "attribute", "key": "$channels", "op": "has_any", "value": ["wechat", "线下"]},
            "渠道含有“微信”、“线下”中的任何一个",
            "Channels has any of “WeChat”, “线下”",
        ),
        (
            {**ORDER, "where": [{"property": "$channel", "type": "text", "op": "is", "value": "phone"}]},
            "有过下单（渠道是“手机号”）",
            "did “Order paid” where channel is “Phone”",
        ),
        ({**ORDER, "op": "exactly", "value": 0, "window": WEEK}, "最近 7 天内没有下单", "did not do “Order paid” in the last 7 days"),
        (
            {
                **ORDER,
                "op": "at_least",
                "value": 3,
                "group": "g",
                "where": [{"property": "total", "type": "number", "op": "at_least", "value": 99.5}],
            },
            "在群“一群”里下单（金额至少 99.5）至少 3 次",
            "did “Order paid” where Total is at least 99.5 at least 3 times in the group “First group”",
        ),
        (
            {
                **ORDER,
                "measure": {"of": "sum", "property": "total"},
                "op": "between",
                "value": [1000, 20000],
                "window": {"kind": "since", "date": "2026-11-01"},
            },
            "2026年11月1日以来下单的金额总和在 1,000 到 20,000 之间",
            "the sum of Total of “Order paid” since 1 Nov 2026 is between 1,000 and 20,000",
        ),
        (
            {
                **ORDER,
                "measure": {"of": "last", "property": "sku", "type": "text"},
                "op": "is",
                "value": "A1",
                "window": {"kind": "last_days", "days": 1},
            },
            "今天最后一次下单的sku是“A1”",
            "of the last “Order paid” today, sku is “A1”",
        ),
        (
            {"kind": "sequence", "first": {"event": "page_viewed"}, "then": {"event": "order_paid"}, "within_minutes": 4320, "window": WEEK},
            "最近 7 天内浏览页面之后 3 天内下单",
            "did “Page viewed” in the last 7 days, and “Order paid” within 3 days after it",
        ),
        (
            {"kind": "attribute", "key": "birthday", "op": "in_next_days", "value": 7},
            "生日在未来 7 天内（含今天）",
            "Birthday is in the next 7 days, today included",
        ),
        (
            {"kind": "attribute", "key": "birthday", "op": "between", "value": ["12-20", "01-05"]},
            "生日在12月20日到1月5日之间",
            "Birthday is from 20 Dec to 5 Jan",
        ),
        (
            {"kind": "attribute", "key": "likes", "op": "has_any", "value": ["茶", "咖啡"]},
            "喜好含有“茶”、“咖啡”中的任何一个",
            "Likes has any of “茶”, “咖啡”",
        ),
        (
            {"kind": "attribute", "key": "city", "op": "in_not", "value": [str(number) for number in range(8)]},
            "城市不是“0”、“1”、“2”、“3”、“4”等 8 项中的任何一个",
            "City is none of “0”, “1”, “2”, “3”, “4” and 3 more",
        ),
    ],
)
def test_as_a_person_would_say_it(raw: Any, zh: str, en: str) -> None:
    condition = reading.read(raw, WORDS)
    assert (sentence(condition, WORDS, "zh"), sentence(condition, WORDS, "en")) == (zh, en)


def test_what_was_deleted_is_said_to_be() -> None:
    condition = reading.read({"kind": "all", "of": [TAG, CITY]}, WORDS)
    assert sentence(condition, Vocabulary(), "zh") == "有标签“已删除”，并且city是“北京”"


def test_every_condition_has_one() -> None:
    world, words = World(5), vocabulary()
    for _ in range(3_000):
        condition = reading.read(world.condition(), words)
        assert sentence(condition, words, "zh").strip()
        assert sentence(condition, words, "en").strip()
