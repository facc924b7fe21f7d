"""First come, first served: one writer at a time within the process, so that no thread starves."""

from __future__ import annotations

import threading
from collections import deque

from hutong.foundation import gate


class Turns:
    """A fair lock. The thread that waits longest goes next."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._busy = False

    def take(self, *, timeout_seconds: float) -> bool:
        """Wait for a turn; False when it did not come in time."""
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        with gate.waiting():
            came = mine.acquire(timeout=timeout_seconds)
        if came:
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # the turn came while we were giving up

    def leave(self) -> None:
        """End the turn and wake the next in line."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
