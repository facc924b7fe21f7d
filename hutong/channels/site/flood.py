"""How often one visitor, or one address, may do something: counts in windows of a minute, in memory, of so many at most."""

from __future__ import annotations

import threading

from hutong.foundation import clock

WINDOW_SECONDS = 60
KEYS_MAX = 50_000

MESSAGES_PER_VISITOR = 20
MESSAGES_PER_ADDRESS = 120  # an office shares one
FILES_PER_VISITOR = 10
FILES_PER_ADDRESS = 30
READS_PER_VISITOR = 120
READS_PER_ADDRESS = 600

_guard = threading.Lock()
_window = 0
_counts: dict[tuple[str, str], int] = {}


def allows(what: str, who: str, most: int) -> bool:
    """Count one more; False when that is too many in this minute."""
    global _window
    now = int(clock.monotonic_seconds()) // WINDOW_SECONDS
    with _guard:
        if now != _window or len(_counts) >= KEYS_MAX:
            _window = now
            _counts.clear()
        count = _counts[what, who] = _counts.get((what, who), 0) + 1
    return count <= most


def forget() -> None:
    """Begin anew."""
    with _guard:
        _counts.clear()
