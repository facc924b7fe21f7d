"""What a condition means, written once more in the plainest way: over raw JSON and raw facts, member by member, nothing shared."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

Json = dict[str, Any]


def holds(condition: Json, member: Json, today: dt.date, types: dict[str, str]) -> bool:
    """`member`: attributes, scores, tags, segments, communities, groups, purposes, events (see `worlds`)."""
    kind = condition["kind"]
    if kind == "all":
        return all(holds(one, member, today, types) for one in condition["of"])
    if kind == "any":
        return any(holds(one, member, today, types) for one in condition["of"])
    if kind == "not":
        return not holds(condition["of"], member, today, types)
    if kind == "attribute":
        return says(types[condition["key"]], condition["op"], condition.get("value"), member["attributes"].get(condition["key"]), today)
    if kind == "score":
        return says("number", condition["op"], condition.get("value"), member["scores"].get(condition["score"]), today)
    if kind == "event":
        return did(condition, member["events"], today)
    if kind == "sequence":
        return followed(condition, member["events"], today)
    plural = {"tag": "tags", "segment": "segments", "community": "communities", "group": "groups", "consent": "purposes"}[kind]
    return condition["purpose" if kind == "consent" else kind] in member[plural]


def did(condition: Json, events: list[Json], today: dt.date) -> bool:
    passing = [one for one in events if passes(one, condition, today) and inside(one, condition.get("window"), today)]
    if condition.get("community") is not None:
        passing = [one for one in passing if one["community"] == condition["community"]]
    if condition.get("group") is not None:
        passing = [one for one in passing if one["group"] == condition["group"]]
    measure = condition.get("measure", {"of": "count"})
    op, value = condition.get("op", "at_least"), condition.get("value", 1)
    if measure["of"] == "count":
        return compare(op, value, Decimal(len(passing)), Decimal)
    kind = measure.get("type", "number") if measure["of"] in ("first", "last") else "number"
    found = []
    for one in sorted(passing, key=lambda one: (one["at_ms"], one["ordinal"], one["id"])):
        held = property_of(one, measure["property"])
        if is_value(kind, held):
            found.append(held)
    if measure["of"] == "sum":
        return compare(op, value, sum((millionths(one) for one in found), Decimal(0)), millionths)
    if not found:
        return False
    if measure["of"] in ("first", "last"):
        return says(kind, op, value, found[0] if measure["of"] == "first" else found[-1], today)
    numbers = [millionths(one) for one in found]
    if measure["of"] == "average":  # compared without division, which would round
        return compare(op, value, sum(numbers, Decimal(0)), lambda number: millionths(number) * len(numbers))
    return compare(op, value, min(numbers) if measure["of"] == "least" else max(numbers), millionths)


def followed(condition: Json, events: list[Json], today: dt.date) -> bool:
    for one in events:
        if passes(one, condition["first"], today) and inside(one, condition.get("window"), today):
            for other in events:
                if passes(other, condition["then"], today) and 0 < other["at_ms"] - one["at_ms"] <= condition["within_minutes"] * 60_000:
                    return True
    return False


def passes(event: Json, step: Json, today: dt.date) -> bool:
    if event["name"] != step["event"]:
        return False
    for test in step.get("where", []):
        held = property_of(event, test["property"])
        if not says(test["type"], test["op"], test.get("value"), held if is_value(test["type"], held) else None, today):
            return False
    return True


def inside(event: Json, window: Json | None, today: dt.date) -> bool:
    day = event["day"]
    if window is None or window["kind"] == "ever":
        return True
    if window["kind"] == "last_days":
        return bool(day > today - dt.timedelta(days=window["days"]))
    if window["kind"] == "since":
        return bool(day >= dt.date.fromisoformat(window["date"]))
    return bool(dt.date.fromisoformat(window["first"]) <= day <= dt.date.fromisoformat(window["last"]))


def property_of(event: Json, name: str) -> Any:
    return event[name] if name.startswith("$") else event["properties"].get(name)


def is_value(kind: str, held: Any) -> bool:
    if kind == "text":
        return isinstance(held, str) and held != ""
    if kind == "number":
        return isinstance(held, int | float) and not isinstance(held, bool) and abs(held) <= 10**15
    if kind == "boolean":
        return isinstance(held, bool)
    return isinstance(held, list) and any(held) and all(one is None or isinstance(one, str) for one in held)


def says(kind: str, op: str, value: Any, held: Any, today: dt.date) -> bool:
    """`held` is the raw value, None where there is none."""
    if op in ("is_not", "contains_not", "in_not", "has_none"):
        return not says(kind, {"is_not": "is", "contains_not": "contains", "in_not": "in", "has_none": "has_any"}[op], value, held, today)
    if op == "empty":
        return held is None
    if op == "empty_not":
        return held is not None
    if held is None:
        return False
    if kind == "text":
        mine = lower(held)
        if op == "in":
            return any(mine == lower(one) for one in value)
        return {"is": mine == lower(value), "contains": lower(value) in mine, "starts_with": mine.startswith(lower(value))}[op]
    if kind == "boolean":
        return held is value
    if kind == "list":
        mine_all, wanted = [lower(one) for one in held if one], [lower(one) for one in value]
        return all(one in mine_all for one in wanted) if op == "has_all" else any(one in mine_all for one in wanted)
    if kind == "number":
        return compare({"is": "exactly"}.get(op, op), value, millionths(held), millionths)
    if kind == "date":
        day = dt.date.fromisoformat(held)
        if op == "in_last_days":
            return day in [today - dt.timedelta(days=number) for number in range(value)]
        if op == "in_next_days":
            return day in [today + dt.timedelta(days=number) for number in range(value)]
        return order(op, value, day, dt.date.fromisoformat)
    return birthday(op, value, held[-5:], today)


def birthday(op: str, value: Any, held: str, today: dt.date) -> bool:
    if op in ("in_last_days", "in_next_days"):
        sign = -1 if op == "in_last_days" else 1
        return any(falls_on(held, today + dt.timedelta(days=sign * number)) for number in range(min(value, 366)))
    if op == "between":
        return value[0] <= held <= value[1] if value[0] <= value[1] else held >= value[0] or held <= value[1]
    return bool(held == value)


def falls_on(held: str, day: dt.date) -> bool:
    if held == "02-29" and not (day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)):
        held = "02-28"
    return held == day.strftime("%m-%d")


def compare(op: str, value: Any, held: Decimal, convert: Any) -> bool:
    if op == "between":
        return bool(convert(value[0]) <= held <= convert(value[1]))
    wanted = convert(value)
    return bool({"at_least": held >= wanted, "at_most": held <= wanted, "exactly": held == wanted}[op])


def order(op: str, value: Any, held: Any, convert: Any) -> bool:
    if op == "between":
        return bool(convert(value[0]) <= held <= convert(value[1]))
    wanted = convert(value)
    return bool({"is": held == wanted, "before": held < wanted, "after": held > wanted}[op])


def millionths(number: float) -> Decimal:
    """In millionths: the whole part, and the double of the fraction times a million, halves to even."""
    whole = int(number)
    return Decimal(whole) * 1_000_000 + Decimal((float(number) - whole) * 1_000_000).quantize(Decimal(1), ROUND_HALF_EVEN)


def lower(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)
