"""Questions nobody answered. Read from raw events, for only they know the order in which things were said."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hutong.foundation import pages
from hutong.foundation.clock import from_ms
from hutong.foundation.errors import Invalid
from hutong.reports.days import DayRange
from hutong.reports.definitions import ANSWER_HOURS, FOLLOW_UP_MINUTES
from hutong.reports.queries.people import Found
from hutong.reports.queries.scope import NOBODY, Scope, ask

# An answer may come on the day after the range, and local days of a zone change may differ by one more.
ANSWER_DAYS = 2
TEXT_CHARACTERS_MAX = 500

# Read backwards in a group, the running minimum of the moments at which somebody else's run of messages begins is the moment another
# person next speaks; the running minimum over messages that address a person is when that person is next addressed.
_UNANSWERED = f"""
    WITH said AS (
        SELECT id, community_id, group_id, member_id, occurred_at, ordinal, local_day, is_question, addressed_id, reply_to, text,
            toString(properties.message_id) AS message_id
        FROM events WHERE {{where}} AND local_day BETWEEN {{{{first:Date}}}} AND {{{{until:Date}}}} AND name = 'message_sent'
    ),
    followed AS (
        SELECT *, minIf(occurred_at, begins) OVER (
            PARTITION BY group_id ORDER BY occurred_at DESC, ordinal DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS next_other_at
        FROM (
            SELECT *, member_id != lagInFrame(member_id) OVER (
                PARTITION BY group_id ORDER BY occurred_at, ordinal, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS begins FROM said
        )
    ),
    open AS (
        SELECT * FROM followed
        WHERE is_question = 1 AND local_day <= {{{{last:Date}}}}
            AND (next_other_at < occurred_at OR next_other_at > occurred_at + toIntervalMinute({{{{follow_up:UInt16}}}}))
    ),
    addressed AS (
        SELECT id FROM (
            SELECT id, is_asking, occurred_at, minIf(occurred_at, NOT is_asking) OVER (
                PARTITION BY group_id, person ORDER BY occurred_at DESC, ordinal DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS next_at
            FROM (
                SELECT id, group_id, member_id AS person, occurred_at, ordinal, 1 AS is_asking FROM open
                UNION ALL
                SELECT id, group_id, addressed_id AS person, occurred_at, ordinal, 0 FROM said WHERE addressed_id != {NOBODY} AND addressed_id != member_id
            )
        ) WHERE is_asking AND next_at >= occurred_at AND next_at <= occurred_at + toIntervalHour({{{{answer:UInt16}}}})
    ),
    replied AS (
        SELECT open.id AS id FROM open INNER JOIN said AS reply ON reply.group_id = open.group_id AND reply.reply_to = open.message_id
        WHERE reply.reply_to != '' AND reply.member_id != open.member_id
            AND reply.occurred_at >= open.occurred_at AND reply.occurred_at <= open.occurred_at + toIntervalHour({{{{answer:UInt16}}}})
    )
    SELECT id, toUnixTimestamp64Milli(occurred_at) AS asked_ms, community_id, group_id, member_id, text, count() OVER () AS total FROM open
    WHERE id NOT IN (SELECT id FROM addressed) AND id NOT IN (SELECT id FROM replied)
"""


def counts(scope: Scope, days: DayRange) -> tuple[int, int]:
    """(questions asked, those without answer)."""
    asked = _asked(scope, days)
    return asked, _unanswered_count(scope, days) if asked else 0


def _asked(scope: Scope, days: DayRange) -> int:
    statement = f"SELECT count() FROM events WHERE {scope.where(days=True)} AND name = 'message_sent' AND is_question = 1"
    ((asked,),) = ask(statement, scope.parameters(days))
    return int(asked)


def _unanswered_count(scope: Scope, days: DayRange) -> int:
    ((unanswered_count,),) = ask(f"SELECT count() FROM ({_statement(scope)})", _values(scope, days))
    return int(unanswered_count)


def unanswered(scope: Scope, days: DayRange, *, cursor: str | None, limit: int) -> tuple[Found, int]:
    """Questions without answer, the latest first, and how many were asked in all."""
    more, values = "", {}
    if cursor:
        more = "WHERE (-toInt64(asked_ms), id) > ({after_ms:Int64}, {after_id:String})"
        values = _position(cursor)
    statement = f"""
        SELECT id, asked_ms, community_id, group_id, member_id, substringUTF8(text, 1, {{characters:UInt32}}), total
        FROM ({_statement(scope)}) {more} ORDER BY asked_ms DESC, id LIMIT {{limit:UInt32}}
    """
    found = ask(statement, {**_values(scope, days), **values, "limit": limit + 1, "characters": TEXT_CHARACTERS_MAX})
    items: list[dict[str, Any]] = [
        {"event_id": event, "asked_at": from_ms(ms), "asked_ms": ms, "community_id": community, "group_id": group, "member_id": member, "text": text}
        for event, ms, community, group, member, text, _ in found
    ]
    asked = _asked(scope, days)
    total = int(found[0][-1]) if found else _unanswered_count(scope, days)
    more_to_come = len(items) > limit
    items = items[:limit]
    return Found(items, total, pages.encode([-items[-1]["asked_ms"], items[-1]["event_id"]]) if more_to_come else None), asked


def _statement(scope: Scope) -> str:
    return _UNANSWERED.format(where=scope.where())


def _values(scope: Scope, days: DayRange) -> dict[str, Any]:
    until = days.last + dt.timedelta(days=ANSWER_DAYS)
    return scope.parameters(days, until=until.isoformat(), follow_up=FOLLOW_UP_MINUTES, answer=ANSWER_HOURS)


def _position(cursor: str) -> dict[str, Any]:
    first, second = pages.decode(cursor, length=2)
    if not isinstance(first, int) or not isinstance(second, str):
        raise Invalid.field("cursor", "翻页位置无效，请从第一页重新开始。", "This page position is not valid. Start from the first page.")
    return {"after_ms": first, "after_id": second}
