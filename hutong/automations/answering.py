"""Automations answer the stream: one reader at once, and one behind the warehouse for what asks what somebody did before."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from hutong.automations import definitions, occasions
from hutong.automations.journeys import entering, waking
from hutong.automations.journeys import listeners as journeys
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.entering import Coming
from hutong.automations.listening import Kept, Listener, Met
from hutong.automations.rules import listeners as rules
from hutong.automations.rules import running
from hutong.events.responders import Happening, Responder
from hutong.events.subscribers import Entry, Follower
from hutong.foundation import clock, ids
from hutong.foundation.acting import write_nothing

EARLY, LATE = "automations", "automations_late"
TOGETHER = 1_000  # events: what is asked of many at once costs less of each, and whoever waits for a reply waits for this


def _listeners() -> Iterator[Listener]:
    yield from rules.listeners()
    yield from journeys.listeners()


_kept = Kept(definitions.stamp, lambda: list(_listeners()))
_kept_late = Kept(definitions.stamp, lambda: list(_listeners()))


def _names() -> frozenset[str]:
    return _kept.index().names


def _prepare(events: Sequence[Happening]) -> Callable[[], None]:
    return _answer(_kept.index().met(events, is_late=False))


def _prepare_late(entries: Sequence[Entry]) -> Callable[[], None]:
    index = _kept_late.index()
    return _answer(index.met(index.late(entries), is_late=True))


def _answer(met: Sequence[Met]) -> Callable[[], None]:
    if not met:
        return write_nothing
    acting = running.prepare([one for one in met if one.listener.of == "rule"])
    concerned = [one for one in met if one.listener.of != "rule"]
    ways = journeys.ways() if concerned else {}
    now = clock.now()
    coming = _coming([one for one in concerned if one.listener.of == "entry"], ways, alone=_once(met))
    on_their_way = [one for one in concerned if one.listener.of != "entry"]

    def write() -> None:
        acting()
        for come in coming:
            come()
        waking.take(on_their_way, ways, now)

    return write


def _once(met: Sequence[Met]) -> frozenset[str]:
    """Members whom one automation concerns, and through one event."""
    return frozenset(member_id for member_id, times in Counter(one.member_id for one in met).items() if times == 1)


def _coming(met: Sequence[Met], ways: dict[uuid.UUID, Way], *, alone: frozenset[str]) -> list[Callable[[], object]]:
    """What lets people in, by what let them."""
    by_way: dict[Way, list[Coming]] = {}
    for one in met:
        way = ways.get(one.listener.automation)
        if way is not None:
            at = clock.from_ms(round(one.event.received_at * 1000))
            occasion = occasions.of(one.event)
            by_way.setdefault(way, []).append(Coming(ids.read(one.event.member_id), occasions.named(one.event.id), at, occasion))
    return [entering.coming(way, some, now=clock.now(), alone=alone) for way, some in by_way.items()]


def forget() -> None:
    """Read what is listened for anew: for tests."""
    _kept.forget()
    _kept_late.forget()


def _idle() -> None: ...


RESPONDER = Responder(EARLY, _names, _prepare, writes_back=True, together=TOGETHER)
FOLLOWER = Follower(LATE, _prepare_late, _idle)
