"""Background work of the stream."""

from __future__ import annotations

from django.db import connection, transaction

from hutong.events import log
from hutong.foundation import clock

FORGET_EVERY_SECONDS = 6 * 3600
FORGET_KEYS_MAX = 20_000  # in one transaction, so that ingest never waits long


def forget_ids() -> None:
    """Drop accepted ids older than 30 days."""
    before = clock.now_ms() // log.DAY_MS - log.ACCEPTED_DAYS
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM events_acceptedid WHERE key IN (SELECT key FROM events_acceptedid WHERE day < %s LIMIT %s)", [before, FORGET_KEYS_MAX]
            )
            if cursor.rowcount < FORGET_KEYS_MAX:
                return
