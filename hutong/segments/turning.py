"""The turn of the day: as each zone's midnight passes, live segments are counted anew, since windows of days have moved."""

from __future__ import annotations

import datetime as dt
import uuid

from hutong.foundation import clock
from hutong.segments import tasks
from hutong.segments.conditions import nodes
from hutong.segments.models import Segment

LOOK_EVERY_MS = 60_000  # for segments made since

_next_look_ms = 0
_asked: dict[uuid.UUID, dt.date] = {}  # so that one that cannot be counted is not asked for every minute


def look() -> None:
    """Cheap between midnights; called about once a second."""
    global _next_look_ms
    now = clock.now()
    if clock.to_ms(now) < _next_look_ms:
        return
    next_ms = clock.to_ms(now) + LOOK_EVERY_MS
    rows = Segment.objects.across_workspaces().filter(kind="live", built_day__isnull=False)
    for pk, condition, built_day, own_zone, zone in rows.values_list("pk", "condition", "built_day", "community__time_zone", "workspace__time_zone"):
        today = clock.local_date(now, own_zone or zone)
        midnight_ms = clock.to_ms(clock.local_midnight(today, own_zone or zone))
        next_ms = min(next_ms, clock.to_ms(clock.local_midnight(today + dt.timedelta(days=1), own_zone or zone)))
        if built_day is not None and built_day < today and _asked.get(pk) != today:
            _asked[pk] = today
            tasks.build.enqueue(str(pk), "time" if nodes.is_timed(condition) else "check", midnight_ms)
    _next_look_ms = next_ms


def forget() -> None:
    """Look at the next call."""
    global _next_look_ms
    _next_look_ms = 0
    _asked.clear()
