"""Reading the log in order. Each subscriber keeps its cursor in the transaction of its effects; the warehouse ships in batches.

A batch that fails is tried again with a growing pause; after `TRIES_MAX` the entries go one by one and the one that fails is
set aside as a dead event, so that the others move on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from django.db import DatabaseError, connection, transaction

from hutong.events import cursors, log, responders, shipping
from hutong.events.failures import TRIES_MAX, note_failure, pause_seconds, set_aside
from hutong.events.models import Cursor, LogEntry
from hutong.events.responders import Responder
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock
from hutong.foundation.driver import flushed_later

BATCH_ENTRIES_MAX = 5_000
SEQ_MAX = 2**63 - 1
IDLE_WAIT_SECONDS = 1.0
SHIP_EVERY_SECONDS = 0.4  # live segments follow an event within a second; fewer, larger shipments would cost the machine less
READ_EVERY_SECONDS = 0.4  # live, and long enough that a busy stream is taken in large batches
PRESSED_FROM = 0.5  # of pressure
PRESSED_REST = 6.0  # then they rest that many times as long as they worked, and take more at once: that costs less an event
REST_EVERY_SECONDS = 5.0  # responders with nothing to do note how far they have come
ANSWER_EVERY_SECONDS = 0.02  # somebody waits for it; a busy stream is looked at fifty times a second
PRESSED_ANSWER_EVERY_SECONDS = 0.05  # and twenty times where ingest is pressed
FORGET_ENTRIES_MAX = 5_000  # in one transaction: whoever writes waits for it

logger = logging.getLogger("hutong.subscribers")


class Passing(msgspec.Struct):
    """What subscribers look at in an event; ids are text, `NONE` for none."""

    workspace_id: str
    name: str
    occurred_at: float
    community_id: str = NONE
    group_id: str = NONE
    member_id: str = NONE
    origin_id: str = NONE
    channel: str = ""
    source: str = ""
    is_activity: int = 0
    properties: msgspec.Raw = msgspec.Raw(b"{}")


_decode = msgspec.json.Decoder(Passing).decode


class Entry(msgspec.Struct, gc=False):
    """One log entry; its event is read once for all subscribers. Rows for other tables have none."""

    seq: int
    name: str
    body: bytes
    event: Passing | None


_NO_EVENTS = (log.PROJECTION_PREFIX, log.CHANGE_PREFIX)


def entries_of(rows: Iterable[tuple[int, str, bytes]]) -> list[Entry]:
    """Rows of the log (seq, name, body), read."""
    return [Entry(seq, name, body, None if name.startswith(_NO_EVENTS) else _decode(body)) for seq, name, body in rows]


Write = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A reader of the log. `prepare` looks at a batch before the turn to write, in which others wait, and gives what is then written in the
    transaction that moves the cursor. That must only touch records.
    """

    name: str
    prepare: Callable[[Sequence[Entry]], Write]


@dataclass(frozen=True, slots=True)
class Follower(Subscriber):
    """A reader that comes after the warehouse. Its `prepare` reads what it likes, records and warehouse. `idle` is called about once a second:
    time passes without events too.
    """

    idle: Callable[[], None]


_subscribers: tuple[Subscriber, ...] = ()
_followers: tuple[Follower, ...] = ()


def install(subscribers: Sequence[Subscriber], followers: Sequence[Follower] = (), answering: Sequence[Responder] = ()) -> None:
    """Called once by the composition root with the subscribers table."""
    global _subscribers, _followers
    _subscribers, _followers = tuple(subscribers), tuple(followers)
    responders.install(answering)


def names() -> list[str]:
    """Every reader's name: those that answer, the subscribers, the warehouse, those that follow it."""
    return [*(one.name for one in responders.all_of_them()), *(one.name for one in _subscribers), shipping.NAME, *(one.name for one in _followers)]


class Round:
    """One pass over the subscribers, or over the followers. They mostly stand at the same place, so a batch is read once for all of them."""

    def __init__(self) -> None:
        self._batches: dict[int, list[Entry]] = {}

    def entries_after(self, seq: int, *, until: int = SEQ_MAX) -> list[Entry]:
        """The next log entries up to one, at most `BATCH_ENTRIES_MAX`."""
        entries = self._batches.get(seq)
        if entries is None:
            statement = "SELECT seq, name, body FROM events_logentry WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT %s"
            with connection.cursor() as cursor:
                cursor.execute(statement, [seq, until, BATCH_ENTRIES_MAX])
                entries = self._batches[seq] = entries_of((seq, name, bytes(body)) for seq, name, body in cursor.fetchall())
        return entries


def step(subscriber: Subscriber, round_: Round | None = None, *, until: int = SEQ_MAX) -> int:
    """Take one batch; how many entries it had."""
    seq, failures = cursors.place(subscriber.name)
    entries = (round_ or Round()).entries_after(seq, until=until)
    if not entries:
        return 0
    write = subscriber.prepare(entries) if failures < TRIES_MAX else _singly(subscriber, entries)
    with transaction.atomic():
        if not cursors.move(subscriber.name, after=seq, to=entries[-1].seq):  # another process was there first
            return 0
        write()
    return len(entries)


def follow(follower: Follower, round_: Round | None = None) -> int:
    """Let a follower take one batch of what the warehouse has; how many entries it had."""
    shipped, _ = cursors.place(shipping.NAME)
    return step(follower, round_, until=shipped)


def _singly(subscriber: Subscriber, entries: Sequence[Entry]) -> Write:
    """What writes the entries one by one, without those that fail."""
    prepared: list[tuple[Entry, Write]] = []
    for entry in entries:
        try:
            prepared.append((entry, subscriber.prepare([entry])))
        except Exception as error:  # whatever one entry does, the others must move on
            logger.exception("event set aside")
            _set_aside(subscriber, entry, error)

    def write() -> None:
        for entry, write_one in prepared:
            try:
                with transaction.atomic():
                    write_one()
            except Exception as error:  # the same
                logger.exception("event set aside")
                _set_aside(subscriber, entry, error)

    return write


def _set_aside(subscriber: Subscriber, entry: Entry, error: Exception) -> None:
    logger.warning("set aside", extra={"subscriber": subscriber.name, "seq": entry.seq, "event": entry.name})
    set_aside(subscriber.name, seq=entry.seq, event=entry.name, body=entry.body, error=error)


def forget_read() -> int:
    """Remove log entries every subscriber has passed; how many."""
    wanted = names()
    found = dict(Cursor.objects.filter(pk__in=wanted).values_list("pk", "seq"))
    passed = min((found.get(name, 0) for name in wanted), default=0)
    first = LogEntry.objects.order_by("seq").values_list("seq", flat=True).first()
    removed = 0
    for start in range(passed + 1 if first is None else first, passed + 1, FORGET_ENTRIES_MAX):
        with transaction.atomic():
            removed += LogEntry.objects.filter(seq__lt=min(start + FORGET_ENTRIES_MAX, passed + 1))._raw_delete("default")
    return removed


def drain() -> None:
    """Bring every subscriber up to the end of the log: for tests, the command line and a clean stop."""
    while True:
        moved = sum(responders.respond(one) for one in responders.all_of_them())
        round_ = Round()
        moved += sum(step(subscriber, round_) for subscriber in _subscribers)
        moved += shipping.step()
        round_ = Round()
        moved += sum(follow(follower, round_) for follower in _followers)
        if not moved:
            forget_read()
            return


def _idle(follower: Follower) -> int:
    follower.idle()
    return 0


class Runner:
    """The embedded process's reading threads: two of responders, one for records, one for the warehouse, one for what follows it."""

    def __init__(self, *, pressure: Callable[[], float]) -> None:
        """`pressure()` is how hard ingest is pressed, from 0 to 1."""
        self._pressure = pressure
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._answer, args=(True,), name="answers"),
            threading.Thread(target=self._answer, args=(False,), name="responders"),
            threading.Thread(target=self._read_records, name="subscribers"),
            threading.Thread(target=self._ship, name="warehouse"),
            threading.Thread(target=self._follow, name="followers"),
        ]

    def start(self) -> None:
        """Begin reading."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, timeout_seconds: float) -> None:
        """End after the present batch."""
        self._stopping.set()
        log.wake()
        with shipping.shipped:
            shipping.shipped.notify_all()
        for thread in self._threads:
            thread.join(timeout_seconds)

    def _answer(self, writes_back: bool) -> None:
        flushed_later()
        rested = 0.0
        ours = [one for one in responders.all_of_them() if one.writes_back == writes_back]
        watch = responders.Watch(ours)
        moved: set[str] = set()  # these may have more to take
        while ours and not self._stopping.is_set():
            started, seen = clock.monotonic_seconds(), log.commits
            is_resting = started - rested >= REST_EVERY_SECONDS
            rested = started if is_resting else rested
            said = self._looked(watch)
            due = [one for one in ours if is_resting or one.name in moved or not said.isdisjoint(one.names())]
            moved = {one.name for one in due if self._guarded(one.name, partial(responders.respond, one, is_resting=is_resting))}
            took = clock.monotonic_seconds() - started
            wait = max(took, PRESSED_ANSWER_EVERY_SECONDS - took) if self._is_pressed() else max(0.0, ANSWER_EVERY_SECONDS - took)
            self._stopping.wait(wait)
            with log.appended:
                if log.commits == seen and not moved and not self._stopping.is_set():
                    log.appended.wait(IDLE_WAIT_SECONDS)
        connection.close()

    def _looked(self, watch: responders.Watch) -> frozenset[str]:
        try:
            return watch.names()
        except DatabaseError:  # the store is out of order: each responder finds that out for itself, and waits
            logger.exception("the log cannot be looked at")
            return frozenset()

    def _read_records(self) -> None:
        flushed_later()
        while not self._stopping.is_set():
            started = clock.monotonic_seconds()
            moved = 0
            round_ = Round()
            for subscriber in _subscribers:
                moved += self._guarded(subscriber.name, partial(step, subscriber, round_))
            if moved:
                self._pause(started, READ_EVERY_SECONDS)
            else:
                self._wait()
        connection.close()

    def _ship(self) -> None:
        while not self._stopping.is_set():
            started = clock.monotonic_seconds()
            if self._guarded(shipping.NAME, shipping.step):
                self._guarded("log", forget_read)
                self._pause(started, SHIP_EVERY_SECONDS)
            else:
                self._guarded("log", forget_read)
                self._wait()
        connection.close()

    def _follow(self) -> None:
        flushed_later()
        while not self._stopping.is_set():
            started, seen = clock.monotonic_seconds(), shipping.shipments
            moved = 0
            round_ = Round()
            for follower in _followers:
                moved += self._guarded(follower.name, partial(follow, follower, round_))
                self._guarded(follower.name, partial(_idle, follower))
            if moved and self._is_pressed():
                self._pause(started, 0.0)
            elif not moved:
                with shipping.shipped:
                    if shipping.shipments == seen and not self._stopping.is_set():
                        shipping.shipped.wait(IDLE_WAIT_SECONDS)
        connection.close()

    def _guarded(self, name: str, work: Callable[[], int]) -> int:
        try:
            return work()
        except Exception as error:  # a subscriber never dies: it waits and tries again
            logger.exception("batch failed", extra={"subscriber": name})
            try:
                failures = note_failure(name, error) if name != "log" else 1
            except DatabaseError:  # the store itself is out of order (disk full): wait for it
                failures = TRIES_MAX
            self._stopping.wait(pause_seconds(failures))
            return 0

    def _pause(self, started: float, every_seconds: float) -> None:
        """Keep to the beat. Where ingest is pressed leave it the machine for a while, and take more at once: that costs less an event."""
        took = clock.monotonic_seconds() - started
        self._stopping.wait(max(every_seconds - took, took * (PRESSED_REST if self._is_pressed() else 1.0)))

    def _is_pressed(self) -> bool:
        return self._pressure() >= PRESSED_FROM

    def _wait(self) -> None:
        with log.appended:
            log.appended.wait(IDLE_WAIT_SECONDS)
