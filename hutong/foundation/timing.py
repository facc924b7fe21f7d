"""When something is due: now, at a time on a wall clock, or again and again. What repeats keeps its wall time across summer time.

The calendar of Chinese public holidays, with the weekend days worked to make up for them, is the library `chinesecalendar`'s. A year it does
not know yet counts Monday to Friday as working days, and that is said beforehand.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Literal

import chinese_calendar
import msgspec
from cronsim import CronSim, CronSimError

from hutong.foundation import clock, lunar
from hutong.foundation.errors import Invalid

SHOWN = 10
LOOKED_AT_MAX = 2_000  # moments of a rule, of which most may fall on days that are left out
CRON_LENGTH_MAX = 100
LAST_DAY = 32  # of a month, however long it is
SATURDAY = 5
MONTHS = 12
LEAP_YEAR = 2000
YEARS_MAX = 50  # looked ahead

_KNOWN = frozenset(day.year for day in chinese_calendar.constants.holidays)


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: a local moment of `zone`. A repetition has a `time`, and `weekdays` (1 is Monday), a `day` of the month or a `cron` rule.

    Every year it is a `month` and a `day`: of the Gregorian calendar (`yearly`), or of the Chinese one (`lunar`).
    """

    kind: Literal["now", "at", "daily", "weekly", "monthly", "yearly", "lunar", "cron"] = "now"
    zone: str = "Asia/Shanghai"
    at: str = ""  # 2026-12-01T09:00
    time: str = "09:00"
    weekdays: tuple[int, ...] = ()
    month: int | msgspec.UnsetType = msgspec.UNSET  # of a day of the year
    day: int = 1
    cron: str = ""
    only_workdays: bool = False

    @property
    def repeats(self) -> bool:
        """Whether it goes more than once."""
        return self.kind not in ("now", "at")


def read(said: object) -> Timing:
    """A timing from a JSON column."""
    return msgspec.convert(said, Timing)


def checked(timing: Timing, *, where: str = "timing") -> Timing:
    """The timing, if it can be followed. Raises Invalid at `<where>.<field>`."""
    try:
        return _checked(timing)
    except Invalid as error:
        for one in error.errors:
            one["field"] = str(one["field"]).replace("timing", where, 1)
        raise


def _checked(timing: Timing) -> Timing:
    if timing.zone not in clock.zone_names():
        raise Invalid.field("timing.zone", "没有这个时区。", "There is no such time zone.")
    if timing.kind == "at":
        _moment(timing.at)
    if timing.kind in ("daily", "weekly", "monthly", "yearly", "lunar"):
        _time(timing.time)
    if timing.kind == "weekly" and not (timing.weekdays and set(timing.weekdays) <= set(range(1, 8))):
        raise Invalid.field("timing.weekdays", "请选择星期几。", "Choose the days of the week.")
    if timing.kind == "monthly" and not 1 <= timing.day <= LAST_DAY:
        raise Invalid.field("timing.day", "请选择几号。", "Choose a day of the month.")
    if timing.kind in ("yearly", "lunar") and not (1 <= _month(timing) <= MONTHS and 1 <= timing.day <= _longest(timing)):
        raise Invalid.field("timing.day", "没有这一天。", "There is no such day.")
    if timing.kind == "cron":
        _cron(timing, dt.datetime(2026, 1, 1))  # noqa: DTZ001 (the rule alone is read)
    return timing


def _month(timing: Timing) -> int:
    return timing.month if isinstance(timing.month, int) else 0


def _longest(timing: Timing) -> int:
    """Days its month may have."""
    return lunar.DAYS_MAX if timing.kind == "lunar" else calendar.monthrange(LEAP_YEAR, _month(timing))[1]


def following(timing: Timing, after: dt.datetime) -> Iterator[dt.datetime]:
    """The moments after one, in UTC, in their order; none for `now`. A wall time that does not exist is taken as much later as the clock jumps."""
    if timing.kind == "now":
        return
    if timing.kind == "at":
        moment = _aware(_moment(timing.at), timing.zone)
        if moment > after:
            yield moment
        return
    last = after
    local = after.astimezone(clock.zone(timing.zone)).replace(tzinfo=None) - dt.timedelta(days=1)
    for number, wall in enumerate(_yearly(timing, local) if timing.kind in ("yearly", "lunar") else _cron(timing, local)):
        if number >= LOOKED_AT_MAX:
            return
        if timing.only_workdays and not is_workday(wall.date()):
            continue
        moment = _aware(wall, timing.zone)
        if moment > last:  # two wall times may be one moment, where the clock jumps
            last = moment
            yield moment


def is_workday(day: dt.date) -> bool:
    """Whether people in China work on that day."""
    if day.year in _KNOWN:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY


def unknown_years(moments: list[dt.datetime], timing: Timing) -> list[int]:
    """Years among them whose holidays are not known yet."""
    if not timing.only_workdays:
        return []
    return sorted({clock.local_date(one, timing.zone).year for one in moments} - _KNOWN)


def _yearly(timing: Timing, local: dt.datetime) -> Iterator[dt.datetime]:
    """The wall times of a day of the year after one. 29 February is the 28th where there is none, and so with the 30th of a Chinese month."""
    time = _time(timing.time)
    for year in range(local.year - 1, local.year + YEARS_MAX):
        if timing.kind == "lunar":
            day = lunar.day_of(year, _month(timing), timing.day)
        else:
            month = _month(timing)
            day = dt.date(year, month, min(timing.day, calendar.monthrange(year, month)[1]))
        wall = dt.datetime.combine(day, time)
        if wall > local:
            yield wall


def _cron(timing: Timing, local: dt.datetime) -> CronSim:
    rule = timing.cron.strip()
    if timing.kind != "cron":
        time = _time(timing.time)
        days = ",".join(str(one % 7) for one in timing.weekdays) if timing.kind == "weekly" else "*"
        day = ("L" if timing.day == LAST_DAY else str(timing.day)) if timing.kind == "monthly" else "*"
        rule = f"{time.minute} {time.hour} {day} * {days}"
    try:
        if len(rule) > CRON_LENGTH_MAX or len(rule.split()) != len("分时日月周"):
            raise CronSimError("five fields")
        return CronSim(rule, local)
    except CronSimError:
        raise Invalid.field(
            "timing.cron",
            "规则有误。依次写分、时、日、月、星期，例如 0 9 * * 1-5。",
            "This rule cannot be read. Write minute, hour, day, month and weekday, such as 0 9 * * 1-5.",
        ) from None


def _aware(wall: dt.datetime, zone: str) -> dt.datetime:
    return wall.replace(tzinfo=clock.zone(zone)).astimezone(dt.UTC)


def _moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Invalid.field("timing.at", "请选择日期和时间。", "Choose a day and a time.")
    return found


def _time(text: str) -> dt.time:
    try:
        found = dt.time.fromisoformat(text)
    except ValueError:
        raise Invalid.field("timing.time", "时间写作 09:00。", "A time is written 09:00.") from None
    return found
