"""The types of attributes and what counts as a value of each."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.foundation.text import many_lines, one_line

TEXT_LENGTH_MAX = 500
LIST_LENGTH_MAX = 50
ITEM_LENGTH_MAX = 100
OPTIONS_MAX = 100
OPTIONS_SHOWN_MAX = 10  # in the words of a refusal
TYPES_WITH_OPTIONS = ("text", "list")
NUMBER_MAX = 10**15  # JSON readers keep every whole number up to this

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH_DAY = re.compile(r"\d{2}-\d{2}")
LEAP_YEAR = 2000


def checked(type_name: str, value: Any, *, options: Sequence[str] = (), field: str = "value") -> Any:
    """The value as it is kept; with `options`, text and the items of a list must be among them. Raises Invalid, naming the field."""
    kept = _CHECKS[type_name](field, value)
    if options:
        for one in kept if isinstance(kept, list) else [kept]:
            if one not in options:
                shown = list(options[:OPTIONS_SHOWN_MAX]) + ["…"] * (len(options) > OPTIONS_SHOWN_MAX)
                zh, en = "、".join(shown), ", ".join(shown)
                raise Invalid.field(field, f"“{one}”不在选项里，可以用：{zh}。", f"“{one}” is not among the choices: {en}.")
    return kept


def options(type_name: str, given: Sequence[str], *, field: str = "options") -> list[str]:
    """The only values an attribute may have, as they are kept: of text and lists, none for any. Raises Invalid."""
    if given and type_name not in TYPES_WITH_OPTIONS:
        raise Invalid.field(field, "只有文字和列表可以有选项。", "Only text and lists can have choices.")
    if len(given) > OPTIONS_MAX:
        raise Invalid.field(field, f"最多 {OPTIONS_MAX} 个选项。", f"At most {OPTIONS_MAX} choices.")
    return list(dict.fromkeys(one_line(f"{field}.{at}", one, length_max=ITEM_LENGTH_MAX) for at, one in enumerate(given)))


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid.field(field, "应为文字。", "Must be text.")
    clean = many_lines(field, value, length_max=TEXT_LENGTH_MAX)
    if not clean:
        raise Invalid.field(field, "不能为空；要去掉这个值请清除它。", "This cannot be empty. To take the value away, clear it.")
    return clean


def _number(field: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Invalid.field(field, "应为数字。", "Must be a number.")
    if abs(value) > NUMBER_MAX:
        raise Invalid.field(field, "数字太大。", "The number is too large.")
    return value


def _boolean(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid.field(field, "应为是或否。", "Must be true or false.")
    return value


def _date(field: str, value: Any) -> str:
    return _day(field, value).isoformat()


def _birthday(field: str, value: Any) -> str:
    """A day of a year, or of any year: `1990-02-28` or `02-29`."""
    if isinstance(value, str) and _MONTH_DAY.fullmatch(value):
        return _day(field, f"{LEAP_YEAR}-{value}").isoformat()[5:]
    day = _day(field, value)
    if day > clock.now().date() + dt.timedelta(days=1):
        raise Invalid.field(field, "生日不能在未来。", "A birthday cannot lie in the future.")
    return day.isoformat()


def _day(field: str, value: Any) -> dt.date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise Invalid.field(field, "不是有效的日期，例如 1990-05-17。", "Not a valid date. An example is 1990-05-17.")


def _list(field: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Invalid.field(field, "应为文字的列表。", "Must be a list of texts.")
    if len(value) > LIST_LENGTH_MAX:
        raise Invalid.field(field, f"最多 {LIST_LENGTH_MAX} 项。", f"At most {LIST_LENGTH_MAX} items.")
    items = [one_line(field, item, length_max=ITEM_LENGTH_MAX) for item in value]
    if not items:
        raise Invalid.field(field, "不能为空；要去掉这个值请清除它。", "This cannot be empty. To take the value away, clear it.")
    return list(dict.fromkeys(items))


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "text": _text, "number": _number, "boolean": _boolean, "date": _date, "birthday": _birthday, "list": _list,
}  # fmt: skip
