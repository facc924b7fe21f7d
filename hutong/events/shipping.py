"""The warehouse's own subscriber: ships the log in batches that a crash cannot double, and applies merges and zone changes.

A batch's end is reserved in the records before it is sent; after a crash the same batch goes again with the same token and the
warehouse drops what it already has.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import blake2b

import msgspec
from django.db import connection, transaction

from hutong.events import log
from hutong.events.models import Cursor, DeadEvent
from hutong.events.warehouse import engine, rewrite
from hutong.foundation import clock

NAME = "warehouse"
BATCH_ENTRIES_MAX = 20_000

Row = tuple[int, str, bytes]  # seq, name, body

logger = logging.getLogger("hutong.warehouse")


class _Control(msgspec.Struct):
    workspace_id: str
    member_id: str = ""
    community_id: str = ""
    properties: dict[str, str] = {}


_decode_control = msgspec.json.Decoder(_Control).decode


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
    return len(batch)


def _end_of_batch(after: int) -> int | None:
    with connection.cursor() as reader:
        reader.execute("SELECT max(seq) FROM (SELECT seq FROM events_logentry WHERE seq > %s ORDER BY seq LIMIT %s)", [after, BATCH_ENTRIES_MAX])
        (end,) = reader.fetchone()
    return end  # type: ignore[no-any-return]


def _ship(batch: Sequence[Row]) -> None:
    """Send rows table by table, stopping at each control event so that it acts on all that came before it."""
    pending: dict[str, list[Row]] = {}
    first = 0
    for seq, name, body in batch:
        first = first or seq
        table = name[1:] if name.startswith(log.PROJECTION_PREFIX) else "events"
        pending.setdefault(table, []).append((seq, name, body))
        if name in CONTROLS:
            _send(pending, first)
            CONTROLS[name](_decode_control(body))
            pending, first = {}, 0
    _send(pending, first)


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
