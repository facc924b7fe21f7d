"""What changed just now, told to the pages that are open: in memory, for as long as somebody listens.

A change says only which conversation it is about; pages ask again for what they show. The last changes are kept so that a connection that
broke goes on where it was; one that was away too long, or met another process, is told to ask for everything.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

KEPT_CHANGES = 2_000
LISTENERS_MAX = 300
LISTENERS_OF_ONE_MAX = 20  # open pages of one person
EVERYTHING = "reset"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to ask for again. `kind`: conversation | scripts | reset."""

    seq: int
    workspace_id: str
    kind: str
    conversation_id: str = ""


@dataclass(slots=True)
class Listener:
    """One open connection. `ring` is called from any thread when there is something new."""

    workspace_id: str
    user_id: str
    ring: Callable[[], None]
    seen: int = 0


@dataclass(slots=True)
class _Hub:
    run: str = field(default_factory=lambda: secrets.token_hex(4))  # this process: numbers of another mean nothing here
    seq: int = 0
    changes: deque[Change] = field(default_factory=lambda: deque(maxlen=KEPT_CHANGES))
    listeners: list[Listener] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


_hub = _Hub()


def changed(workspace_id: uuid.UUID | str, kind: str, conversation_id: uuid.UUID | str = "") -> None:
    """Tell of a change once the caller's transaction is committed."""
    transaction.on_commit(lambda: publish(workspace_id, kind, conversation_id))


def publish(workspace_id: uuid.UUID | str, kind: str, conversation_id: uuid.UUID | str = "") -> None:
    """Tell of a change now."""
    with _hub.lock:
        _hub.seq += 1
        _hub.changes.append(Change(_hub.seq, str(workspace_id), kind, str(conversation_id)))
        wanted = [one for one in _hub.listeners if one.workspace_id == str(workspace_id)]
    for one in wanted:
        one.ring()


def place(seq: int | None = None) -> str:
    """Where the stream is, as the id of its last event."""
    return f"{_hub.run}-{_hub.seq if seq is None else seq}"


def since(workspace_id: uuid.UUID | str, last_event_id: str) -> list[Change]:
    """What changed after that place, each conversation once; a single `reset` where that cannot be said any more."""
    run, _, number = last_event_id.partition("-")
    with _hub.lock:
        if not last_event_id:
            return []
        earliest = _hub.changes[0].seq if _hub.changes else _hub.seq + 1
        if run != _hub.run or not number.isdigit() or int(number) > _hub.seq or int(number) + 1 < earliest:
            return [Change(_hub.seq, str(workspace_id), EVERYTHING)]
        found = {(one.kind, one.conversation_id): one for one in _hub.changes if one.seq > int(number) and one.workspace_id == str(workspace_id)}
    return sorted(found.values(), key=lambda one: one.seq)


def listen(workspace_id: str, user_id: str, ring: Callable[[], None]) -> Listener | None:
    """Add a connection; None where there are too many."""
    with _hub.lock:
        own = sum(one.user_id == user_id for one in _hub.listeners)
        if len(_hub.listeners) >= LISTENERS_MAX or own >= LISTENERS_OF_ONE_MAX:
            return None
        made = Listener(workspace_id, user_id, ring, _hub.seq)
        _hub.listeners.append(made)
        return made


def leave(listener: Listener) -> None:
    """Remove a connection."""
    with _hub.lock:
        if listener in _hub.listeners:
            _hub.listeners.remove(listener)


def listeners() -> int:
    """How many connections there are."""
    return len(_hub.listeners)


def forget_all() -> None:
    """Begin anew. For tests."""
    with _hub.lock:
        _hub.seq = 0
        _hub.changes.clear()
        _hub.listeners.clear()
