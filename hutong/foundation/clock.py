"""The one reader of time. Everything is UTC; local days belong to a community's zone."""

from __future__ import annotations

import datetime as dt
import time
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

UTC = dt.UTC


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(UTC)


def now_ms() -> int:
    """The present moment in milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000


def monotonic_seconds() -> float:
    """A clock that never goes back, for durations only."""
    return time.monotonic()


def from_ms(milliseconds: int) -> dt.datetime:
    """Epoch milliseconds to an aware UTC datetime."""
    return dt.datetime.fromtimestamp(milliseconds / 1000, UTC)


def to_ms(moment: dt.datetime) -> int:
    """An aware datetime to whole epoch milliseconds."""
    delta = moment - dt.datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


@lru_cache(maxsize=600)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; raises ValueError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA zone name known on this machine."""
    return frozenset(available_timezones())


def local_date(moment: dt.datetime, zone_name: str) -> dt.date:
    """The calendar day of a moment in a zone."""
    return moment.astimezone(zone(zone_name)).date()


def local_midnight(day: dt.date, zone_name: str) -> dt.datetime:
    """The first moment of a local day, in UTC (the later side of a gap at midnight)."""
    aware = dt.datetime(day.year, day.month, day.day, tzinfo=zone(zone_name))
    moment = aware.astimezone(UTC)
    if moment.astimezone(zone(zone_name)).date() < day:
        moment += dt.timedelta(hours=1)
    return moment
