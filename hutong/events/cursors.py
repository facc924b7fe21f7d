"""How far readers of the log have come: looked at many times a second, and moved in the transaction of what they did."""

from __future__ import annotations

from django.db import connection

from hutong.foundation import clock

_PLACE = "SELECT seq, failures FROM events_cursor WHERE subscriber = %s"
_MOVE = """
INSERT INTO events_cursor (subscriber, seq, failures, last_error, updated_at) VALUES (%s, %s, 0, '', %s)
ON CONFLICT (subscriber) DO UPDATE SET seq = excluded.seq, failures = 0, last_error = '', updated_at = excluded.updated_at
WHERE events_cursor.seq = %s
"""


def place(name: str) -> tuple[int, int]:
    """Up to where a reader has read, and how often it failed since; zeros for one that has not begun."""
    with connection.cursor() as reader:
        reader.execute(_PLACE, [name])
        return reader.fetchone() or (0, 0)


def move(name: str, *, after: int, to: int) -> bool:
    """Move a reader on, in the transaction of what it does with what lies between. False where another process was there first."""
    with connection.cursor() as writer:
        writer.execute(_MOVE, [name, to, connection.ops.adapt_datetimefield_value(clock.now()), after])
        return bool(writer.rowcount == 1)
