"""How far each subscriber is behind the log."""

from __future__ import annotations

import time
from dataclasses import dataclass

import msgspec
from django.db import connection
from django.db.models import Count

from hutong.events import shipping, subscribers
from hutong.events.models import Cursor, DeadEvent
from hutong.foundation import clock

SHIPPED_SECONDS_MAX = 20.0
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """One reader of the log."""

    name: str
    behind_entries: int
    lag_seconds: float
    failures: int
    last_error: str
    dead_events: int


class _Received(msgspec.Struct):
    received_at: float | None = None


_decode = msgspec.json.Decoder(_Received).decode


def log_entries() -> int:
    """How many entries the log holds (gaps of undone commits included, which are rare)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq) - min(seq) + 1, 0) FROM events_logentry")
        return int(cursor.fetchone()[0])


def still_position() -> int | None:
    """How far the warehouse has come, when every subscriber has passed every event that may name a member; None while one is behind."""
    with connection.cursor() as cursor:
        names = subscribers.names()
        cursor.execute(f"SELECT subscriber, seq FROM events_cursor WHERE subscriber IN ({','.join(['%s'] * len(names))})", names)
        found = dict(cursor.fetchall())
        cursor.execute(
            "SELECT 1 FROM events_logentry WHERE seq > %s AND name NOT LIKE '$%%' AND name NOT LIKE '~%%' AND name NOT IN ('community_created', 'group_created') LIMIT 1",
            [min(found.get(name, 0) for name in names)],
        )
        return None if cursor.fetchone() else max(found.values(), default=0)


def shipped_to() -> int:
    """The last entry of the log that the warehouse has."""
    return Cursor.objects.filter(pk=shipping.NAME).values_list("seq", flat=True).first() or 0


def await_shipped(*, seconds_max: float = SHIPPED_SECONDS_MAX) -> bool:
    """Wait until the warehouse has all that was recorded before now; False when it did not come that far in time. Not in a transaction."""
    with connection.cursor() as reader:
        reader.execute("SELECT max(seq) FROM events_logentry")
        (end,) = reader.fetchone()
    until = clock.monotonic_seconds() + seconds_max
    while end is not None and shipped_to() < end:
        if clock.monotonic_seconds() >= until:
            return False
        time.sleep(LOOK_EVERY_SECONDS)
    return True


def standings() -> list[Standing]:
    """Every subscriber, the warehouse last."""
    cursors = Cursor.objects.in_bulk()
    dead = dict(DeadEvent.objects.values_list("subscriber").annotate(Count("pk")).order_by())
    found = []
    for name in subscribers.names():
        cursor = cursors.get(name) or Cursor(pk=name)
        behind, lag = _behind(cursor)
        found.append(Standing(name, behind, lag, cursor.failures, cursor.last_error, dead.get(name, 0)))
    return found


def _behind(cursor: Cursor) -> tuple[int, float]:
    with connection.cursor() as reader:
        reader.execute("SELECT coalesce(max(seq) - min(seq) + 1, 0), min(seq) FROM events_logentry WHERE seq > %s", [cursor.seq])
        behind, first = reader.fetchone()
        if not behind:
            return 0, 0.0
        reader.execute("SELECT body FROM events_logentry WHERE seq = %s", [first])
        row = reader.fetchone()
    received = _decode(bytes(row[0])).received_at if row else None
    since = clock.now() if received is None else clock.from_ms(round(received * 1000))
    return int(behind), max(0.0, round((clock.now() - since).total_seconds(), 3))
