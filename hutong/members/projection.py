"""Stays as the warehouse keeps them: rows of its table `memberships`, the highest version of a row counts."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

from hutong.foundation import clock
from hutong.foundation.stream import Projection
from hutong.members.stays import Stay

NEVER = dt.datetime(2149, 6, 6, tzinfo=dt.UTC)  # the last day the warehouse can hold: the stay lasts
NEVER_SECONDS = NEVER.timestamp()

_lock = threading.Lock()
_last_version = 0


def next_version() -> int:
    """A number above every one given before, by this process and by earlier ones."""
    global _last_version
    with _lock:
        _last_version = max(_last_version + 1, clock.now_ms() * 1_000_000)
        return _last_version


def stay_row(
    stay: Stay, *, workspace_id: uuid.UUID, community_id: uuid.UUID, group_id: uuid.UUID, channel: str, time_zone: str, member_id: uuid.UUID,
    version: int, is_deleted: bool = False,
) -> Projection:  # fmt: skip
    """The row of one stay; days are those of the community's zone."""
    joined_day = clock.local_date(clock.from_ms(stay.joined), time_zone)
    left_day = NEVER.date() if stay.left is None else clock.local_date(clock.from_ms(stay.left), time_zone)
    return Projection(
        table="memberships",
        row={
            "workspace_id": str(workspace_id),
            "community_id": str(community_id),
            "group_id": str(group_id),
            "channel": channel,
            "member_id": str(member_id),
            "membership_id": str(stay.id),
            "joined_at": stay.joined / 1000,
            "left_at": NEVER_SECONDS if stay.left is None else stay.left / 1000,
            "joined_day": joined_day.isoformat(),
            "left_day": left_day.isoformat(),
            "version": version,
            "is_deleted": int(is_deleted),
        },
    )
