"""The one writer: takes commands from many requests, applies them in one durable transaction, answers after the commit."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from hutong.events import log
from hutong.events.ingest import reasons
from hutong.events.ingest.accepted import Accepted
from hutong.events.ingest.calls import Tracked
from hutong.events.row import encode
from hutong.foundation import clock
from hutong.foundation.driver import Driver
from hutong.foundation.errors import HutongError
from hutong.members.actions import identities

COMMIT_EVENTS_MAX = 4_000
QUEUE_EVENTS_MAX = 50_000
PEOPLE_KEPT_MAX = 500_000
PRESSURE_WINDOW_SECONDS = 2.0
USER, ANONYMOUS = "user_id", "anonymous_id"

logger = logging.getLogger("hutong.ingest")


Reply = Callable[[tuple[int, int] | None, HutongError | None], None]


@dataclass(slots=True)
class Command:
    """The accepted events of one request. Made by the request: the writer's own time is scarce. `reply` is called on the loop, with
    (accepted, duplicates) or an error.
    """

    workspace_id: str
    events: Sequence[Tracked]
    loop: asyncio.AbstractEventLoop
    reply: Reply
    keys: list[bytes] = field(init=False)  # under which the events' ids are remembered
    bodies: list[bytes] = field(init=False)  # their rows for the log, which do not say yet whose they are

    def __post_init__(self) -> None:
        self.keys = [log.accepted_key(self.workspace_id, event.row.id) for event in self.events]
        self.bodies = [encode(event.row) for event in self.events]


class Writer:
    """A thread with a queue. `put` never blocks; `stop` writes what was queued."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Command | None] = queue.SimpleQueue()  # None: stop
        self._put = self._taken = 0  # events, each counted by one thread only
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="ingest")
        self._people: dict[tuple[str, str, str], tuple[str, str]] = {}  # member now, and the one the identity was made for
        self._linked: set[tuple[str, str, str]] = set()
        self._is_told = False  # to forget the people; only the writer's own thread touches what it knows of them
        self._accepted = Accepted()
        self._new_keys: list[bytes] = []  # of the present transaction
        self._worked_seconds = 0.0
        self._measured = (0.0, 0.0, 0.0)  # when, worked until then, pressure found
        self.accepted = 0
        self.duplicates = 0

    def start(self) -> None:
        """Begin taking commands."""
        self._thread.start()

    def stop(self, *, timeout_seconds: float) -> None:
        """Write what is queued, answer it, and end."""
        self._stopping = True
        self._queue.put(None)
        self._thread.join(timeout_seconds)

    def put(self, command: Command) -> None:
        """Queue a command, from the event loop's thread only; raises Overloaded when the queue is full."""
        if self._stopping or self._put - self._taken + len(command.events) > QUEUE_EVENTS_MAX:
            raise reasons.Overloaded(headers={"Retry-After": "1"})
        self._put += len(command.events)
        self._queue.put(command)

    def pressure(self) -> float:
        """How hard events come in: the part of its time that the writer is at work, from 0 to 1."""
        now = clock.monotonic_seconds()
        since, worked, pressure = self._measured
        if now - since >= PRESSURE_WINDOW_SECONDS:
            pressure = min(1.0, (self._worked_seconds - worked) / (now - since))
            self._measured = (now, self._worked_seconds, pressure)
        return pressure

    def forget_people(self) -> None:
        """Members were merged or removed: look people up again from the next transaction on."""
        self._is_told = True

    @cached_property
    def _database(self) -> BaseDatabaseWrapper:
        """Of the writer's own thread; to find it anew would cost a commit as much as a statement."""
        return connections[DEFAULT_DB_ALIAS]

    def _run(self) -> None:
        while (command := self._queue.get()) is not None:
            began = clock.monotonic_seconds()
            commands, events = [command], len(command.events)
            stop = False
            while events < COMMIT_EVENTS_MAX:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    stop = True
                    break
                commands.append(following)
                events += len(following.events)
            self._taken += events
            self._commit(commands)
            if self._accepted.is_foldable:
                self._fold()
            self._worked_seconds += clock.monotonic_seconds() - began
            if stop:
                break
        connection.close()

    def _commit(self, commands: list[Command]) -> None:
        error: HutongError | None = None
        results: list[tuple[int, int]] = []
        try:
            results = self._write(commands)
        except DatabaseError as failure:
            error = reasons.StoreFull() if _is_full(failure) else reasons.StoreFailed()
            logger.exception("commit failed")
        except Exception:  # the writer must outlive any command
            error = reasons.StoreFailed()
            logger.exception("commit failed")
        if error is not None:
            self._is_told = True  # what is known may name members of the transaction that was undone
            self._accepted = Accepted()  # what is kept is asked of the store again
        else:
            self._accepted.remember(self._new_keys)
            self.accepted += len(self._new_keys)
            self.duplicates += sum(duplicates for _, duplicates in results)
            log.wake()
        answers: dict[asyncio.AbstractEventLoop, list[tuple[Reply, tuple[int, int] | None]]] = {}
        for command, result in zip_longest(commands, results):
            answers.setdefault(command.loop, []).append((command.reply, result))
        for loop, answered in answers.items():
            with suppress(RuntimeError):  # the loop has ended: nobody waits
                loop.call_soon_threadsafe(_answer, answered, error)

    def _write(self, commands: list[Command]) -> list[tuple[int, int]]:
        """In the cheapest transaction there is: where every person is known nothing goes through Django's own statements."""
        database = self._database
        bare: Callable[[], AbstractContextManager[None]] | None = getattr(database, "bare_transaction", None)
        with database.wrap_database_errors:
            if bare is not None and self._name_known(commands):
                with bare():
                    if not self._forget_if_told():
                        return self._apply(commands, is_named=True)
            with transaction.atomic():
                self._forget_if_told()
                return self._apply(commands, is_named=False)

    def _forget_if_told(self) -> bool:
        """Inside the transaction: a merge that came before it has told by then, and none comes in between. Whether people were forgotten."""
        if self._is_told or len(self._people) > PEOPLE_KEPT_MAX:
            self._is_told = False
            self._people.clear()
            self._linked.clear()
            return True
        return False

    def _name_known(self, commands: list[Command]) -> bool:
        """Give each event its member, if none names somebody new or says something new about them; else False."""
        people, linked = self._people, self._linked
        for command in commands:
            workspace_id = command.workspace_id
            for event in command.events:
                user_id, anonymous_id = event.user_id, event.anonymous_id
                found = people.get((workspace_id, USER, user_id) if user_id else (workspace_id, ANONYMOUS, anonymous_id))
                if found is None or event.name or event.previous_id:
                    return False
                if user_id and anonymous_id and _pair(workspace_id, USER, user_id, ANONYMOUS, anonymous_id) not in linked:
                    return False
                event.row.member_id, event.row.origin_id = found
        return True

    def _apply(self, commands: list[Command], *, is_named: bool) -> list[tuple[int, int]]:
        driver = Driver(self._database)
        fresh: list[Tracked] = []
        bodies: list[bytes] = []
        results: list[tuple[int, int]] = []
        known = self._accepted.known([key for command in commands for key in command.keys], driver)
        self._new_keys = new_keys = []
        for command in commands:
            before = len(fresh)
            for event, key, body in zip(command.events, command.keys, command.bodies, strict=True):
                if key not in known:
                    known.add(key)
                    new_keys.append(key)
                    fresh.append(event)
                    bodies.append(body)
            accepted = len(fresh) - before
            results.append((accepted, len(command.events) - accepted))
        if fresh:
            self._accepted.append(new_keys, driver)
            if not is_named:
                self._identify(fresh)
            lane_of = log.lane_of
            log.append(
                [(lane_of(event.row.member_id), event.row.name, _owned(body, event)) for event, body in zip(fresh, bodies, strict=True)], driver
            )
        return results

    def _fold(self) -> None:
        try:
            with connection.wrap_database_errors:
                self._accepted.fold()
        except DatabaseError:  # the disk is full, say: the keys stay where they are
            logger.exception("accepted ids stay unsorted")

    def _identify(self, fresh: list[Tracked]) -> None:
        """Give each event its member: by user id where there is one, else by anonymous id; link what belongs together."""
        people = self._people
        unknown: dict[str, dict[tuple[str, str], identities.Seen]] = {}
        for event in fresh:
            row = event.row
            channel, external_id = (USER, event.user_id) if event.user_id else (ANONYMOUS, event.anonymous_id)
            if (row.workspace_id, channel, external_id) not in people or event.name:
                unknown.setdefault(row.workspace_id, {})[channel, external_id] = identities.Seen(
                    channel=channel,
                    external_id=external_id,
                    name=event.name or "",
                    at_ms=round(row.occurred_at * 1000),
                    is_anonymous=channel == ANONYMOUS,
                )
        for workspace_id, seen in unknown.items():
            for (channel, external_id), found in identities.recognise(UUID(workspace_id), list(seen.values())).items():
                people[workspace_id, channel, external_id] = (str(found.member_id), str(found.origin_id))
        for event in fresh:
            row = event.row
            if event.user_id:
                if event.anonymous_id:
                    self._link(event, USER, event.user_id, ANONYMOUS, event.anonymous_id)
                if event.previous_id:
                    self._link(event, USER, event.user_id, USER, event.previous_id)
                    self._link(event, USER, event.user_id, ANONYMOUS, event.previous_id)
            channel, external_id = (USER, event.user_id) if event.user_id else (ANONYMOUS, event.anonymous_id)
            row.member_id, row.origin_id = people[row.workspace_id, channel, external_id]

    def _link(self, event: Tracked, channel: str, external_id: str, other_channel: str, other_id: str) -> None:
        workspace_id = event.row.workspace_id
        pair = _pair(workspace_id, channel, external_id, other_channel, other_id)
        if pair in self._linked or (channel, external_id) == (other_channel, other_id):
            return
        identities.link(UUID(workspace_id), known=(channel, external_id), new=(other_channel, other_id), at_ms=round(event.row.occurred_at * 1000))
        self._linked.add(pair)


def _owned(body: bytes, event: Tracked) -> bytes:
    """The row with whose it is."""
    return b'{"member_id":"%b","origin_id":"%b",%b' % (event.row.member_id.encode(), event.row.origin_id.encode(), body[1:])


def _pair(workspace_id: str, channel: str, external_id: str, other_channel: str, other_id: str) -> tuple[str, str, str]:
    return (workspace_id, f"{channel}:{external_id}", f"{other_channel}:{other_id}")


def _answer(answered: list[tuple[Reply, tuple[int, int] | None]], error: HutongError | None) -> None:
    for reply, result in answered:
        try:
            reply(result, error)
        except Exception:  # one that cannot be answered keeps no other waiting
            logger.exception("call not answered")


def _is_full(failure: DatabaseError) -> bool:
    return "disk is full" in str(failure) or "disk I/O error" in str(failure)
