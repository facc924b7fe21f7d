"""What readers of the log could not take: counted, tried again after a growing pause, and at last set aside for a person to look at."""

from __future__ import annotations

import random

from django.db import transaction

from hutong.events.models import Cursor, DeadEvent
from hutong.foundation import clock

TRIES_MAX = 5
BACKOFF_SECONDS_MAX = 30.0


def note_failure(name: str, error: Exception) -> int:
    """Count a failed batch of a reader; how many in a row there are now."""
    with transaction.atomic():
        cursor, _ = Cursor.objects.get_or_create(pk=name)
        cursor.failures += 1
        cursor.last_error = type(error).__name__[:300]
        cursor.updated_at = clock.now()
        cursor.save()
        return cursor.failures


def set_aside(reader: str, *, seq: int, event: str, body: bytes, error: Exception) -> None:
    """Keep an event that a reader cannot take, so that the others move on."""
    kept = {"name": event, "body": body, "error": type(error).__name__[:300]}
    DeadEvent.objects.get_or_create(subscriber=reader, seq=seq, defaults=kept)


def pause_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row, with full jitter."""
    return random.uniform(0, min(BACKOFF_SECONDS_MAX, 0.1 * 2**failures))
