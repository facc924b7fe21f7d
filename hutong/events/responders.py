"""Answering what just happened: readers of the log that take only events of some names, a few milliseconds after they were committed.

Subscribers keep the books and may come half a second later; a responder's effects (a reply, a welcome) are waited for by somebody. Looking
costs no turn to write: that is taken only where there is something to take, or the cursor has fallen behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from django.db import connection, transaction

from hutong.events import cursors
from hutong.events.failures import TRIES_MAX, set_aside
from hutong.events.warehouse.schema import NONE

TOGETHER = 500
BEHIND_MAX = 1_000  # entries that are none of its business before the cursor moves past them

logger = logging.getLogger("hutong.responders")


class Happening(msgspec.Struct):
    """An event as a responder sees it; ids are text, `NONE` for none. `chat_id` among the properties is the `channels.Chat` it came by."""

    id: str
    workspace_id: str
    name: str
    occurred_at: float
    received_at: float = 0.0
    community_id: str = NONE
    group_id: str = NONE
    member_id: str = NONE
    origin_id: str = NONE
    channel: str = ""
    source: str = ""
    text: str = ""
    reply_to: str = ""
    addressed_id: str = NONE
    is_reply: int = 0
    is_question: int = 0
    properties: dict[str, object] = {}


_decode = msgspec.json.Decoder(Happening).decode


@dataclass(frozen=True, slots=True)
class Responder:
    """A reader of events of some names. `prepare` looks at them before the turn to write, in which others wait, and gives what is then written in
    the transaction that moves the cursor. That must only touch records.

    It is given what is new, in order, however old the moment it happened at: a connection that was down for a day brings a day's messages.
    One that `writes_back` has a thread with its like, so that whoever waits in a chat does not wait for the others too.
    """

    name: str
    names: Callable[[], frozenset[str]]
    prepare: Callable[[Sequence[Happening]], Callable[[], None]]
    writes_back: bool = False
    together: int = TOGETHER  # entries of one batch at most


def at_once(name: str, names: frozenset[str], take: Callable[[Sequence[Happening]], None], *, writes_back: bool = False) -> Responder:
    """One that always waits for the same names, and does all in its turn to write."""
    return Responder(name, lambda: names, lambda events: lambda: take(events), writes_back=writes_back)


_responders: tuple[Responder, ...] = ()


def install(responders: Sequence[Responder]) -> None:
    """Called once by the composition root with the responders of the subscribers table."""
    global _responders
    _responders = tuple(responders)


def all_of_them() -> tuple[Responder, ...]:
    """Every responder, in order."""
    return _responders


class Watch:
    """Looks at what was committed since it last looked, once for some responders: they mostly have nothing to do with it."""

    def __init__(self, responders: Sequence[Responder]) -> None:
        self._responders = tuple(responders)
        self._seq = -1

    def names(self) -> frozenset[str]:
        """The names some of them wait for among what is new; all of them at the first look."""
        wanted = frozenset[str]().union(*(one.names() for one in self._responders))
        with connection.cursor() as reader:
            reader.execute("SELECT max(seq) FROM events_logentry")
            last = reader.fetchone()[0] or 0
            seq, self._seq = self._seq, last
            if seq < 0 or last <= seq or not wanted:
                return wanted if seq < 0 else frozenset()
            marks = ", ".join(["%s"] * len(wanted))
            reader.execute(
                f"SELECT DISTINCT name FROM events_logentry WHERE seq > %s AND seq <= %s AND name IN ({marks})", [seq, last, *sorted(wanted)]
            )
            return frozenset(name for (name,) in reader.fetchall())


@dataclass(frozen=True, slots=True)
class _Named:
    seq: int
    name: str
    body: bytes


def respond(responder: Responder, *, is_resting: bool = True) -> int:
    """Let a responder take the next of its events; how many entries it passed. Unless `is_resting` a few that are not its own may stay."""
    seq, failures = cursors.place(responder.name)
    names = responder.names()
    until, entries = _after(seq, names, responder.together)
    while (wanted := responder.names()) != names:  # it waits for more since: what came in meanwhile is not to be passed over
        names = wanted
        until, entries = _after(seq, names, responder.together)
    if until == seq or (not entries and not is_resting and until - seq < BEHIND_MAX):
        return 0
    is_whole = failures < TRIES_MAX
    write = responder.prepare([_decode(entry.body) for entry in entries]) if entries and is_whole else None
    with transaction.atomic():
        if not cursors.move(responder.name, after=seq, to=until):  # another process was there first
            return 0
        if write is not None:
            write()
        elif entries:
            _take_singly(responder, entries)
    return until - seq


def _after(seq: int, names: frozenset[str], most: int) -> tuple[int, list[_Named]]:
    """Up to where the log was read, and the entries of these names until there."""
    with connection.cursor() as reader:
        reader.execute("SELECT max(seq) FROM events_logentry WHERE seq > %s", [seq])
        (last,) = reader.fetchone()
        if last is None:
            return seq, []
        if not names:
            return last, []
        marks = ", ".join(["%s"] * len(names))
        statement = f"SELECT seq, name, body FROM events_logentry WHERE seq > %s AND seq <= %s AND name IN ({marks}) ORDER BY seq LIMIT %s"
        reader.execute(statement, [seq, last, *sorted(names), most])
        entries = [_Named(at, name, bytes(body)) for at, name, body in reader.fetchall()]
    return (entries[-1].seq if len(entries) == most else last), entries


def _take_singly(responder: Responder, entries: Sequence[_Named]) -> None:
    for entry in entries:
        try:
            with transaction.atomic():
                responder.prepare([_decode(entry.body)])()
        except Exception as error:  # whatever one entry does, the others must move on
            logger.exception("event set aside", extra={"subscriber": responder.name, "seq": entry.seq, "event": entry.name})
            set_aside(responder.name, seq=entry.seq, event=entry.name, body=entry.body, error=error)
