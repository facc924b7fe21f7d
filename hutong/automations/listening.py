"""What automations listen for: found by an event's name and by what one of its properties must be, so that an event costs what it concerns.

Whatever asks what somebody did before waits until the warehouse has the event too (a follower); the rest is answered at once (a responder). Each
listener belongs to one of them. When it changes over, the follower, which is behind, takes what happened before the change.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from hutong.automations.triggers import Wanted, property_of
from hutong.events.responders import Happening
from hutong.events.subscribers import Entry
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock

Of = Literal["rule", "entry", "wait", "exit", "goal"]
ASKEW_SECONDS = 60.0  # entries may have come in that much out of order

_decode = msgspec.json.Decoder(Happening).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Something that waits for events. `automation`: the rule's or the journey version's id; `node` and `port`: of the journey.

    `since` and `changed_at` are Unix seconds: what came in before `since` is none of its business.
    """

    of: Of
    workspace_id: str
    automation: uuid.UUID
    wanted: Wanted
    is_late: bool  # it asks what somebody did: the warehouse must have the event
    since: float
    changed_at: float
    community: str = ""
    node: str = ""
    port: str = ""
    to_them: bool = False  # whoever the event is addressed to is concerned, not who did it


@dataclass(frozen=True, slots=True)
class Met:
    """A listener, and an event it waits for."""

    listener: Listener
    event: Happening

    @property
    def member_id(self) -> str:
        """Whom it concerns."""
        return self.event.addressed_id if self.listener.to_them else self.event.member_id


@dataclass(slots=True)
class _Bucket:
    """The listeners of one workspace to events of one name."""

    plain: list[Listener] = field(default_factory=list)
    by_value: dict[str, dict[str, list[Listener]]] = field(default_factory=dict)  # property -> its value -> listeners

    def add(self, one: Listener) -> None:
        if one.wanted.equals is None:
            self.plain.append(one)
        else:
            name, value = one.wanted.equals
            self.by_value.setdefault(name, {}).setdefault(value, []).append(one)

    def asked(self, event: Happening) -> Iterator[Listener]:
        yield from self.plain
        for name, by_value in self.by_value.items():
            said = property_of(event, name, "text")
            if isinstance(said, str):
                yield from by_value.get(said, ())


class Index:
    """All listeners of the product."""

    def __init__(self, listeners: Iterable[Listener]) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._late_until: dict[str, float] = {}  # by name of the event: received after it, the late reader has nothing to do with one
        for one in listeners:
            name = one.wanted.event
            self._buckets.setdefault((one.workspace_id, name), _Bucket()).add(one)
            self._late_until[name] = max(self._late_until.get(name, 0.0), math.inf if one.is_late else one.changed_at)
        self.names = frozenset(name for _, name in self._buckets)

    def met(self, events: Iterable[Happening], *, is_late: bool) -> list[Met]:
        """Who of the early, or the late, waits for which of these events; in the order of the events."""
        found: list[Met] = []
        for event in events:
            bucket = self._buckets.get((event.workspace_id, event.name))
            if bucket is None:
                continue
            for one in bucket.asked(event):
                if event.received_at < one.since or (one.community and one.community != event.community_id):
                    continue
                if (event.addressed_id if one.to_them else event.member_id) == NONE:
                    continue
                # Changed since it came in, it may have been the other reader's business then: whoever takes it twice sees that by its key.
                if (one.is_late == is_late or (is_late and event.received_at < one.changed_at)) and one.wanted.passes(event):
                    found.append(Met(one, event))
        return found

    def late(self, entries: Sequence[Entry]) -> list[Happening]:
        """The events among log entries, which are in the order in which they came in, that may be the late reader's business."""
        first = next((_decode(entry.body) for entry in entries if entry.event is not None), None)
        if first is None:
            return []
        names = {name for name, until in self._late_until.items() if until > first.received_at - ASKEW_SECONDS}
        return [_decode(entry.body) for entry in entries if entry.event is not None and entry.name in names]


KEPT_SECONDS = 30.0  # what conditions name may be gone by then, which is noticed


class Kept:
    """The index as of the present definitions: read anew when somebody changed one, and now and then."""

    def __init__(self, stamp: Callable[[], int], read: Callable[[], Iterable[Listener]]) -> None:
        self._stamp = stamp
        self._read = read
        self._seen = -1
        self._read_at = 0.0
        self._index = Index(())

    def forget(self) -> None:
        """Read anew at the next call."""
        self._seen = -1

    def index(self) -> Index:
        """The listeners there are now."""
        stamp, now = self._stamp(), clock.monotonic_seconds()
        if stamp != self._seen or now - self._read_at > KEPT_SECONDS:
            self._index = Index(self._read())
            self._seen, self._read_at = stamp, now
        return self._index
