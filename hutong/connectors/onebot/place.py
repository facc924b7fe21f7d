"""How far a connection heard, as its cursor keeps it: OneBot gives events no order but the second they happened in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hutong.channels.contract import Inbound
from hutong.foundation import clock

KEYS_MAX = 100  # remembered of the newest second


@dataclass(slots=True)
class Place:
    """How far we heard: a second, and what in it was heard, since several things happen in one."""

    second: int
    keys: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, cursor: str) -> Place:
        """The place of a cursor; now, for none."""
        second, _, keys = cursor.partition(" ")
        if not (second.isascii() and second.isdigit()):
            return cls(clock.now_ms() // 1000)
        return cls(int(second), set(keys.split()))

    @property
    def cursor(self) -> str:
        """As it is stored."""
        return " ".join([str(self.second), *sorted(self.keys)[:KEYS_MAX]])

    def is_before(self, event: Inbound) -> bool:
        """Whether that is still to be told."""
        at = event.occurred_at_ms // 1000
        return at > self.second or (at == self.second and event.dedupe_key not in self.keys)

    def passes(self, events: Iterable[Inbound]) -> None:
        """These were heard."""
        for event in events:
            at = event.occurred_at_ms // 1000
            if at > self.second:
                self.second, self.keys = at, {event.dedupe_key}
            elif at == self.second:
                self.keys.add(event.dedupe_key)

    def goes_to(self, other: Place) -> None:
        """Be where that one is."""
        self.second, self.keys = other.second, other.keys
