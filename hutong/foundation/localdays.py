"""Which local day and hour a moment falls on, fast enough for every event."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from hutong.foundation import clock

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
DAYS_KEPT_MAX = 20_000
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


class LocalDays:
    """Maps epoch milliseconds to ("2026-11-22", hour) in one zone."""

    def __init__(self, zone_name: str) -> None:
        self.zone = clock.zone(zone_name)
        self._offsets: dict[int, int | None] = {}  # UTC day -> offset in milliseconds; None where it changes within the day
        self._names: dict[int, str] = {}

    def __call__(self, at_ms: int) -> tuple[str, int]:
        utc_day = at_ms // DAY_MS
        try:
            offset = self._offsets[utc_day]
        except KeyError:
            offset = self._learn(utc_day)
        local_ms = at_ms + (self._offset(at_ms) if offset is None else offset)
        day = local_ms // DAY_MS
        try:
            name = self._names[day]
        except KeyError:
            name = self._names[day] = dt.date.fromordinal(_EPOCH_ORDINAL + day).isoformat()
        return name, local_ms // HOUR_MS % 24

    def _learn(self, utc_day: int) -> int | None:
        if len(self._offsets) >= DAYS_KEPT_MAX:
            self._offsets.clear()
            self._names.clear()
        first = self._offset(utc_day * DAY_MS)
        found = self._offsets[utc_day] = first if first == self._offset((utc_day + 1) * DAY_MS) else None
        return found

    def _offset(self, at_ms: int) -> int:
        moment = clock.from_ms(at_ms)
        return (moment.astimezone(self.zone).replace(tzinfo=clock.UTC) - moment) // dt.timedelta(milliseconds=1)


@lru_cache(maxsize=600)
def local_days(zone_name: str) -> LocalDays:
    """The shared mapper of a zone."""
    return LocalDays(zone_name)
