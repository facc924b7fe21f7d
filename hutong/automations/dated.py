"""For whom a local day is the one an attribute of theirs names: found in the warehouse, and looked at again in the records."""

from __future__ import annotations

import calendar
import datetime as dt
import uuid
from functools import lru_cache
from typing import Any

from hutong.automations.journeys.dates import DAY_LENGTH, day_in
from hutong.automations.triggers import OnDate
from hutong.events import queries
from hutong.foundation import clock, lunar
from hutong.members import bulk
from hutong.members.attributes import standard
from hutong.members.models import Attribute, AttributeValue
from hutong.members.queries.clocks import ATTRIBUTE

_EPOCH = dt.date(1970, 1, 1).toordinal()
_LEAP_MONTHS = (0, 29, 30)  # a leap month follows the one whose number it bears
FEBRUARY = 2
AGE_YEARS_MAX = 120
LUNAR_LONGEST, LUNAR_SHORTER = 30, 29


def is_yearly(workspace_id: uuid.UUID, trigger: OnDate) -> bool:
    """Whether the day comes again every year: birthdays do."""
    known = standard().get(trigger.attribute)
    kind = known.type if known else Attribute.objects.in_workspace(workspace_id).filter(key=trigger.attribute).values_list("type", flat=True).first()
    return trigger.yearly or kind == "birthday"


def falls_on(said: str, day: dt.date, trigger: OnDate, *, yearly: bool) -> bool:
    """Whether a day that somebody's attribute says (2026-11-28, or 11-28) sets the trigger off on a local day."""
    try:
        target = day - dt.timedelta(days=trigger.offset_days)
        if len(said) == DAY_LENGTH and not yearly:
            return dt.date.fromisoformat(said) == target
        return any(_in(year, said, trigger) == target for year in (target.year - 1, target.year, target.year + 1))
    except (ValueError, OverflowError):
        return False


def _in(year: int, said: str, trigger: OnDate) -> dt.date | None:
    try:
        return day_in(year, said, calendar=trigger.calendar)
    except ValueError:
        return None


def members(workspace_id: uuid.UUID, trigger: OnDate, day: dt.date, *, after: str, size: int) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The next members, by their ids, who may be meant on a local day, and those of them who are."""
    yearly = is_yearly(workspace_id, trigger)
    test, bound = _test(day - dt.timedelta(days=trigger.offset_days), trigger, yearly=yearly)
    bound |= {"workspace": str(workspace_id), "key": trigger.attribute, "after": after, "size": size}
    statement = (
        "SELECT member_id FROM member_values FINAL WHERE workspace_id = {workspace:UUID} AND key = {key:String} AND is_deleted = 0 "
        f"AND ({test}) AND toString(member_id) > {{after:String}} ORDER BY toString(member_id) LIMIT {{size:UInt32}}"
    )
    looked = [member_id for (member_id,) in queries.rows(statement, bound)]
    said: dict[uuid.UUID, Any] = {}
    for some in bulk.chunks(looked):
        rows = AttributeValue.objects.in_workspace(workspace_id).filter(member_id__in=some, attribute__key=trigger.attribute)
        said |= dict(rows.values_list("member_id", "value"))
    falls = [one for one in looked if isinstance(said.get(one), str) and falls_on(said[one], day, trigger, yearly=yearly)]
    return looked, falls


def _test(target: dt.date, trigger: OnDate, *, yearly: bool) -> tuple[str, dict[str, Any]]:
    """Who may have that day: all who have it are among them."""
    if not yearly:
        return "day = {day:Int32}", {"day": target.toordinal()}
    if trigger.calendar == "lunar":
        month, number = lunar.month_and_day(target)
        numbers = (LUNAR_SHORTER, LUNAR_LONGEST) if number == LUNAR_SHORTER else (number,)  # the 30th is the 29th where there is none
        days = {first + each - 1 + further for first in _beginnings(month, target.year) for each in numbers for further in _LEAP_MONTHS}
        without_year = [month * 100 + each for each in numbers]
        return "has({days:Array(Int32)}, day) OR (day IS NULL AND has({months:Array(UInt16)}, month_day))", {
            "days": sorted(days),
            "months": without_year,
        }
    months = [target.month * 100 + target.day]
    if target.month == FEBRUARY and target.day == calendar.monthrange(target.year, FEBRUARY)[1] == 28:
        months.append(229)
    moment = f"toDate32('1970-01-01') + toInt32(coalesce(day, {_EPOCH}) - {_EPOCH})"
    known = f"toMonth({moment}) * 100 + toDayOfMonth({moment})"
    return f"has({{months:Array(UInt16)}}, coalesce(month_day, if(day IS NULL, 0, {known})))", {"months": months}


@lru_cache(maxsize=50)
def _beginnings(month: int, until: int) -> tuple[int, ...]:
    """The first day of a month of the Chinese calendar in every year up to one, in which somebody may have been born. Each takes milliseconds."""
    return tuple(lunar.day_of(year, month, 1).toordinal() for year in range(max(lunar.YEAR_MIN, until - AGE_YEARS_MAX), until + 1))


def zones(workspace_id: uuid.UUID) -> set[str]:
    """The time zones that members are known to live in."""
    statement = (
        "SELECT DISTINCT text FROM member_values FINAL WHERE workspace_id = {workspace:UUID} AND key = {key:String} AND is_deleted = 0 LIMIT 1000"
    )
    said = {str(text).casefold() for (text,) in queries.rows(statement, {"workspace": str(workspace_id), "key": ATTRIBUTE})}
    return {name for name in clock.zone_names() if name.casefold() in said}
