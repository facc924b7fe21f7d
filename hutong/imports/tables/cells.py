"""What people write into cells, as values of attributes: 2024年5月3日, ￥1,299.00, 男, +86 138 0013 8000, Excel's day numbers."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.imports.formats.moments import Impossible, Zone, parse_moment
from hutong.imports.names import MONTHS
from hutong.members import values

DATE_ORDERS = ("dmy", "mdy", "ymd")
CELL_SHOWN_MAX = 60
# Days counted from 1899-12-30, as spreadsheets store dates: 1927 to 2119.
SERIAL_MIN, SERIAL_MAX = 10_000, 80_000
_SERIAL_EPOCH = dt.date(1899, 12, 30)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_COMPACT_DAY = re.compile(r"(19|20)\d{6}")
_COMPACT_MOMENT = re.compile(r"(?:19|20)\d{12}")
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DMY = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_NAMED_DAY = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*|([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?[\s-]+(\d{4})", re.IGNORECASE
)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_TIME_OF_DAY = re.compile(r"[T\s]+(?:上午|下午)?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:\s*[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$")
_LIST_MARKS = re.compile(r"[,，;；、|\n]+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_PHONE_NOISE = re.compile(r"[\s()\-.·\u2010-\u2015\u202a-\u202c\u00a0]")
_PHONE = re.compile(r"\+?\d{5,15}")
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_SIGNS = {"￥": "CNY", "¥": "CNY", "元": "CNY", "HK$": "HKD", "US$": "USD", "$": "USD", "€": "EUR", "£": "GBP"}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?([eE][+-]?\d{1,2})?(万|亿)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}")
_WORDS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是", "有", "对", "真", "√", "✓", "✔", "on"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "无", "错", "假", "×", "✗", "✘", "off"), False),
}
_GENDERS = {
    **dict.fromkeys(("男", "男性", "男生", "先生", "m", "male", "man", "mr"), ("男", "male")),
    **dict.fromkeys(("女", "女性", "女生", "女士", "小姐", "f", "female", "woman", "ms", "mrs", "miss"), ("女", "female")),
}


class Unreadable(ValueError):
    """A cell that cannot be what its column is: a code of `messages` and what fills it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def plain(text: str) -> str:
    """As programs compare it: full-width signs narrow, no spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def shown(text: str) -> str:
    """As much of a cell as a message repeats."""
    return " ".join(text.split())[:CELL_SHOWN_MAX]


def value(key: str, type_name: str, text: str, *, order: str | None, language: str, options: Sequence[str] = ()) -> Any:
    """The value of a cell that is not empty, for the attribute of that key and type. Raises Unreadable."""
    found = _OWN[key](text, language) if key in _OWN else _READERS[type_name](text, order)
    try:
        return values.checked(type_name, found, options=options)
    except Invalid as error:
        said = (error.errors or [{"message": {"zh": "", "en": ""}}])[0]["message"]
        raise Unreadable("cell_refused", value=shown(text), why=said) from error


def phone(text: str) -> str:
    """A phone number as it is compared and kept: digits, without the +86 of a mainland mobile."""
    written = plain(text)
    if _SCIENTIFIC.fullmatch(written):
        raise Unreadable("phone_rounded", value=shown(text))
    digits = _PHONE_NOISE.sub("", written.removesuffix(".0"))
    if not _PHONE.fullmatch(digits):
        raise Unreadable("phone_unreadable", value=shown(text))
    return normal_phone(digits)


def normal_phone(text: str) -> str:
    """The same number in one form, whatever it is written with."""
    digits = _PHONE_NOISE.sub("", plain(text))
    for prefix in ("+86", "0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest != digits and len(rest) == 11 and rest.startswith("1"):
            return rest
    return digits


def mail(text: str) -> str:
    """An e-mail address as it is compared and kept."""
    written = plain(text).removeprefix("mailto:")
    if not _MAIL.fullmatch(written):
        raise Unreadable("email_unreadable", value=shown(text))
    return written.lower()


def normal_mail(text: str) -> str:
    """The same address in one form."""
    return plain(text).lower()


def decimal(text: str) -> Decimal:
    """A number as people write it. Raises Unreadable."""
    written = plain(text).replace(" ", "")
    for sign in _SIGNS:
        written = written.removeprefix(plain(sign)).removesuffix(plain(sign))
    if written.startswith("(") and written.endswith(")"):  # as accountants write what is owed
        written = "-" + written[1:-1]
    if _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    match = _NUMBER.fullmatch(written)
    if match is None or not (match[2] or match[3]):
        raise Unreadable("number_unreadable", value=shown(text))
    sign, whole, fraction, exponent, unit = match.groups()
    try:
        found = Decimal(f"{sign}{(whole or '0').replace(',', '')}.{fraction or '0'}{exponent or ''}")
    except InvalidOperation:
        raise Unreadable("number_unreadable", value=shown(text)) from None
    return found * {"万": 10_000, "亿": 100_000_000}.get(unit or "", 1)


def number(text: str) -> int | float:
    """A number as JSON keeps it."""
    found = decimal(text)
    if found == found.to_integral_value() and abs(found) <= values.NUMBER_MAX:
        return int(found)
    as_float = float(found)
    if not math.isfinite(as_float):
        raise Unreadable("number_unreadable", value=shown(text))
    return as_float


def currency_of(text: str) -> str:
    """The currency that a sign before or after an amount says; "" where there is none."""
    written = plain(text)
    return next((code for sign, code in _SIGNS.items() if written.startswith(plain(sign)) or written.endswith(plain(sign))), "")


def whole(text: str) -> int:
    """A count."""
    found = decimal(text)
    if found != found.to_integral_value() or not 0 <= found <= 10**9:
        raise Unreadable("count_unreadable", value=shown(text))
    return int(found)


def moment(text: str, zone: Zone, order: str | None) -> int:
    """UTC milliseconds of a moment. Raises Unreadable."""
    written = plain(text)
    try:
        if _SERIAL.fullmatch(written) and SERIAL_MIN <= float(written) < SERIAL_MAX:
            days, part = divmod(float(written), 1)
            day = _SERIAL_EPOCH + dt.timedelta(days=int(days))
            seconds = min(round(part * 86_400), 86_399)
            return zone.at_ms(day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60)
        if _COMPACT_MOMENT.fullmatch(written) or _COMPACT_DAY.fullmatch(written):
            parts = [int(written[at : at + size]) for at, size in ((0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2)) if at < len(written)]
            return zone.at_ms(*parts)
        return parse_moment(written, zone, order)  # type: ignore[arg-type]
    except Impossible:
        raise Unreadable("moment_unreadable", value=shown(text)) from None


def items(text: str) -> list[str]:
    """The parts of a list written into one cell."""
    return [clean for part in _LIST_MARKS.split(text) if (clean := part.strip())]


def _day(text: str, order: str | None) -> str:
    year, month, day = _date_parts(text, order)
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable("date_impossible", value=shown(text)) from None


def _date_parts(text: str, order: str | None) -> tuple[int, int, int]:
    written = _TIME_OF_DAY.sub("", plain(text))
    if _SERIAL.fullmatch(written) and SERIAL_MIN <= float(written) < SERIAL_MAX:
        day = _SERIAL_EPOCH + dt.timedelta(days=int(float(written)))
        return day.year, day.month, day.day
    if _COMPACT_DAY.fullmatch(written):
        return int(written[:4]), int(written[4:6]), int(written[6:])
    if found := _YMD.fullmatch(written):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DMY.fullmatch(written):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        year += 0 if year >= 100 else 2000 if year <= clock.now().year % 100 else 1900
        return (year, first, second) if order == "mdy" else (year, second, first)
    if found := _NAMED_DAY.fullmatch(written):
        month = MONTHS.get((found[2] or found[3]).lower())
        if month:
            return int(found[5]), month, int(found[1] or found[4])
    raise Unreadable("date_unreadable", value=shown(text))


def _birthday(text: str, order: str | None) -> str:
    found = _MONTH_DAY.fullmatch(plain(text))
    if found is None:
        return _day(text, order)
    first, second = int(found[1]), int(found[2])
    month, day = (second, first) if order == "dmy" and "月" not in text else (first, second)
    try:
        return dt.date(values.LEAP_YEAR, month, day).isoformat()[5:]
    except ValueError:
        raise Unreadable("date_impossible", value=shown(text)) from None


def _boolean(text: str, order: str | None) -> bool:
    found = _WORDS.get(plain(text).lower())
    if found is None:
        raise Unreadable("boolean_unreadable", value=shown(text))
    return found


def _gender(text: str, language: str) -> str:
    found = _GENDERS.get(plain(text).lower().rstrip("."))
    return text if found is None else found[0 if language == "zh" else 1]


_OWN: dict[str, Callable[[str, str], Any]] = {"phone": lambda text, _: phone(text), "email": lambda text, _: mail(text), "gender": _gender}
_READERS: dict[str, Callable[[str, str | None], Any]] = {
    "text": lambda text, _: text,
    "number": lambda text, _: number(text),
    "boolean": _boolean,
    "date": _day,
    "birthday": _birthday,
    "list": lambda text, _: items(text),
}


def guessed_type(cells: list[str]) -> str:
    """The type of attribute that values like these would make: the narrowest that all of them fit."""
    filled = [cell for cell in cells if cell.strip()]
    for type_name in ("boolean", "number", "date"):
        if filled and all(_fits(type_name, cell) for cell in filled):
            return type_name
    return "text"


def _fits(type_name: str, cell: str) -> bool:
    if type_name == "boolean" and plain(cell) in ("0", "1"):  # as likely a count
        return False
    if type_name == "number" and (len(cell.strip()) > 1 and cell.strip().startswith("0") and cell.strip().isdigit()):
        return False  # a code such as 00123
    try:
        _READERS[type_name](cell, None)
    except Unreadable:
        return False
    return True
