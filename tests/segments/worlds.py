"""Members with histories, and conditions about them, made up from a seed."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from hutong.segments.conditions.nodes import OPERATORS
from hutong.segments.conditions.vocabulary import Vocabulary, Word

Json = dict[str, Any]

TODAY = dt.date(2026, 3, 1)
TYPES = {
    "city": "text", "note": "text", "age": "number", "spent": "number", "born": "date", "birthday": "birthday", "vip": "boolean", "likes": "list",
    "$name": "text", "$first_seen": "date", "$channels": "list", "$is_anonymous": "boolean", "$is_bot": "boolean",
}  # fmt: skip
EVENTS = ["order_paid", "page_viewed", "message_sent"]
TEXTS = ["北京", "上海", "Beijing", "BEIJING", "beijing road", "Éa", "éa", "%_\\'\"`", "a.b", "😀值", "0", "true", "2026-01-01"]
NUMBERS: list[Any] = [0, 1, -1, 2, 3, 0.1, 0.2, 0.3, 19.9, -2.5, 1e-7, 2.5e-7, 1_000_000, 123456789.123456, 10**15, 0.0000005, 0.0000015]
PROPERTIES = ["price", "sku", "gift", "tags", "a.b", "价格", "we`ird", "n"]
ITEMS = ["红", "Blue", "blue", "绿 茶", "x"]
IDS = [str(uuid.UUID(int=number)) for number in range(1, 4)]
SCORES, PURPOSES = ["recency", "frequency"], ["marketing", "research"]
LEAP_DAYS = ["02-28", "02-29", "03-01", "12-31", "01-01", "07-15"]


def vocabulary() -> Vocabulary:
    """Everything the conditions speak of."""
    named = {one: Word(one, one) for one in IDS}
    return Vocabulary(
        attributes={key: Word(key, key, kind) for key, kind in TYPES.items() if key[0] != "$"},
        events={name: Word(name, name) for name in EVENTS},
        tags=named, segments=named, communities=named, groups=named,
        scores={one: Word(one, one, "number") for one in SCORES},
        purposes={one: Word(one, one) for one in PURPOSES},
    )  # fmt: skip


class World:
    """One random stream; the same seed makes the same members and conditions."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def some(self, values: list[Any], *, most: int = 3, least: int = 0) -> list[Any]:
        """A few different ones."""
        return self.chance.sample(values, self.chance.randint(least, min(most, len(values))))

    # --- members ---------------------------------------------------------------------------------------------------

    def member(self) -> Json:
        """Raw facts of one member."""
        chance = self.chance
        attributes = {key: self.raw(kind) for key, kind in TYPES.items() if key[0] != "$" and chance.random() < 0.6}
        attributes |= {
            "$name": chance.choice(TEXTS),
            "$first_seen": self.day(),
            "$is_anonymous": chance.random() < 0.3,
            "$is_bot": chance.random() < 0.1,
        }
        attributes["$channels"] = self.some(["irc", "qq", "telegram"], least=1)
        return {
            "id": str(uuid.UUID(int=chance.getrandbits(128))),
            "attributes": attributes,
            "scores": {one: chance.randint(1, 5) for one in self.some(SCORES)},
            "tags": set(self.some(IDS)), "segments": set(self.some(IDS)), "communities": set(self.some(IDS)), "groups": set(self.some(IDS)),
            "purposes": set(self.some(PURPOSES)),
            "events": [self.event() for _ in range(chance.choice([0, 0, 1, 2, 4, 8, 16]))],
        }  # fmt: skip

    def event(self) -> Json:
        """One event, often at the same moment as another."""
        chance = self.chance
        day = TODAY - dt.timedelta(days=chance.choice([-1, 0, 0, 1, 1, 2, 3, 5, 6, 7, 8, 13, 14, 29, 30, 31, 90, 365]))
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
        place = chance.randrange(3)
        return {
            "id": f"{chance.getrandbits(40):010x}",
            "name": chance.choice(EVENTS),
            "day": day,
            "at_ms": int(midnight.timestamp() * 1000) + chance.choice([0, 1, 60_000, 3_600_000, 36_000_000, chance.randrange(86_400_000)]),
            "ordinal": chance.randrange(2),
            "community": IDS[place],
            "group": IDS[place],
            "properties": {name: self.property() for name in self.some(PROPERTIES, most=5)},
            "$text": chance.choice(["", *TEXTS]), "$channel": chance.choice(["irc", "QQ"]), "$characters": chance.randrange(5),
            "$is_reply": chance.random() < 0.5, "$is_question": chance.random() < 0.5,
        }  # fmt: skip

    def property(self) -> Any:
        """A JSON value of any kind."""
        chance = self.chance
        kind = chance.choice(["text", "text", "number", "number", "number", "boolean", "list", "odd"])
        if kind == "odd":
            return chance.choice(["", [], [1, 2], {"x": 1}, ["", "x"], [None, "Blue"], 2 * 10**15, [["x"]]])
        return self.raw(kind)

    def raw(self, kind: str) -> Any:
        """A value of a type."""
        chance = self.chance
        if kind == "text":
            return chance.choice(TEXTS)
        if kind == "number":
            return chance.choice(NUMBERS)
        if kind == "boolean":
            return chance.random() < 0.5
        if kind == "list":
            return self.some(ITEMS, least=1)
        if kind == "birthday":
            return chance.choice([*LEAP_DAYS, *(f"1992-{one}" for one in LEAP_DAYS)])
        return self.day()

    def day(self) -> str:
        """A day near today, or far."""
        return (TODAY + dt.timedelta(days=self.chance.choice([-400, -31, -30, -8, -7, -6, -1, 0, 1, 6, 7, 8, 400]))).isoformat()

    # --- conditions --------------------------------------------------------------------------------------------------

    def condition(self, depth: int = 3) -> Json:
        """A condition that can be asked."""
        chance = self.chance
        shape = chance.random()
        if depth and shape < 0.3:
            return {"kind": chance.choice(["all", "any"]), "of": [self.condition(depth - 1) for _ in range(chance.choice([0, 1, 2, 2, 3]))]}
        if depth and shape < 0.4:
            return {"kind": "not", "of": self.condition(depth - 1)}
        if shape < 0.7:
            return self.did()
        if shape < 0.78:
            return {
                "kind": "sequence", "first": self.step(), "then": self.step(), "within_minutes": chance.choice([1, 60, 600, 1440, 20160]),
                "window": self.window(),
            }  # fmt: skip
        if shape < 0.92:
            key = chance.choice(list(TYPES))
            return {"kind": "attribute", "key": key, **self.test(TYPES[key])}
        kind = chance.choice(["tag", "segment", "community", "group", "consent", "score"])
        if kind == "score":
            return {"kind": "score", "score": chance.choice(SCORES), **self.test("number")}
        return {"kind": "consent", "purpose": chance.choice(PURPOSES)} if kind == "consent" else {"kind": kind, kind: chance.choice(IDS)}

    def step(self) -> Json:
        """An event with tests of its properties."""
        return {"event": self.chance.choice(EVENTS), "where": [self.where() for _ in range(self.chance.choice([0, 0, 0, 1, 2]))]}

    def where(self) -> Json:
        """A test of one property."""
        chance = self.chance
        built_in = {"$text": "text", "$channel": "text", "$characters": "number", "$is_reply": "boolean", "$is_question": "boolean"}
        name = chance.choice([*PROPERTIES, *PROPERTIES, *built_in])
        kind = built_in.get(name) or chance.choice(["text", "number", "number", "boolean", "list"])
        return {"property": name, "type": kind, **self.test(kind)}

    def did(self) -> Json:
        """A leaf about events."""
        chance = self.chance
        made = {"kind": "event", **self.step(), "window": self.window()}
        if chance.random() < 0.2:
            made[chance.choice(["community", "group"])] = chance.choice(IDS)
        of = chance.choice(["count", "count", "sum", "average", "least", "greatest", "first", "last"])
        if of in ("first", "last"):
            kind = chance.choice(["text", "number", "boolean"])
            return made | {"measure": {"of": of, "property": chance.choice(PROPERTIES), "type": kind}, **self.test(kind, of_none=False)}
        op = chance.choice(["at_least", "at_most", "exactly", "between"])
        if of == "count":
            low = chance.randrange(4)
            return made | {"op": op, "value": [low, low + chance.randrange(3)] if op == "between" else low}
        made["measure"] = {"of": of, "property": chance.choice([*PROPERTIES, "price", "price"])}
        return made | {"op": op, "value": self.range(NUMBERS) if op == "between" else chance.choice(NUMBERS)}

    def window(self) -> Json:
        """A window of days."""
        chance = self.chance
        kind = chance.choice(["last_days", "last_days", "since", "between", "ever"])
        if kind == "last_days":
            return {"kind": kind, "days": chance.choice([1, 2, 3, 7, 14, 30, 400, 3650])}
        if kind == "since":
            return {"kind": kind, "date": chance.choice([self.day(), "0001-01-01", "9999-12-31"])}
        if kind == "between":
            first, last = self.range([self.day(), self.day(), "0001-01-01", "9999-12-31"])
            return {"kind": kind, "first": first, "last": last}
        return {"kind": kind}

    def range(self, values: list[Any]) -> list[Any]:
        """Two of them in order."""
        return sorted(self.chance.choices(values, k=2))

    def test(self, kind: str, *, of_none: bool = True) -> Json:
        """An operator and its value."""
        chance = self.chance
        op = chance.choice([op for op in OPERATORS[kind] if of_none or op not in ("empty", "empty_not")])
        if op in ("empty", "empty_not"):
            return {"op": op}
        if op in ("in", "in_not"):
            return {"op": op, "value": self.some(TEXTS, least=1)}
        if kind == "list":
            return {"op": op, "value": self.some([*ITEMS, "irc", "QQ"], least=1)}
        if op in ("in_last_days", "in_next_days"):
            return {"op": op, "value": chance.choice([1, 2, 7, 30, 365, 366, 400, 3650])}
        if kind == "birthday":
            return {"op": op, "value": chance.choices(LEAP_DAYS, k=2) if op == "between" else chance.choice(LEAP_DAYS)}
        values = {"text": [*TEXTS, "b", "京", "BEI", "é"], "number": NUMBERS, "boolean": [True, False], "date": [self.day() for _ in range(4)]}[kind]
        return {"op": op, "value": self.range(values) if op == "between" else chance.choice(values)}
