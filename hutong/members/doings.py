"""What facts add up to for one member in one community. Times are epoch milliseconds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hutong.foundation import clock


@dataclass(slots=True)
class Doings:
    """First and last of everything, and how many messages."""

    first_seen: int
    last_seen: int
    first_active: int | None = None
    last_active: int | None = None
    last_message: int | None = None
    messages: int = 0

    def add(self, at: int, *, is_activity: bool, is_message: bool) -> None:
        """One more fact."""
        self.first_seen = min(self.first_seen, at)
        self.last_seen = max(self.last_seen, at)
        if is_activity:
            if self.first_active is None or at < self.first_active:
                self.first_active = at
            if self.last_active is None or at > self.last_active:
                self.last_active = at
        if is_message:
            self.messages += 1
            if self.last_message is None or at > self.last_message:
                self.last_message = at

    def plus(self, other: Doings) -> Doings:
        """The doings of both."""
        return Doings(
            min(self.first_seen, other.first_seen),
            max(self.last_seen, other.last_seen),
            earlier(self.first_active, other.first_active),
            later(self.last_active, other.last_active),
            later(self.last_message, other.last_message),
            self.messages + other.messages,
        )


def earlier(one: int | None, other: int | None) -> int | None:
    """The earlier of two moments; one that is not known yields to the other."""
    return other if one is None else one if other is None else min(one, other)


def later(one: int | None, other: int | None) -> int | None:
    """The later of two moments; one that is not known yields to the other."""
    return other if one is None else one if other is None else max(one, other)


def moment(at: int | None) -> dt.datetime | None:
    """Milliseconds to a moment, where none stays none."""
    return None if at is None else clock.from_ms(at)


def milliseconds(at: dt.datetime | None) -> int | None:
    """A moment to milliseconds, where none stays none."""
    return None if at is None else clock.to_ms(at)
