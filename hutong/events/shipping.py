"""The warehouse's own subscriber: ships the log in batches that a crash cannot double, applies merges and zone changes, and reads anew
the mirrored rows of members that changed.

A batch's end is reserved in the records before it is sent; after a crash the same batch goes again with the same token and the
warehouse drops what it already has.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from django.db import connection, transaction

from hutong.events import log
from hutong.events.models import Cursor, DeadEvent
from hutong.events.warehouse import engine, rewrite
from hutong.foundation import clock, ids
from hutong.members import projection

NAME = "warehouse"
BATCH_ENTRIES_MAX = 20_000

Row = tuple[int, str, bytes]  # seq, name, body
# What the records say now of a workspace's key for these members (ids as text): rows of the table, without `version`.
Mirror = Callable[[str, str, Sequence[str]], list[dict[str, Any]]]

_mirrors: Mapping[str, Mirror] = {}
shipped = threading.Condition()  # whoever follows the warehouse is woken after each shipment of this process
shipments = 0


def install(mirrors: Mapping[str, Mirror]) -> None:
    """Called once by the composition root with the mirrored tables."""
    global _mirrors
    _mirrors = mirrors


logger = logging.getLogger("hutong.warehouse")


class _Control(msgspec.Struct):
    workspace_id: str
    member_id: str = ""
    community_id: str = ""
    properties: dict[str, str] = {}


_decode_control = msgspec.json.Decoder(_Control).decode


class Change(msgspec.Struct):
    """Members whose rows of a table are to be read anew."""

    workspace_id: str
    member_ids: list[str]
    key: str = ""


_decode_change = msgspec.json.Decoder(Change).decode


def _merged(event: _Control) -> None:
    rewrite.move_member(event.workspace_id, member_id=event.properties["absorbed_id"], to_id=event.member_id)


def _unmerged(event: _Control) -> None:
    origin_ids = event.properties["origin_ids"].split(",")
    rewrite.restore_member(event.workspace_id, member_id=event.properties["restored_id"], from_id=event.member_id, origin_ids=origin_ids)


def _rezoned(event: _Control) -> None:
    rewrite.rezone_community(event.workspace_id, event.community_id, time_zone=event.properties["time_zone"])


CONTROLS = {"members_merged": _merged, "members_unmerged": _unmerged, "community_rezoned": _rezoned}


def step() -> int:
    """Ship one batch; how many entries it had."""
    cursor, _ = Cursor.objects.get_or_create(pk=NAME)
    if cursor.reserved_to is None:
        end = _end_of_batch(cursor.seq)
        if end is None:
            return 0
        with transaction.atomic():  # in its turn: SQLite's own waiting sleeps
            Cursor.objects.filter(pk=NAME).update(reserved_to=end)
    else:
        end = cursor.reserved_to
    with connection.cursor() as reader:
        reader.execute("SELECT seq, name, body FROM events_logentry WHERE seq > %s AND seq <= %s ORDER BY seq", [cursor.seq, end])
        batch = [(seq, name, bytes(body)) for seq, name, body in reader.fetchall()]
    with engine.writing:
        _ship(batch)
        with transaction.atomic():
            Cursor.objects.filter(pk=NAME).update(seq=end, reserved_to=None, failures=0, last_error="", updated_at=clock.now())
    _tell()
    return len(batch)


def _tell() -> None:
    global shipments
    with shipped:
        shipments += 1
        shipped.notify_all()


def _end_of_batch(after: int) -> int | None:
    with connection.cursor() as reader:
        reader.execute("SELECT max(seq) FROM (SELECT seq FROM events_logentry WHERE seq > %s ORDER BY seq LIMIT %s)", [after, BATCH_ENTRIES_MAX])
        (end,) = reader.fetchone()
    return end  # type: ignore[no-any-return]


def _ship(batch: Sequence[Row]) -> None:
    """Send rows table by table, stopping at each control event so that it acts on all that came before it."""
    pending: dict[str, list[Row]] = {}
    changed: dict[tuple[str, str, str], dict[str, None]] = {}  # table, workspace, key -> members
    first = 0
    for seq, name, body in batch:
        first = first or seq
        if name.startswith(log.CHANGE_PREFIX):
            change = _decode_change(body)
            changed.setdefault((name[1:], change.workspace_id, change.key), {}).update(dict.fromkeys(change.member_ids))
            continue
        table = name[1:] if name.startswith(log.PROJECTION_PREFIX) else "events"
        pending.setdefault(table, []).append((seq, name, body))
        if name in CONTROLS:
            _send(pending, first)
            CONTROLS[name](_decode_control(body))
            pending, first = {}, 0
    _send(pending, first)
    mirrored: dict[tuple[str, str], list[bytes]] = {}  # table, workspace -> rows
    for (table, workspace_id, key), member_ids in changed.items():
        lines = mirrored.setdefault((table, workspace_id), [])
        lines += _mirror(table, workspace_id, key, list(member_ids))
        if len(lines) >= engine.INSERT_ROWS_MAX:
            _insert_mirrored(table, workspace_id, mirrored.pop((table, workspace_id)))
    for (table, workspace_id), lines in mirrored.items():
        _insert_mirrored(table, workspace_id, lines)


def _mirror(table: str, workspace_id: str, key: str, member_ids: list[str]) -> list[bytes]:
    """Read rows anew. What was read twice is the same row in a higher version, so that a crash in between does no harm."""
    lines: list[bytes] = []
    for start in range(0, len(member_ids), log.CHANGED_TOGETHER):
        rows = _mirrors[table](workspace_id, key, member_ids[start : start + log.CHANGED_TOGETHER])
        version = projection.next_version()
        lines += [msgspec.json.encode(row | {"version": version}) for row in rows]
    return lines


def _insert_mirrored(table: str, workspace_id: str, lines: list[bytes]) -> None:
    engine.insert(table, lines, token=f"mirror/{ids.new()}", places=(workspace_id,))


def _send(pending: dict[str, list[Row]], first: int) -> None:
    for table, rows in pending.items():
        content = blake2b(digest_size=8)
        for _, _, body in rows:
            content.update(body)
        _insert(table, rows, token=f"log/{first}/{content.hexdigest()}")


def _insert(table: str, rows: list[Row], *, token: str) -> None:
    """Insert rows; when the engine cannot read one, find it by halves and set it aside as a dead event."""
    try:
        engine.insert(table, [body for _, _, body in rows], token=token)
    except engine.RowRefused as error:
        if len(rows) == 1:
            (seq, name, body) = rows[0]
            logger.warning("event set aside", extra={"subscriber": NAME, "seq": seq, "event": name})
            DeadEvent.objects.get_or_create(subscriber=NAME, seq=seq, defaults={"name": name, "body": body, "error": str(error)[:300]})
            return
        middle = len(rows) // 2
        _insert(table, rows[:middle], token=f"{token}/0-{middle}")
        _insert(table, rows[middle:], token=f"{token}/{middle}-{len(rows)}")
