"""The members behind one figure of a chart: the same conditions as the figure's, read as a list instead of a count."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from hutong.foundation import pages
from hutong.foundation.errors import Invalid
from hutong.reports.days import DayRange, Unit, start_of
from hutong.reports.queries.people import Found
from hutong.reports.queries.retention import BUCKETS, STARTS, Cohorts
from hutong.reports.queries.scope import NOBODY, Scope, ask

Kind = Literal["members", "new", "returned", "left", "active", "speakers", "repliers", "cohort", "retained", "hour"]
T = TypeVar("T")
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Which figure: a kind, and for a cell of the triangle or of the heat map where it stands."""

    kind: Kind
    unit: Unit = "day"
    by: Cohorts = "active"
    start: dt.date | None = None
    n: int | None = None
    weekday: int | None = None
    hour: int | None = None


# Each gives member_id and weight: a day (as a number) for those that come or go, a count for those that do something.
_STAYS = (
    "SELECT member_id, {weight} AS weight, min(joined_day) AS first_joined FROM memberships FINAL WHERE {{where}} GROUP BY member_id HAVING {having}"
)
_DOINGS = (
    "SELECT member_id, sum({column}) AS weight FROM member_days WHERE {{where_days}} AND {column} > 0 AND member_id != {nobody} GROUP BY member_id"
)
_ARRIVED = "max(joined_day BETWEEN {{first:Date}} AND {{last:Date}})"
_AT_START = "max(joined_day < {{first:Date}} AND left_day >= {{first:Date}})"
_AT_END = "max(joined_day <= {{last:Date}} AND left_day > {{last:Date}})"
_DAY = "toInt64(toUInt16({}))"

_LISTS: dict[Kind, str] = {
    "members": _STAYS.format(weight=_DAY.format("max(joined_day)"), having=_AT_END),
    "new": _STAYS.format(weight=_DAY.format("min(joined_day)"), having="first_joined BETWEEN {{first:Date}} AND {{last:Date}}"),
    "returned": _STAYS.format(
        weight=_DAY.format("maxIf(joined_day, joined_day BETWEEN {{first:Date}} AND {{last:Date}})"),
        having=f"{_ARRIVED} AND NOT {_AT_START} AND first_joined < {{{{first:Date}}}}",
    ),
    "left": _STAYS.format(
        weight=_DAY.format("maxIf(left_day, left_day BETWEEN {{first:Date}} AND {{last:Date}})"),
        having=f"max(left_day BETWEEN {{{{first:Date}}}} AND {{{{last:Date}}}}) AND NOT {_AT_END}",
    ),
    "active": _DOINGS.format(column="activities", nobody=NOBODY),
    "speakers": _DOINGS.format(column="messages", nobody=NOBODY),
    "repliers": _DOINGS.format(column="replies", nobody=NOBODY),
}
DAYS: frozenset[Kind] = frozenset({"members", "new", "returned", "left", "cohort"})


def members(scope: Scope, days: DayRange, point: Point, *, cursor: str | None, limit: int) -> Found:
    """The latest days or the highest counts first, then by id. Each row has either a day or a count."""
    statement, values = _statement(scope, point)
    after, position = _after(cursor)
    more = "WHERE (-weight, text_id) > ({after0:Int64}, {after1:String})" if after else ""
    listed = f"SELECT member_id, toInt64(weight) AS weight, toString(member_id) AS text_id, count() OVER () AS total FROM ({statement})"
    found = ask(
        f"SELECT member_id, weight, total FROM ({listed}) {more} ORDER BY weight DESC, text_id LIMIT {{limit:UInt32}}",
        scope.parameters(days, limit=limit + 1, **values, **position),
    )
    shown = found[:limit]
    items = [
        {
            "member_id": member,
            "day": EPOCH + dt.timedelta(days=weight) if point.kind in DAYS else None,
            "count": None if point.kind in DAYS else int(weight),
        }
        for member, weight, _ in shown
    ]
    following = pages.encode([-int(shown[-1][1]), str(shown[-1][0])]) if len(found) > limit else None
    return Found(items, int(found[0][2]) if found else 0, following)


def _statement(scope: Scope, point: Point) -> tuple[str, dict[str, Any]]:
    where, where_days = scope.where(), scope.where(days=True)
    listed = _LISTS.get(point.kind)
    if listed is not None:
        return listed.format(where=where, where_days=where_days), {}
    if point.kind == "hour":
        weekday, hour = _given(point.weekday, "weekday"), _given(point.hour, "hour")
        statement = f"""
            SELECT member_id, count() AS weight FROM events WHERE {where_days} AND name = 'message_sent' AND member_id != {NOBODY}
                AND toDayOfWeek(local_day) = {{weekday:UInt8}} AND local_hour = {{hour:UInt8}} GROUP BY member_id
        """
        return statement, {"weekday": weekday, "hour": hour}
    return _cohort(point, where, where_days)


def _cohort(point: Point, where: str, where_days: str) -> tuple[str, dict[str, Any]]:
    cohort = start_of(point.unit, _given(point.start, "start"))
    bucket = BUCKETS[point.unit].format
    begun = f"SELECT member_id, start FROM ({STARTS[point.by].format(where=where)}) WHERE {bucket(day='start')} = {{cohort:Date}} AND member_id != {NOBODY}"
    if point.kind == "cohort":
        return f"SELECT member_id, toInt64(toUInt16(start)) AS weight FROM ({begun})", {"cohort": cohort.isoformat()}
    statement = f"""
        SELECT member_id, uniqExact(local_day) AS weight FROM member_days
        WHERE {where_days} AND activities > 0 AND dateDiff('{point.unit}', {{cohort:Date}}, {bucket(day="local_day")}) = {{n:UInt16}}
            AND member_id IN (SELECT member_id FROM ({begun})) GROUP BY member_id
    """
    return statement, {"cohort": cohort.isoformat(), "n": _given(point.n, "n")}


def _given(value: T | None, field: str) -> T:
    if value is None:
        raise Invalid.field(field, "请说明是哪一格。", "Say which cell is meant.")
    return value


def _after(cursor: str | None) -> tuple[bool, dict[str, Any]]:
    if not cursor:
        return False, {}
    first, second = pages.decode(cursor, length=2)
    try:
        return True, {"after0": int(first), "after1": str(uuid.UUID(str(second)))}
    except (ValueError, TypeError) as error:
        raise Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.") from error
