"""How a segment grew: its size at the end of each local day, and who came and went."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.segments.comparing import sides
from hutong.segments.models import SegmentDay
from hutong.workspaces.models import Workspace

DAYS_DEFAULT = 30
DAYS_MAX = 3_660


def growth(workspace: Workspace, segment_id: uuid.UUID, *, first: dt.date | None, last: dt.date | None) -> dict[str, Any]:
    """Each day of the range, at most until today. A day of which nothing was kept stands as the day before; before the first day kept the
    size is not known. Today is as the segment is now. Raises NotFound, Invalid.
    """
    segment = sides.segment(workspace, segment_id)
    zone = sides.zone(workspace, segment)
    today = clock.local_date(clock.now(), zone)
    last = min(last or today, today)
    first = last - dt.timedelta(days=DAYS_DEFAULT - 1) if first is None else first
    if first > last:
        raise Invalid.field("from", "开始日期不能晚于结束日期或今天。", "The first day must not be after the last one, nor after today.")
    if (last - first).days >= DAYS_MAX:
        raise Invalid.field("from", f"一次最多查看 {DAYS_MAX} 天。", f"At most {DAYS_MAX} days at a time.")
    kept = SegmentDay.objects.in_workspace(workspace).filter(segment=segment)
    before = kept.filter(day__lt=first).order_by("-day").values_list("members", flat=True).first()
    rows = {
        day: (members, entered, left)
        for day, members, entered, left in kept.filter(day__range=(first, last)).values_list("day", "members", "entered", "left")
    }
    size: int | None = before
    items: list[dict[str, Any]] = []
    sizes: list[int] = []
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        members, entered, left = rows.get(day, (size, 0, 0))
        size = segment.members_count if day == today else members
        if size is not None:
            sizes.append(size)
        items.append({"day": day, "members": size, "entered": entered, "left": left})
    return {
        "segment": {"id": segment.pk, "name": segment.name},
        "zone": zone,
        "today": today,
        "first": first,
        "last": last,
        "items": items,
        "change": sizes[-1] - sizes[0] if sizes else None,
        "entered": sum(one["entered"] for one in items),
        "left": sum(one["left"] for one in items),
    }
