"""Lists of members behind the numbers: top speakers, the silent, newcomers who never spoke. Each is paged by keyset."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from hutong.foundation import pages
from hutong.foundation.errors import Invalid
from hutong.reports.days import DayRange
from hutong.reports.definitions import SILENT_DAYS_DEFAULT
from hutong.reports.queries.scope import NOBODY, Scope, ask

Row = dict[str, Any]
NEVER_ACTIVE = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """One page, how many there are in all, and where the next page starts."""

    items: list[Row]
    total: int
    next_cursor: str | None


def speakers(scope: Scope, days: DayRange, *, cursor: str | None, limit: int) -> Found:
    """Members by messages, most first, then by id."""
    after, values = _after(cursor, (int, uuid.UUID))
    more = "HAVING (-toInt64(said), text_id) > ({after0:Int64}, {after1:String})" if after else ""
    statement = f"""
        SELECT member_id, sum(messages) AS said, sum(replies), sum(characters), uniqExactIf(local_day, messages > 0), toString(member_id) AS text_id
        FROM member_days WHERE {scope.where(days=True)} AND messages > 0 AND member_id != {NOBODY}
        GROUP BY member_id {more} ORDER BY said DESC, text_id LIMIT {{limit:UInt32}}
    """
    found = ask(statement, scope.parameters(days, limit=limit + 1, **values))
    ((total, messages),) = ask(
        f"SELECT uniqExactIf(member_id, member_id != {NOBODY}), sum(messages) FROM member_days WHERE {scope.where(days=True)} AND messages > 0",
        scope.parameters(days),
    )
    items = [
        {"member_id": member, "messages": said, "replies": replies, "characters": characters, "active_days": spoke, "share": said / messages}
        for member, said, replies, characters, spoke, _ in found
    ]
    return _page(items, int(total), limit, lambda one: [-one["messages"], str(one["member_id"])])


def silent(scope: Scope, last: dt.date, *, silent_days: int, cursor: str | None, limit: int) -> Found:
    """Members present at the end of that day without activity in the days that end with it: never active first, then the longest silent."""
    after, values = _after(cursor, (dt.date, uuid.UUID))
    more = "WHERE (active_day, text_id) > ({after0:Date}, {after1:String})" if after else ""
    statement = f"SELECT member_id, joined, active_day, total FROM ({_SILENT.format(where=scope.where())}) {more} ORDER BY active_day, text_id LIMIT {{limit:UInt32}}"
    found = ask(statement, _silent_values(scope, last, silent_days, limit=limit + 1, **values))
    items = [
        {
            "member_id": member,
            "joined_day": joined,
            "last_active_day": None if active == NEVER_ACTIVE else active,
            "silent_days": None if active == NEVER_ACTIVE else (last - active).days,
        }
        for member, joined, active, _ in found
    ]
    total = int(found[0][-1]) if found else silent_count(scope, last, silent_days=silent_days)
    return _page(items, total, limit, lambda one: [str(one["last_active_day"] or NEVER_ACTIVE), str(one["member_id"])])


def silent_count(scope: Scope, last: dt.date, *, silent_days: int = SILENT_DAYS_DEFAULT) -> int:
    """How many the list of the silent has."""
    ((total,),) = ask(f"SELECT count() FROM ({_SILENT.format(where=scope.where())})", _silent_values(scope, last, silent_days))
    return int(total)


_SILENT = f"""
    SELECT member_id, joined, active_day, toString(member_id) AS text_id, count() OVER () AS total FROM (
        SELECT member_id, max(joined_day) AS joined FROM memberships FINAL
        WHERE {{where}} AND joined_day <= {{{{last:Date}}}} AND left_day > {{{{last:Date}}}} GROUP BY member_id
    ) AS present LEFT JOIN (
        SELECT member_id, max(local_day) AS active_day FROM member_days
        WHERE {{where}} AND local_day <= {{{{last:Date}}}} AND activities > 0 AND member_id != {NOBODY} GROUP BY member_id
    ) AS active USING member_id
    WHERE active_day < {{{{since:Date}}}}
"""


def _silent_values(scope: Scope, last: dt.date, silent_days: int, **others: Any) -> dict[str, Any]:
    since = last - dt.timedelta(days=silent_days - 1)
    return scope.parameters(None, last=last.isoformat(), since=since.isoformat(), **others)


def newcomers(scope: Scope, days: DayRange, *, cursor: str | None, limit: int) -> Found:
    """New members of the range without a message up to its end, the latest first."""
    after, values = _after(cursor, (int, uuid.UUID))
    more = "WHERE (-toInt64(toUInt16(joined)), text_id) > ({after0:Int64}, {after1:String})" if after else ""
    statement = f"SELECT member_id, joined, is_present, total FROM ({_NEWCOMERS.format(where=scope.where())}) {more} ORDER BY joined DESC, text_id LIMIT {{limit:UInt32}}"
    found = ask(statement, scope.parameters(days, limit=limit + 1, **values))
    items = [{"member_id": member, "joined_day": joined, "is_present": bool(present)} for member, joined, present, _ in found]
    total = int(found[0][-1]) if found else newcomers_count(scope, days)
    return _page(items, total, limit, lambda one: [-(one["joined_day"] - NEVER_ACTIVE).days, str(one["member_id"])])


def newcomers_count(scope: Scope, days: DayRange) -> int:
    """How many the list of newcomers who never spoke has."""
    ((total,),) = ask(f"SELECT count() FROM ({_NEWCOMERS.format(where=scope.where())})", scope.parameters(days))
    return int(total)


_NEWCOMERS = """
    SELECT member_id, min(joined_day) AS joined, max(joined_day <= {{last:Date}} AND left_day > {{last:Date}}) AS is_present, toString(member_id) AS text_id,
        count() OVER () AS total
    FROM memberships FINAL WHERE {where} AND member_id NOT IN (
        SELECT member_id FROM member_days WHERE {where} AND local_day <= {{last:Date}} AND messages > 0
    )
    GROUP BY member_id HAVING joined BETWEEN {{first:Date}} AND {{last:Date}}
"""


def _after(cursor: str | None, kinds: tuple[type, type]) -> tuple[bool, dict[str, Any]]:
    if not cursor:
        return False, {}
    first, second = pages.decode(cursor, length=2)
    try:
        values = {"after0": int(first) if kinds[0] is int else dt.date.fromisoformat(str(first)).isoformat(), "after1": str(uuid.UUID(str(second)))}
    except (ValueError, TypeError) as error:
        raise Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.") from error
    return True, values


def _page(items: list[Row], total: int, limit: int, position: Any) -> Found:
    if len(items) <= limit:
        return Found(items, total, None)
    return Found(items[:limit], total, pages.encode(position(items[limit - 1])))
