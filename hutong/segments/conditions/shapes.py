"""What is wrong with the shape of a condition's JSON, said where it is, in words of the reader's language."""

from __future__ import annotations

import re
import typing

import msgspec

from hutong.segments.conditions import nodes

_AT = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_PART = re.compile(r"\[(\d+)\]|\.([^.\[]+)")
_MISSING = re.compile(r"^Object missing required field `(.+)`$")
_UNKNOWN = re.compile(r"^Object contains unknown field `(.+)`$")
_VALUE = re.compile(r"^Invalid (?:enum )?value '(.*)'$", re.DOTALL)
_TYPE = re.compile(r"^Expected `(.+)`, got `(.+)`$")
_TYPES = {
    "str": ("文本", "text"),
    "int": ("整数", "a whole number"),
    "float": ("数字", "a number"),
    "bool": ("true 或 false", "true or false"),
    "array": ("列表", "a list"),
    "object": ("对象", "an object"),
    "null": ("空值", "nothing"),
}


def said(error: msgspec.ValidationError) -> tuple[str, str, str]:
    """(JSON pointer, what is wrong in Chinese, in English)."""
    found = _AT.match(str(error))
    what, path = (found["what"], found["path"] or "") if found else (str(error), "")
    parts = [number or name for number, name in _PART.findall(path)]
    pointer = "".join(f"/{part}" for part in parts)
    if missing := _MISSING.match(what):
        return f"{pointer}/{missing[1]}", f"缺少 {missing[1]}。", f"{missing[1]} is missing."
    if unknown := _UNKNOWN.match(what):
        return pointer, f"这里没有 {unknown[1]} 这一项。", f"There is no {unknown[1]} here."
    if value := _VALUE.match(what):
        allowed = _allowed(parts)
        return pointer, f"“{value[1]}”不能用在这里。可用：{'、'.join(allowed)}。", f"“{value[1]}” cannot stand here. Use {', '.join(allowed)}."
    if kinds := _TYPE.match(what):
        return (
            pointer,
            f"这里应是{_named(kinds[1], 0)}，不是{_named(kinds[2], 0)}。",
            f"This should be {_named(kinds[1], 1)}, not {_named(kinds[2], 1)}.",
        )
    return pointer, f"这里的内容不合要求：{what}。", f"This part does not have the right shape: {what}."


def _allowed(parts: list[str]) -> list[str]:
    """The values that may stand where another was found."""
    before, last = ["", "", *parts][-2:]
    if last == "kind":
        structs = typing.get_args(nodes.Window if before == "window" else nodes.Condition)
        return [str(one.__struct_config__.tag) for one in structs]
    return list(typing.get_args(typing.get_type_hints(nodes.Measure if before == "measure" else nodes.PropertyTest).get(last)))


def _named(kinds: str, language: int) -> str:
    """Msgspec's names of types in the reader's words."""
    return ("或", " or ")[language].join(_TYPES.get(kind, (kind, kind))[language] for kind in kinds.split(" | "))
