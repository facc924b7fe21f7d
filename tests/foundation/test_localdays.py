"""Local days against the calendar itself."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from hutong.foundation import clock
from hutong.foundation.localdays import LocalDays

HOUR_MS = 3_600_000
ZONES = [
    "UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns",
    "Pacific/Apia", "Africa/Monrovia",
]  # fmt: skip


@pytest.mark.parametrize("name", ZONES)
def test_day_and_hour_are_those_of_the_zone(name: str) -> None:
    days, zone = LocalDays(name), clock.zone(name)
    chance = random.Random(name)
    moments = [chance.randrange(4_102_444_800_000) for _ in range(3_000)]
    year = clock.to_ms(dt.datetime(2011, 1, 1, tzinfo=dt.UTC))
    moments += [year + quarter * HOUR_MS // 4 - 1 for quarter in range(4 * 24 * 365)]
    for at_ms in moments:
        local = clock.from_ms(at_ms).astimezone(zone)
        assert days(at_ms) == (local.date().isoformat(), local.hour), at_ms


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hutong.foundation.localdays.DAYS_KEPT_MAX", 10)
    days = LocalDays("Asia/Shanghai")
    for day in range(100):
        days(day * 24 * HOUR_MS)
    assert len(days._offsets) <= 10
    assert len(days._names) <= 11
