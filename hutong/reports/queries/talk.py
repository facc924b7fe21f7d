"""How much is said: messages, replies, joins and leaves as sums, speakers and active members as distinct people, by bucket."""

from __future__ import annotations

import datetime as dt

from hutong.reports.days import DayRange, Unit
from hutong.reports.queries.activity import Numbers, ratio
from hutong.reports.queries.scope import NOBODY, Scope, ask

EMPTY: Numbers = {"active": 0, "speakers": 0, "messages": 0, "replies": 0, "joins": 0, "leaves": 0}


def series(scope: Scope, days: DayRange, unit: Unit) -> dict[dt.date, Numbers]:
    """By the first day of each bucket of the range: active, speakers, messages, replies, joins, leaves; buckets with nothing are zero."""
    bucket = {
        "day": "local_day",
        "week": "greatest(toMonday(local_day), {first:Date})",
        "month": "greatest(toStartOfMonth(local_day), {first:Date})",
    }[unit]
    statement = f"""
        SELECT {bucket} AS at,
            uniqExactIf(member_id, activities > 0 AND member_id != {NOBODY}), uniqExactIf(member_id, messages > 0 AND member_id != {NOBODY}),
            sum(messages), sum(replies), sum(joins), sum(leaves)
        FROM member_days WHERE {scope.where(days=True)} GROUP BY at
    """
    found: dict[dt.date, Numbers] = {}
    for at, active, speakers, messages, replies, joins, leaves in ask(statement, scope.parameters(days)):
        found[at] = {"active": active, "speakers": speakers, "messages": messages, "replies": replies, "joins": joins, "leaves": leaves}
    return {one.first: found.get(one.first, EMPTY) for one in days.split(unit)}


def derived(numbers: Numbers, *, present: float) -> Numbers:
    """The shares that follow: messages per speaker, reply share, share of the people present who spoke."""
    messages, speakers, replies = (numbers[key] or 0 for key in ("messages", "speakers", "replies"))
    return {
        "messages_per_speaker": ratio(messages, speakers),
        "reply_share": ratio(replies, messages),
        "speaker_share": ratio(speakers, present),
    }
