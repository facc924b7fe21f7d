"""Text in which fields stand: `{{name|朋友}}` is what is known under that name of whom it is for, and 朋友 where nothing is.

What a field gives is text, never markup and never another field. `{{name|}}` may be left out; `{{name}}` is missing where nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hutong.foundation.acting import Occasion
from hutong.foundation.text import storable

EVENT = "event."  # before a property of what happened
ANY_OF_EVENT = "event.*"  # whatever the event has: it is known only when it happens
FALLBACK_LENGTH_MAX = 100
VALUE_LENGTH_MAX = 200

_FIELD = re.compile(r"\{\{\s*(event\.[^{}|\n]{1,200}?|[a-z][a-z0-9_.]*)\s*(\|[^{}]*)?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")

Values = Mapping[str, str]  # field -> what stands for it


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a field stands. `fallback` None: none was given."""

    name: str
    fallback: str | None


Parts = tuple[str | Hole, ...]


def read(said: str, is_known: Callable[[str], bool] = lambda _name: True) -> tuple[Parts, tuple[str, str] | None]:
    """Text taken apart; or nothing, and what is wrong with it (zh, en)."""
    if "{{" not in said and "}}" not in said:
        return (said,) if said else (), None
    parts: list[str | Hole] = []
    at = 0
    for match in _FIELD.finditer(said):
        name, fallback = match[1], match[2]
        if not is_known(name):
            return (), (f"没有名为「{name}」的字段。", f"There is no field “{name}”.")
        if len(fallback or "") > FALLBACK_LENGTH_MAX + 1:
            return (), (
                f"字段「{name}」的替代文字最多 {FALLBACK_LENGTH_MAX} 个字。",
                f"The fallback of “{name}” has at most {FALLBACK_LENGTH_MAX} characters.",
            )
        parts += [said[at : match.start()], Hole(name, None if fallback is None else fallback[1:].strip())]
        at = match.end()
    parts.append(said[at:])
    if any(_BRACES.search(part) for part in parts if isinstance(part, str)):
        return (), (
            "双花括号没有配对，或其中不是字段。字段写作 {{name|朋友}}。",
            "Double braces do not match, or hold no field. A field is written {{name|friend}}.",
        )
    return tuple(part for part in parts if part), None


def fill(parts: Parts, values: Values) -> str:
    """The text for one person; a field without value and without fallback is left out."""
    return "".join([part if type(part) is str else values.get(part.name) or part.fallback or "" for part in parts])  # type: ignore[union-attr]


def names(parts: Iterable[str | Hole]) -> set[str]:
    """The fields that occur."""
    return {part.name for part in parts if isinstance(part, Hole)}


def required(parts: Iterable[str | Hole]) -> set[str]:
    """The fields that have no fallback."""
    return {part.name for part in parts if isinstance(part, Hole) and part.fallback is None}


def is_of_event(name: str) -> bool:
    """Whether a field stands for a property of what happened."""
    return name.startswith(EVENT) and name != EVENT


def of_event(occasion: Occasion, wanted: Iterable[str]) -> dict[str, str]:
    """What stands for fields of what happened: its properties; `event.name`, `event.text` and `event.channel` where no property is called so."""
    found: dict[str, str] = {}
    for name in wanted:
        if name.startswith(EVENT):
            key = name[len(EVENT) :]
            value = occasion.properties.get(key)
            if value is None:
                value = {"name": occasion.event, "text": occasion.text, "channel": occasion.channel}.get(key)
            if value is not None and not isinstance(value, dict):
                found[name] = one_line(said(value))
    return found


def said(value: object) -> str:
    """A value as it is said in a message."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "、".join(map(said, value)) if isinstance(value, list) else str(value)


def one_line(text: str) -> str:
    """One line without control characters: a value must not break the text it stands in."""
    return storable(" ".join(text.split()))[:VALUE_LENGTH_MAX]
