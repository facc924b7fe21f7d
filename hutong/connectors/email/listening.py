"""The connection that brings mail: what came since the cursor, then what the server tells of."""

from __future__ import annotations

import datetime as dt
import email.utils
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from hutong.channels.contract import EVENTS_MAX, Batch, Inbound
from hutong.connectors.email import reading
from hutong.connectors.email.imap import TOGETHER_BYTES_MAX, TOGETHER_MAX, Fetched, Inbox
from hutong.connectors.email.servers import Mailbox
from hutong.foundation import clock, logs
from hutong.foundation.http import Egress

IDLE_SECONDS_MAX = 9 * 60.0  # servers may end it after 29 minutes, routers forget sooner
QUIET_SECONDS = 20.0  # how often an empty batch shows that the connection lives
LOOK_SECONDS = 1.0  # how soon a stop is heard
SIZES_TOGETHER = 200
AGAIN_DAYS = 2  # how far back one looks where the server has numbered its mails anew

log = logs.get("hutong.email")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inbox: the server's numbering, the last number, and when that was (epoch seconds)."""

    validity: int
    uid: int
    at: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}:{self.at}"

    @classmethod
    def read(cls, cursor: str) -> Place | None:
        """A cursor of ours; None for anything else."""
        parts = cursor.split(":")
        return cls(*map(int, parts)) if len(parts) == 3 and all(one.isascii() and one.isdigit() for one in parts) else None


class Listening:
    """One connection to one inbox."""

    def __init__(self, http: Egress, mailbox: Mailbox, *, account_id: str, stopping: threading.Event) -> None:
        self._http = http
        self._mailbox = mailbox
        self._account_id = account_id
        self._stopping = stopping

    def batches(self, cursor: str) -> Iterator[Batch]:
        """What comes, from `cursor` on, for ever."""
        server = self._mailbox.imap
        if server is None:
            while not self._stopping.is_set():
                yield Batch(cursor=cursor)
                self._stopping.wait(QUIET_SECONDS)
            return
        with Inbox(self._http, self._mailbox, server) as inbox:
            place = Place.read(cursor) or Place(inbox.validity, inbox.next_uid - 1, _now())
            waiting: list[int] = []
            is_renumbered = place.validity != inbox.validity
            if is_renumbered:
                # What is fetched again keeps its keys, so that nothing of it counts twice.
                log.warning("the server numbered its mails anew", account=self._account_id)
                earliest = dt.datetime.fromtimestamp(place.at, dt.UTC) - dt.timedelta(days=AGAIN_DAYS)
                waiting = inbox.since(_day(earliest))
                place = Place(inbox.validity, 0, place.at)
            yield Batch(cursor=str(place))
            for at, events in self._fetched(inbox, waiting, place):
                place = at
                yield Batch(events, str(place))
            if is_renumbered:
                place = Place(place.validity, max(place.uid, inbox.next_uid - 1), place.at)
            while not self._stopping.is_set():
                for at, events in self._fetched(inbox, inbox.newer(place.uid), place):
                    place = at
                    yield Batch(events, str(place))
                if not inbox.has_more():
                    yield from self._quiet(inbox, place)

    def _fetched(self, inbox: Inbox, uids: list[int], place: Place) -> Iterator[tuple[Place, tuple[Inbound, ...]]]:
        for start in range(0, len(uids), SIZES_TOGETHER):
            some = uids[start : start + SIZES_TOGETHER]
            sizes = inbox.sizes(some)
            for group in _groups([uid for uid in some if uid in sizes], sizes):
                if self._stopping.is_set():
                    return
                events: list[Inbound] = []
                for one in sorted(inbox.fetch(group, sizes), key=lambda fetched: fetched.uid):
                    events += self._read(one)
                place = Place(place.validity, max(place.uid, *group), _now())
                yield place, tuple(events[:EVENTS_MAX])

    def _read(self, fetched: Fetched) -> list[Inbound]:
        return reading.read(
            fetched.raw,
            me=self._mailbox.address,
            domain=self._mailbox.domain,
            account_id=self._account_id,
            arrived_at_ms=_moment(fetched.at),
            is_whole=fetched.is_whole,
        )

    def _quiet(self, inbox: Inbox, place: Place) -> Iterator[Batch]:
        """Wait until there is more, showing now and then that the connection lives."""
        began = clock.monotonic_seconds()
        if not inbox.can_idle:
            self._stopping.wait(QUIET_SECONDS)
            if not self._stopping.is_set():
                inbox.noop()
            yield Batch(cursor=str(place))
            return
        shown = began
        is_quiet = inbox.idle()
        while is_quiet and not self._stopping.is_set() and clock.monotonic_seconds() - began < IDLE_SECONDS_MAX and inbox.waits(LOOK_SECONDS):
            if clock.monotonic_seconds() - shown >= QUIET_SECONDS:
                shown = clock.monotonic_seconds()
                yield Batch(cursor=str(place))
        if not self._stopping.is_set():
            inbox.wake()


def _groups(uids: list[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Small mails several at once, large ones alone, in their order."""
    group: list[int] = []
    for uid in uids:
        if sizes[uid] > TOGETHER_BYTES_MAX:
            if group:
                yield group
            yield [uid]
            group = []
            continue
        group.append(uid)
        if len(group) == TOGETHER_MAX:
            yield group
            group = []
    if group:
        yield group


def _moment(at: str) -> int:
    """INTERNALDATE (RFC 3501) as epoch milliseconds; now where it cannot be read."""
    try:
        return clock.to_ms(dt.datetime.strptime(at.strip(), "%d-%b-%Y %H:%M:%S %z"))
    except ValueError:
        return clock.now_ms()


def _day(moment: dt.datetime) -> str:
    """A day as SEARCH takes it, in English whatever the locale."""
    return email.utils.format_datetime(moment)[5:16].replace(" ", "-")


def _now() -> int:
    return clock.now_ms() // 1000
