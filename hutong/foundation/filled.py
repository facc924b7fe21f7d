"""What somebody filled into the form of an action, read field by field. Each raises Invalid at the field's name; None and "" are nothing filled in."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence

from hutong.foundation.acting import Settings
from hutong.foundation.errors import Invalid
from hutong.foundation.text import many_lines
from hutong.foundation.text import one_line as line_of

DURATION_SECONDS_MAX = 366 * 86_400


def text(given: Settings, name: str, *, length_max: int, required: bool = True, has_lines: bool = False) -> str:
    """Text of one line, or with `has_lines` of many."""
    said = given.get(name)
    if said is None or said == "":
        if required:
            raise Invalid.field(name, "请填写。", "Fill this in.")
        return ""
    if not isinstance(said, str):
        raise Invalid.field(name, "应为文字。", "Must be text.")
    clean = many_lines(name, said, length_max=length_max) if has_lines else line_of(name, said, length_max=length_max, required=required)
    if required and not clean:
        raise Invalid.field(name, "请填写。", "Fill this in.")
    return clean


def one_id(given: Settings, name: str) -> uuid.UUID:
    """The id of what was chosen."""
    found = maybe_id(given, name)
    if found is None:
        raise Invalid.field(name, "请选择。", "Choose one.")
    return found


def maybe_id(given: Settings, name: str) -> uuid.UUID | None:
    """The id of what was chosen; None where nothing was."""
    said = given.get(name)
    return None if said is None or said == "" else _id(name, said)


def ids(given: Settings, name: str, *, count_max: int, required: bool = False) -> list[uuid.UUID]:
    """The ids of what was chosen, in their order, each once."""
    said = given.get(name)
    some = [] if said is None or said == "" else said if isinstance(said, list | tuple) else [said]
    found = list(dict.fromkeys(_id(name, one) for one in some))
    if required and not found:
        raise Invalid.field(name, "请选择。", "Choose at least one.")
    if len(found) > count_max:
        raise Invalid.field(name, f"最多选 {count_max} 个。", f"At most {count_max}.")
    return found


def _id(name: str, said: object) -> uuid.UUID:
    if isinstance(said, uuid.UUID):
        return said
    try:
        return uuid.UUID(str(said))
    except ValueError:
        raise Invalid.field(name, "这不是有效的编号。", "This is not an id.") from None


def choice(given: Settings, name: str, values: Sequence[str], *, default: str) -> str:
    """One of the values."""
    said = given.get(name)
    if said is None or said == "":
        return default
    if said not in values:
        raise Invalid.field(name, "没有这个选项。", "There is no such choice.")
    return str(said)


def boolean(given: Settings, name: str, *, default: bool = False) -> bool:
    """Yes or no."""
    said = given.get(name)
    if said is None or said == "":
        return default
    if not isinstance(said, bool):
        raise Invalid.field(name, "应为是或否。", "Must be true or false.")
    return said


def seconds(given: Settings, name: str) -> int | None:
    """A length of time; None where none was given."""
    said = given.get(name)
    if said is None or said == "":
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said) or not 0 <= said <= DURATION_SECONDS_MAX:
        raise Invalid.field(name, "请填写一年以内的时长。", "Give a length of time within a year.")
    return round(said)


def properties(given: Settings, name: str, *, count_max: int, key_length_max: int, length_max: int) -> dict[str, str]:
    """Names with a text each. Errors are at `<name>.<key>`."""
    said = given.get(name)
    if said is None or said == "":
        return {}
    if not isinstance(said, dict):
        raise Invalid.field(name, "应为名称和文字。", "Must be names with a text each.")
    if len(said) > count_max:
        raise Invalid.field(name, f"最多 {count_max} 项。", f"At most {count_max}.")
    found: dict[str, str] = {}
    for key, value in said.items():
        clean = line_of(name, str(key), length_max=key_length_max)
        if not isinstance(value, str):
            raise Invalid.field(f"{name}.{key}", "应为文字。", "Must be text.")
        found[clean] = many_lines(f"{name}.{key}", value, length_max=length_max)
    return found
