"""Wall-clock readings to UTC milliseconds, in the zone of the export.

A reading that happens twice (clocks go back) is the first of the two; one that never happens (clocks go forward) is moved on by the gap.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hutong.imports.names import MONTHS
from hutong.imports.records import FileError

DateOrder = Literal["dmy", "mdy", "ymd"]

YEAR_MIN, YEAR_MAX = 1970, 2100
_DAYS_KEPT = 4096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DAY_MS = 86_400_000


class Impossible(ValueError):
    """A date or time that cannot be, such as 31 February or 25:00."""


class Zone:
    """One IANA zone with the offsets of the days met so far."""

    def __init__(self, name: str) -> None:
        try:
            self.info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise FileError("zone_unknown", {"zone": name[:60]}) from error
        self._days: dict[tuple[int, int, int], int | None] = {}

    def day_ms(self, year: int, month: int, day: int) -> int | None:
        """UTC milliseconds of 00:00 of that local day, None on a day whose offset changes. Raises Impossible."""
        key = (year, month, day)
        found = self._days.get(key, -1)
        if found != -1:
            return found
        if not YEAR_MIN <= year <= YEAR_MAX:
            raise Impossible(f"{year:04d}-{month:02d}-{day:02d}")
        try:
            start = datetime(year, month, day, tzinfo=self.info)
        except ValueError as error:
            raise Impossible(f"{year:04d}-{month:02d}-{day:02d}") from error
        following = start + timedelta(days=1)
        base = None
        if start.utcoffset() == following.utcoffset():
            base = (start - _EPOCH) // timedelta(milliseconds=1)
        if len(self._days) >= _DAYS_KEPT:
            self._days.clear()
        self._days[key] = base
        return base

    def at_ms(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, millisecond: int = 0) -> int:
        """UTC milliseconds of that reading. A 60th second is the 59th. Raises Impossible."""
        if hour > 23 or minute > 59 or second > 60:
            raise Impossible(f"{hour:02d}:{minute:02d}:{second:02d}")
        if second == 60:
            second = 59
        base = self.day_ms(year, month, day)
        if base is None:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=self.info)
            base = (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
            return base + millisecond
        return base + (hour * 3600 + minute * 60 + second) * 1000 + millisecond


def with_offset_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime."""
    if not YEAR_MIN <= moment.year <= YEAR_MAX:
        raise Impossible(str(moment.year))
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def epoch_ms(number: float) -> int:
    """A Unix time in seconds, milliseconds, microseconds or nanoseconds, told apart by its size. Raises Impossible."""
    size = abs(number)
    if size < 1e11:
        found = round(number * 1000)
    elif size < 1e14:
        found = round(number)
    elif size < 1e17:
        found = int(number) // 1000
    else:
        found = int(number) // 1_000_000
    if not 0 < found < 4_102_444_800_000:
        raise Impossible(f"{number:g}")
    return found


_HALF_DAYS = {
    "上午": 0, "凌晨": 0, "早上": 0, "清晨": 0, "午前": 0, "오전": 0, "am": 0,
    "下午": 12, "晚上": 12, "傍晚": 12, "午後": 12, "오후": 12, "pm": 12,
    "中午": 11,
}  # fmt: skip


def hour_of(hour: int, half: str) -> int:
    """An hour with its am/pm word, as 0 to 23; without a word the hour itself."""
    if not half:
        return hour
    if hour > 12:
        return hour
    start = _HALF_DAYS[re.sub(r"[.\s\u00a0\u202f]", "", half).lower()]
    if start == 11:
        return hour if hour >= 10 else hour + 12
    return hour % 12 + start


HALF_BEFORE = r"上午|下午|凌晨|早上|清晨|中午|傍晚|晚上|午前|午後|오전|오후"
HALF_AFTER = r"[AaPp]\.?[ \u00a0\u202f]?[Mm]\.?"

_YMD = re.compile(
    r"\s*(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?(?:[T,\s]*(?:(?:星期|周)[一二三四五六日天])?\s*"
    rf"({HALF_BEFORE})?\s*(\d{{1,2}})[:：时点]\s?(\d{{1,2}})分?(?:[:：]?\s?(\d{{1,2}})秒?(?:[.,](\d{{1,9}}))?)?\s*({HALF_AFTER})?\s*(Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}}|[+-]\d{{2}})?)?\s*"
)
_DMY = re.compile(
    rf"\s*(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}})(?:[T,\s]+({HALF_BEFORE})?\s*(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}})(?:[.,](\d{{1,9}}))?)?\s*({HALF_AFTER})?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*"
)
_NAMED = re.compile(
    r"\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4}|\d{2})(?![\d:])|([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:(\d{4})(?=,?\s)|(?=\d\d:)))"
    rf",?(?:\s+(?:at\s+)?(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?\s*({HALF_AFTER})?\s*(Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}})?(?:\s+(\d{{4}}))?)?\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*-?\d{9,19}(?:\.\d+)?\s*")


def parse_moment(text: str, zone: Zone, order: DateOrder | None = None) -> int:
    """UTC milliseconds of a time as people and programs write it. Raises Impossible; a bare number is a Unix time."""
    if _NUMBER.fullmatch(text):
        return epoch_ms(float(text) if "." in text else int(text))
    found = _YMD.fullmatch(text)
    if found:
        year, month, day, before, hour, minute, second, fraction, after, offset = found.groups()
        return _moment(zone, int(year), int(month), int(day), hour, minute, second, fraction, before or after, offset)
    found = _DMY.fullmatch(text)
    if found:
        first, middle, year, before, hour, minute, second, fraction, after, offset = found.groups()
        day, month = (middle, first) if order == "mdy" else (first, middle)
        return _moment(zone, full_year(int(year)), int(month), int(day), hour, minute, second, fraction, before or after, offset)
    found = _NAMED.fullmatch(text)
    if found:
        day, name, year, name_2, day_2, year_2, hour, minute, second, after, offset, year_3 = found.groups()
        month_number = MONTHS.get((name or name_2).lower())
        if month_number and (year or year_2 or year_3):
            return _moment(zone, full_year(int(year or year_2 or year_3)), month_number, int(day or day_2), hour, minute, second, None, after, offset)
    raise Impossible(text[:40])


def full_year(year: int) -> int:
    """23 is 2023."""
    return year + 2000 if year < 100 else year


def _moment(
    zone: Zone,
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    half: str | None,
    offset: str | None,
) -> int:
    clock = (hour_of(int(hour or 0), half or ""), int(minute or 0), int(second or 0))
    millisecond = int((fraction or "0").ljust(3, "0")[:3])
    if not offset:
        return zone.at_ms(year, month, day, *clock, millisecond)
    found = _UTC.at_ms(year, month, day, *clock, millisecond)
    if offset[0] in "+-":
        digits = offset[1:].replace(":", "").ljust(4, "0")
        shift = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000
        found += shift if offset[0] == "-" else -shift
    return found


_UTC = Zone("UTC")
