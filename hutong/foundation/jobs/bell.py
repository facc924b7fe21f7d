"""Wakes the workers of this process when there may be something to do."""

from __future__ import annotations

import threading

_changed = threading.Condition()
_rings = 0


def ring() -> None:
    """There may be work."""
    global _rings
    with _changed:
        _rings += 1
        _changed.notify_all()


def wait(*, since: int, timeout_seconds: float) -> int:
    """Return at once if it rang since that count, else wait for a ring or the timeout. Gives the new count."""
    with _changed:
        _changed.wait_for(lambda: _rings != since, timeout_seconds)
        return _rings
