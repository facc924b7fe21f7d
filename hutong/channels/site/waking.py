"""Telling an open page that there is something new. Rung from any thread; waited for on the server's loop."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

Place = tuple[uuid.UUID, str]  # account, chat

_guard = threading.Lock()
_waiting: dict[Place, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}


@contextmanager
def waiting(place: Place) -> Iterator[asyncio.Event]:
    """An event that is set whenever something is new there. On a loop."""
    bell = (asyncio.get_running_loop(), asyncio.Event())
    with _guard:
        _waiting.setdefault(place, set()).add(bell)
    try:
        yield bell[1]
    finally:
        with _guard:
            there = _waiting[place]
            there.discard(bell)
            if not there:
                del _waiting[place]


def ring(account_id: uuid.UUID, chat_ref: str) -> None:
    """Something is new there."""
    with _guard:
        bells = list(_waiting.get((account_id, chat_ref), ()))
    for loop, event in bells:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)
