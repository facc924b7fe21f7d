"""Answers shared by readers who ask the same thing: computed once, kept while nothing they rest on changes, and at most a second longer unless said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from hutong.foundation import clock

AGE_SECONDS_MAX = 1.0  # of an answer that something has changed since; a costly one may serve longer
ANSWERS_MAX = 512

Answer = TypeVar("Answer")


class _Flight:
    __slots__ = ("answer", "error", "landed", "started", "version")

    def __init__(self, started: float, version: Hashable) -> None:
        self.started = started
        self.version = version
        self.landed = threading.Event()
        self.answer: Any = None
        self.error: BaseException | None = None


_flights: dict[Hashable, _Flight] = {}
_lock = threading.Lock()


def share(key: Hashable, version: Hashable, compute: Callable[[], Answer], *, age_seconds_max: float = AGE_SECONDS_MAX) -> Answer:
    """The answer to `key`. One of another version than the present one serves for a second, or so long, from when its computation began."""
    moment = clock.monotonic_seconds()
    with _lock:
        flight = _flights.get(key)
        mine = flight is None or flight.error is not None or (flight.version != version and flight.started + age_seconds_max <= moment)
        if flight is None or mine:
            flight = _Flight(moment, version)
            _flights.pop(key, None)
            if len(_flights) >= ANSWERS_MAX:
                _flights.pop(next(iter(_flights)))
            _flights[key] = flight
    if mine:
        try:
            flight.answer = compute()
        except BaseException as error:
            flight.error = error
            raise
        finally:
            flight.landed.set()
    else:
        flight.landed.wait()
        if flight.error is not None:
            return compute()
    answer: Answer = flight.answer
    return answer


def forget() -> None:
    """Drop every answer kept."""
    with _lock:
        _flights.clear()
