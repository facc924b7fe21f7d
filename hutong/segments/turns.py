"""Two ways write the stages of members: live, after each event, and in sweeps over everybody. Each says when it reads, so that neither
writes what the other knows better. One process owns the warehouse, so both pass here.
"""

from __future__ import annotations

import threading
import uuid


class Turns:
    """How often each community's members were read by one of the ways."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: dict[uuid.UUID, int] = {}

    def take(self, community_id: uuid.UUID) -> int:
        """Say that a read begins; its number."""
        with self._lock:
            self._turns[community_id] = turn = self._turns.get(community_id, 0) + 1
            return turn

    def last(self, community_id: uuid.UUID) -> int:
        """The number of the latest read."""
        with self._lock:
            return self._turns.get(community_id, 0)


live, sweeps = Turns(), Turns()
