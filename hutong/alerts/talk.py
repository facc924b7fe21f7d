"""How much is said in each group now, beside the same stretch of past weeks: one question a time zone, whatever the number of groups."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from hutong.alerts.learning import QUIET_HOURS, WEEKS, WEEKS_MIN
from hutong.events.queries import rows
from hutong.foundation import clock

WEEK_HOURS = 7 * 24

# Hours are counted from the present one, which is 0 and not over: the quiet stretch is hours 1 to 24, and so it was a week ago at 169 to 192.
_COUNTS = f"""
    SELECT group_id, intDiv(ago, {WEEK_HOURS}) AS week, min(local_day) AS begun,
        sumIf(messages, ago >= 0 AND ago % {WEEK_HOURS} = 0) AS hour, sumIf(messages, ago % {WEEK_HOURS} BETWEEN 1 AND {QUIET_HOURS}) AS day
    FROM (
        SELECT group_id, messages, local_day, dateDiff('day', local_day, {{today:Date}}) * 24 + {{hour:UInt8}} - local_hour AS ago FROM group_hours
        WHERE workspace_id = {{workspace:UUID}} AND community_id IN {{communities:Array(UUID)}} AND local_day BETWEEN {{first:Date}} AND {{today:Date}}
    )
    GROUP BY group_id, week
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """Messages of the present hour and of the day before it, and the same of each past week in which the group lived."""

    hour: int
    day: int
    past_hours: tuple[int, ...]
    past_days: tuple[int, ...]


def talk(workspace_id: uuid.UUID, *, communities: Sequence[uuid.UUID], zone: str) -> dict[uuid.UUID, Talk]:
    """Of the groups of these communities, which share a time zone, that have lived long enough for something to be usual."""
    local = clock.now().astimezone(clock.zone(zone))
    today = local.date()
    first = today - dt.timedelta(days=WEEKS * 7 + 2)
    parameters = {
        "workspace": str(workspace_id), "communities": [str(one) for one in communities], "today": today, "first": first, "hour": local.hour,
    }  # fmt: skip
    counts: dict[uuid.UUID, dict[int, tuple[int, int]]] = {}
    beginnings: dict[uuid.UUID, dt.date] = {}
    for group_id, week, begun, hour, day in rows(_COUNTS, parameters):
        counts.setdefault(group_id, {})[week] = (hour, day)
        beginnings[group_id] = min(begun, beginnings.get(group_id, begun))
    found = {}
    for group_id, of_group in counts.items():
        lived = min(WEEKS, ((today - beginnings[group_id]).days - 1) // 7)
        if lived < WEEKS_MIN:
            continue
        past = [of_group.get(week, (0, 0)) for week in range(1, lived + 1)]
        now_hour, now_day = of_group.get(0, (0, 0))
        found[group_id] = Talk(now_hour, now_day, tuple(hour for hour, _ in past), tuple(day for _, day in past))
    return found
