"""One member, a condition of 20 nodes on attributes and counters; beside the same condition written by hand as Python."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks.result import Result
from hutong.segments.conditions import nodes, one, reading, watch
from hutong.segments.conditions.values import MICRO, Today, month_day
from hutong.segments.conditions.vocabulary import Vocabulary, Word

MEMBERS = 500
TODAY = dt.date(2026, 11, 22)
WEEK, MONTH = {"kind": "last_days", "days": 7}, {"kind": "last_days", "days": 30}
CITIES = ["北京", "上海", "广州", "成都", "杭州"]


def condition() -> dict[str, Any]:
    """Twenty nodes: groups, attributes, a tag, a group, and what was done how often."""
    return {
        "kind": "all",
        "of": [
            {
                "kind": "any",
                "of": [
                    {"kind": "attribute", "key": "city", "op": "in", "value": CITIES[:3]},
                    {"kind": "attribute", "key": "age", "op": "between", "value": [18, 35]},
                    {"kind": "attribute", "key": "birthday", "op": "between", "value": ["11-01", "12-31"]},
                    {"kind": "tag", "tag": "regular"},
                ],
            },
            {
                "kind": "any",
                "of": [
                    {"kind": "event", "event": "message_sent", "op": "at_least", "value": 3, "window": WEEK},
                    {"kind": "event", "event": "page_viewed", "op": "at_least", "value": 5, "window": MONTH},
                    {
                        "kind": "event",
                        "event": "order_paid",
                        "measure": {"of": "sum", "property": "total"},
                        "op": "at_least",
                        "value": 200,
                        "window": MONTH,
                    },
                ],
            },
            {
                "kind": "not",
                "of": {"kind": "all", "of": [{"kind": "tag", "tag": "blocked"}, {"kind": "attribute", "key": "vip", "op": "is_not", "value": True}]},
            },
            {
                "kind": "any",
                "of": [
                    {"kind": "event", "event": "order_paid", "op": "exactly", "value": 0, "window": WEEK},
                    {"kind": "event", "event": "order_paid", "op": "at_most", "value": 9},
                    {"kind": "group", "group": "first"},
                ],
            },
            {"kind": "attribute", "key": "name", "op": "empty_not"},
            {"kind": "attribute", "key": "city", "op": "contains_not", "value": "test"},
        ],
    }


def run(*, quick: bool) -> Result:
    """Evaluations a second, median of the rounds."""
    words = Vocabulary(
        attributes={
            "city": Word("", "", "text"), "age": Word("", "", "number"), "birthday": Word("", "", "birthday"), "vip": Word("", "", "boolean"),
            "name": Word("", "", "text"),
        },
        events={name: Word("", "") for name in ("message_sent", "page_viewed", "order_paid")},
        tags={name: Word("", "") for name in ("regular", "blocked")},
        groups={"first": Word("", "")},
    )  # fmt: skip
    asked = reading.read(condition(), words)
    ask, today = one.compiled(asked, words), Today(TODAY)
    members = _members(asked)
    by_hand = [_by_hand(facts) for facts in members]
    if by_hand != [ask(facts, today)[0] for facts in members]:
        raise RuntimeError("the two do not agree")
    repeat = 10 if quick else 60
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(5):
        ours.append(_rate(members, repeat, lambda facts: ask(facts, today)))
        theirs.append(_rate(members, repeat, _by_hand))
        print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, by hand {theirs[-1]:,.0f}/s", flush=True)
    return Result("condition_eval", "conditions/s", "the same written by hand in Python", ours, theirs, {"true": f"{sum(by_hand)} of {MEMBERS}"})


def _rate(members: list[Any], repeat: int, ask: Callable[[Any], object]) -> float:
    started = time.perf_counter()
    for _ in range(repeat):
        for facts in members:
            ask(facts)
    return repeat * len(members) / (time.perf_counter() - started)


def _members(asked: Any) -> list[Any]:
    chance = random.Random(20)
    keys = {leaf.event: watch.watched(leaf).key for leaf in reading.leaves(asked) if isinstance(leaf, nodes.Did) and leaf.measure.of == "count"}
    total = next(watch.watched(leaf).key for leaf in reading.leaves(asked) if isinstance(leaf, nodes.Did) and leaf.measure.of == "sum")
    made = []
    for _ in range(MEMBERS):
        days = {
            key: {TODAY.toordinal() - chance.randrange(60): watch.Sums(count=chance.randint(1, 3)) for _ in range(chance.randrange(12))}
            for key in keys.values()
        }
        days[total] = {day: watch.Sums(count=1, numbers=1, sum=chance.randrange(1, 90) * MICRO) for day in days[keys["order_paid"]]}
        made.append(
            one.Facts(
                attributes={"city": chance.choice(CITIES), "age": chance.randint(12, 70) * MICRO, "birthday": month_day("07-15"), "name": "林小满"},
                tags=frozenset({"regular"} if chance.random() < 0.3 else set()), groups=frozenset({"first"}), days=days,
            )
        )  # fmt: skip
    keys["total"] = total
    _KEYS.update(keys)
    return made


_KEYS: dict[str, str] = {}


def _by_hand(facts: Any) -> bool:
    attributes, days, now = facts.attributes, facts.days, TODAY.toordinal()
    city, age, birthday = attributes.get("city"), attributes.get("age"), attributes.get("birthday")
    if not (
        city in ("北京", "上海", "广州")
        or (age is not None and 18_000_000 <= age <= 35_000_000)
        or (birthday is not None and 1101 <= birthday <= 1231)
        or "regular" in facts.tags
    ):
        return False
    said = sum(sums.count for day, sums in days[_KEYS["message_sent"]].items() if day > now - 7)
    viewed = sum(sums.count for day, sums in days[_KEYS["page_viewed"]].items() if day > now - 30)
    spent = sum(sums.sum for day, sums in days[_KEYS["total"]].items() if day > now - 30)
    if not (said >= 3 or viewed >= 5 or spent >= 200_000_000):
        return False
    if "blocked" in facts.tags and attributes.get("vip") is not True:
        return False
    orders = days[_KEYS["order_paid"]]
    lately = sum(sums.count for day, sums in orders.items() if day > now - 7)
    if not (lately == 0 or sum(sums.count for sums in orders.values()) <= 9 or "first" in facts.groups):
        return False
    return attributes.get("name") is not None and (city is None or "test" not in city)
