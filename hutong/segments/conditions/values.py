"""Values as both evaluators see them, so that neither rounds, folds or counts days in its own way."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

MICRO = 1_000_000
NUMBER_MAX = 10**15  # what is larger is no number here: not every reader of JSON keeps it
LEAP_YEAR = 2000

Value = str | int | bool | frozenset[str]


def fold(text: str) -> str:
    """Text with the case of Latin letters removed, as ClickHouse's `lower` does it."""
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def micros(number: float) -> int:
    """A number in whole millionths: its whole part, and its fraction rounded with halves to even, as ClickHouse's `round` does it."""
    whole = math.trunc(number)
    return whole * MICRO + round((float(number) - whole) * MICRO)


def ordinal(day: str) -> int:
    """A day as a number."""
    return dt.date.fromisoformat(day).toordinal()


def month_day(text: str) -> int:
    """`1990-02-28` or `02-28` as 228."""
    return int(text[-5:-3]) * 100 + int(text[-2:])


def month_days(first: dt.date, days: int) -> frozenset[int]:
    """The month-days of so many days in a row. Where there is no 29 February its birthdays fall on the 28th."""
    found = set()
    for number in range(min(days, 366)):
        day = first + dt.timedelta(days=number)
        found.add(day.month * 100 + day.day)
        if (day.month, day.day) == (2, 28) and (day + dt.timedelta(days=1)).month == 3:
            found.add(229)
    return frozenset(found)


def normal(type_name: str, raw: Any) -> Value | None:
    """The value of a JSON value that should be of that type; None where it is not, or is empty."""
    return _NORMAL[type_name](raw)


def _text(raw: Any) -> str | None:
    return fold(raw) if isinstance(raw, str) and raw else None


def _number(raw: Any) -> int | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or abs(raw) > NUMBER_MAX:
        return None
    return micros(raw)


def _boolean(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _list(raw: Any) -> frozenset[str] | None:
    if not isinstance(raw, list) or not all(isinstance(item, str | None) for item in raw):
        return None
    return frozenset(fold(item) for item in raw if item) or None


_NORMAL: dict[str, Callable[[Any], Value | None]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "list": _list,
    "date": lambda raw: ordinal(raw) if isinstance(raw, str) and raw else None,
    "birthday": lambda raw: month_day(raw) if isinstance(raw, str) and raw else None,
}


@dataclass(frozen=True, slots=True)
class Today:
    """The local day a condition is asked on."""

    date: dt.date
    ordinal: int = field(init=False)  # the day as a number

    def __post_init__(self) -> None:
        object.__setattr__(self, "ordinal", self.date.toordinal())


Judge = Callable[["Value | None", Today], bool]


def judge(type_name: str, op: str, value: Any) -> Judge:
    """What an operator of a type says about a value, on a day."""
    if op == "empty":
        return lambda found, _: found is None
    if op == "empty_not":
        return lambda found, _: found is not None
    if op in NEGATED:
        positive = judge(type_name, NEGATED[op], value)
        return lambda found, today: not positive(found, today)
    return _TESTS[type_name](op, value)


NEGATED = {"is_not": "is", "contains_not": "contains", "in_not": "in", "has_none": "has_any"}


def _text_test(op: str, value: Any) -> Judge:
    if op == "in":
        wanted = frozenset(fold(one) for one in value)
        return lambda found, _: found in wanted
    text = fold(value)
    if op == "is":
        return lambda found, _: found == text
    if op == "contains":
        return lambda found, _: found is not None and text in found  # type: ignore[operator]
    return lambda found, _: found is not None and found.startswith(text)  # type: ignore[union-attr]


def _ordered(op: str, convert: Callable[[Any], int], value: Any) -> Judge:
    if op == "between":
        low, high = convert(value[0]), convert(value[1])
        return lambda found, _: found is not None and low <= found <= high  # type: ignore[operator]
    bound = convert(value)
    if op in ("is", "exactly"):
        return lambda found, _: found == bound
    if op == "at_least":
        return lambda found, _: found is not None and found >= bound  # type: ignore[operator]
    if op == "at_most":
        return lambda found, _: found is not None and found <= bound  # type: ignore[operator]
    if op == "before":
        return lambda found, _: found is not None and found < bound  # type: ignore[operator]
    return lambda found, _: found is not None and found > bound  # type: ignore[operator]


def _number_test(op: str, value: Any) -> Judge:
    return _ordered(op, micros, value)


def _date_test(op: str, value: Any) -> Judge:
    if op == "in_last_days":
        return lambda found, today: found is not None and today.ordinal - value < found <= today.ordinal  # type: ignore[operator]
    if op == "in_next_days":
        return lambda found, today: found is not None and today.ordinal <= found < today.ordinal + value  # type: ignore[operator]
    return _ordered(op, ordinal, value)


def _birthday_test(op: str, value: Any) -> Judge:
    if op == "in_last_days":
        return lambda found, today: found in month_days(today.date - dt.timedelta(days=value - 1), value)
    if op == "in_next_days":
        return lambda found, today: found in month_days(today.date, value)
    if op == "between":
        low, high = month_day(value[0]), month_day(value[1])
        if low <= high:
            return lambda found, _: found is not None and low <= found <= high  # type: ignore[operator]
        return lambda found, _: found is not None and (found >= low or found <= high)  # type: ignore[operator]
    return _ordered(op, month_day, value)


def _boolean_test(op: str, value: Any) -> Judge:
    return lambda found, _: found is value


def _list_test(op: str, value: Any) -> Judge:
    wanted = frozenset(fold(one) for one in value)
    if op == "has_all":
        return lambda found, _: found is not None and wanted <= found  # type: ignore[operator]
    return lambda found, _: found is not None and not wanted.isdisjoint(found)  # type: ignore[arg-type]


_TESTS: dict[str, Callable[[str, Any], Judge]] = {
    "text": _text_test,
    "number": _number_test,
    "date": _date_test,
    "birthday": _birthday_test,
    "boolean": _boolean_test,
    "list": _list_test,
}


def next_day_of_change(type_name: str, op: str, value: Any, found: Value | None, today: Today) -> int | None:
    """The first later day (as a number) on which time alone may change what `judge` says; None: never."""
    if op not in ("in_last_days", "in_next_days") or not isinstance(found, int):
        return None
    now = today.ordinal
    if type_name == "date":
        bounds: Iterable[int] = (found, found + value) if op == "in_last_days" else (found - value + 1, found + 1)
        return min((bound for bound in bounds if bound > now), default=None)
    ask = judge(type_name, op, value)
    holds = ask(found, today)
    for later in range(1, 367 * 8):  # 29 February can be eight years away
        day = today.date + dt.timedelta(days=later)
        if ask(found, Today(day)) != holds:
            return now + later
    return None
