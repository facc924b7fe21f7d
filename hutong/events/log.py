"""The log: an append-only table between whoever records and the subscribers that read in order."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import blake2b
from itertools import chain

from django.db import connection, transaction

from hutong.events import catalogue, places
from hutong.events.questions import is_question
from hutong.events.row import EventRow, encode
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, ids
from hutong.foundation.driver import Driver
from hutong.foundation.localdays import local_days
from hutong.foundation.stream import Changed, Crowd, Entry, Fact, Projection

APPENDED_TOGETHER = 64  # entries in one statement
LANES = 16
ACCEPTED_DAYS = 30
DAY_MS = 86_400_000
PROJECTION_PREFIX = "$"  # log entries that are rows of another table, not events: "$memberships"
CHANGE_PREFIX = "~"  # log entries that name members whose rows of a table are to be read anew: "~people"
CHANGED_TOGETHER = 1_000  # members in one entry

# Whoever waits for new entries (the subscribers' thread) is woken after each commit of this process.
appended = threading.Condition()
commits = 0


_on_member_change: list[Callable[[], None]] = []


def on_member_change(forget: Callable[[], None]) -> None:
    """Have `forget` called in a transaction that merges members or takes a merge back, and after it, so that no cache names the wrong one."""
    _on_member_change.append(forget)


def wake() -> None:
    """Tell the subscribers of this process that there is something to read."""
    global commits
    with appended:
        commits += 1
        appended.notify_all()


def accepted_key(workspace_id: str, event_id: str, kind: bytes = b"call") -> bytes:
    """The 16 bytes under which the message id of a call, the id of a fact (kind `fact`) or of a deed is remembered: kinds of names that never meet."""
    return blake2b(f"{workspace_id}\0{event_id}".encode("utf-8", "surrogatepass"), digest_size=16, person=kind).digest()


def lane_of(member_id: str) -> int:
    """The lane that keeps a member's events in order."""
    return int(member_id[-1], 16) % LANES


def remembered(keys: Sequence[bytes], driver: Driver) -> set[bytes]:
    """Keep accepted keys in the caller's transaction, many in a statement; gives those that are new."""
    day = clock.now_ms() // DAY_MS
    new: set[bytes] = set()
    for start in range(0, len(keys), APPENDED_TOGETHER):
        some = keys[start : start + APPENDED_TOGETHER]
        rows = driver.run(_remember_statement(len(some)), list(chain.from_iterable((key, day) for key in some))).fetchall()
        new.update(bytes(key) for (key,) in rows)
    return new


@cache
def _remember_statement(rows: int) -> str:
    return f"INSERT INTO events_acceptedid (key, day) VALUES {', '.join(['(%s, %s)'] * rows)} ON CONFLICT DO NOTHING RETURNING key"


def first(workspace_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    """The implementation of `foundation.stream.first`."""
    named = {accepted_key(str(workspace_id), key, b"deed"): key for key in keys}
    with transaction.atomic(savepoint=False), connection.wrap_database_errors:
        return {named[one] for one in remembered(list(named), Driver())}


def append(entries: Sequence[tuple[int, str, bytes]], driver: Driver | None = None) -> None:
    """Write (lane, name, body) entries in the caller's transaction."""
    driver = driver or Driver()
    for start in range(0, len(entries), APPENDED_TOGETHER):
        some = entries[start : start + APPENDED_TOGETHER]
        driver.run(_append_statement(len(some)), list(chain.from_iterable(some)))


@cache
def _append_statement(rows: int) -> str:
    return f"INSERT INTO events_logentry (lane, name, body) VALUES {', '.join(['(%s, %s, %s)'] * rows)}"


def record(entries: list[Entry]) -> None:
    """The implementation of `foundation.stream.record`."""
    with transaction.atomic(savepoint=False), connection.wrap_database_errors:
        _record(entries)


def _record(entries: list[Entry]) -> None:
    rows: list[tuple[int, str, bytes]] = []
    received_ms = clock.now_ms()
    composed = [compose(entry, received_ms) if isinstance(entry, Fact) else None for entry in entries]
    named = [
        accepted_key(row.workspace_id, row.id, b"fact") if row is not None and isinstance(entry, Fact) and entry.id else None
        for entry, row in zip(entries, composed, strict=True)
    ]
    new = remembered([key for key in dict.fromkeys(named) if key is not None], Driver())
    for entry, row, key in zip(entries, composed, named, strict=True):
        if isinstance(entry, Projection):
            rows.append((0, PROJECTION_PREFIX + entry.table, encode(entry.row)))
        elif isinstance(entry, Changed):
            rows += change_rows(entry)
        elif isinstance(entry, Crowd):
            rows += crowd_rows(entry, received_ms)
        elif row is not None and (key is None or key in new):
            new.discard(key or b"")  # the same twice in one call is one
            rows.append((lane_of(row.member_id), row.name, encode(row)))
    if rows:
        append(rows)
        transaction.on_commit(wake)
        if any(name in ("members_merged", "members_unmerged") for _, name, _ in rows):
            _member_changed()  # now: on SQLite the writer waits for this transaction, and must not name who was merged in it
            transaction.on_commit(_member_changed)


_MEMBER, _ORIGIN = uuid.UUID(int=1), uuid.UUID(int=2)
_ID = "-"


def crowd_rows(crowd: Crowd, received_ms: int) -> Iterator[tuple[int, str, bytes]]:
    """The log's rows (lane, name, body) of a fact of many: written once, with a place for each one's ids."""
    row = compose(replace(crowd.fact, member_id=_MEMBER, origin_id=_ORIGIN, id=_ID), received_ms)
    begin, rest = encode(row).split(b'"id":"-"', 1)
    before, rest = rest.split(str(_MEMBER).encode(), 1)
    between, end = rest.split(str(_ORIGIN).encode(), 1)
    name = row.name
    for member_id, origin_id, pk in crowd.people:
        member = str(member_id)
        origin = member if origin_id is member_id else str(origin_id)
        yield int(member[-1], 16) % LANES, name, b'%b"id":"%b"%b%b%b%b%b' % (
            begin, pk.encode(), before, member.encode(), between, origin.encode(), end,
        )  # fmt: skip


def change_rows(change: Changed) -> Iterator[tuple[int, str, bytes]]:
    """The log's rows (lane, name, body) that tell of a change."""
    said = [str(member_id) for member_id in change.member_ids]
    for start in range(0, len(said), CHANGED_TOGETHER):
        body = {"workspace_id": str(change.workspace_id), "key": change.key, "member_ids": said[start : start + CHANGED_TOGETHER]}
        yield 0, CHANGE_PREFIX + change.table, encode(body)


def _member_changed() -> None:
    for forget in _on_member_change:
        forget()


def compose(fact: Fact, received_ms: int) -> EventRow:
    """A fact as a row, on the local day of its community (of its workspace where it has none)."""
    occurred_ms = received_ms if fact.occurred_at is None else clock.to_ms(fact.occurred_at)
    workspace_id = str(fact.workspace_id)
    community_id = _text(fact.community_id)
    day, hour = local_days(places.zone_of(workspace_id, community_id))(occurred_ms)
    member_id = _text(fact.member_id)
    return EventRow(
        workspace_id=workspace_id,
        id=fact.id or str(ids.new()),
        name=fact.name,
        occurred_at=occurred_ms / 1000,
        received_at=received_ms / 1000,
        local_day=day,
        local_hour=hour,
        community_id=community_id,
        group_id=_text(fact.group_id),
        member_id=member_id,
        origin_id=_text(fact.origin_id) if fact.origin_id else member_id,
        channel=fact.channel,
        source=fact.source,
        is_activity=int(catalogue.is_activity(fact.name, fact.source)) if fact.member_id else 0,
        text=fact.text,
        characters=len(fact.text),
        reply_to=fact.reply_to,
        addressed_id=_text(fact.addressed_id),
        addressed_origin_id=_text(fact.addressed_origin_id or fact.addressed_id),
        is_reply=int(bool(fact.reply_to) or fact.addressed_id is not None),
        is_question=int(fact.name == "message_sent" and is_question(fact.text)),
        properties=fact.properties,
    )


def _text(value: uuid.UUID | None) -> str:
    return NONE if value is None else str(value)
