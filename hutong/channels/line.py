"""The lines of the outbox: in each chat of an account messages go one after another, in the order in which they were asked for.

What is in a lane stands in no line: a line is an index over addresses, which are random, and a million of them cannot be added to it in a
minute. A lane holds one message for a chat, so nothing in it has to wait for another.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import BooleanField, Case, Q, Value, When

from hutong.channels.models import Account, Opening, Send
from hutong.channels.waiting import Outbound
from hutong.foundation import clock
from hutong.foundation.rows import ScopedQuerySet
from hutong.members.bulk import chunks

PROMOTED_TOGETHER = 300
LATER_TOGETHER = 500

# `is_first` of what comes back into line: in its chat it waits to be promoted, in a lane nothing is before it.
AGAIN = Case(When(lane="", then=Value(False)), default=Value(True), output_field=BooleanField())

_bell = threading.Event()
_call = threading.Event()

_PROMOTE = """
UPDATE channels_send SET is_first = %s WHERE id IN (
  SELECT (
    SELECT s.id FROM channels_send s
    WHERE s.account_id = %s AND s.chat_ref = v.column1 AND s.state = 'queued' AND NOT s.is_later AND NOT s.is_first ORDER BY s.id LIMIT 1
  )
  FROM (VALUES {marks}) v
  WHERE NOT EXISTS (SELECT 1 FROM channels_send f WHERE f.account_id = %s AND f.chat_ref = v.column1 AND f.lane = '' AND f.is_first)
)
"""
_TAKEN = "SELECT chat_ref FROM channels_send WHERE account_id = %s AND lane = '' AND is_first AND chat_ref IN ({marks})"


def ring() -> None:
    """There may be something to send."""
    _bell.set()


def call() -> None:
    """There is something to send that is no part of many: somebody waits for it."""
    _call.set()
    _bell.set()


def rest(timeout_seconds: float) -> None:
    """Until something new is called for, or so long."""
    _call.wait(timeout_seconds)


def hear() -> None:
    """A turn begins: it finds what was called for until now."""
    _call.clear()


def wait(timeout_seconds: float) -> None:
    """Until it rings, or so long."""
    _bell.wait(timeout_seconds)
    _bell.clear()


def promote(account_id: uuid.UUID, refs: Iterable[str]) -> None:
    """Give the line of each of these chats a first, where it has none and something waits. Within a transaction."""
    mine = Send._meta.get_field("account").get_db_prep_value(account_id, connection)
    for some in chunks(dict.fromkeys(refs), size=PROMOTED_TOGETHER):
        with connection.cursor() as cursor:
            cursor.execute(_PROMOTE.format(marks=", ".join(["(%s)"] * len(some))), [True, mine, *some, mine])
    transaction.on_commit(ring)


def taken(account_id: uuid.UUID, refs: Iterable[str]) -> set[str]:
    """Of these chats, those whose line has a first. All others are empty: what comes is first at once."""
    mine = Send._meta.get_field("account").get_db_prep_value(account_id, connection)
    found: set[str] = set()
    for some in chunks(refs):
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN.format(marks=", ".join(["%s"] * len(some))), [mine, *some])
            found.update(ref for (ref,) in cursor.fetchall())
    return found


def in_lane(workspace_id: uuid.UUID, lane_id: uuid.UUID) -> ScopedQuerySet[Send]:
    """What is in a lane. That its name is not empty is said besides: only then does SQLite see that the index of lanes has it all."""
    return Send.objects.in_workspace(workspace_id).filter(lane=lane_id.hex).exclude(lane="")


def line_up(now: dt.datetime) -> dt.datetime | None:
    """What was to go later and is due joins its line. Within a transaction. Gives the moment of the next one, None where there is none."""
    later = Send.objects.across_workspaces().filter(is_later=True).order_by("next_at")
    soonest = later.values_list("next_at", flat=True)
    first = soonest.first()
    if first is None or first > now:
        return first
    due = list(later.filter(next_at__lte=now).values_list("pk", "account_id", "chat_ref", "lane")[:LATER_TOGETHER])
    Send.objects.across_workspaces().filter(pk__in=[pk for pk, *_ in due]).update(is_later=False, is_first=AGAIN)
    by_account: dict[uuid.UUID, list[str]] = {}
    for _, account_id, chat_ref, lane in due:
        if not lane:
            by_account.setdefault(account_id, []).append(chat_ref)
    for account_id, refs in by_account.items():
        promote(account_id, refs)
    return soonest.first()


def step_back(send: Outbound, until: dt.datetime) -> None:
    """Not now: the next in line comes first meanwhile. Within a transaction."""
    Send.objects.in_workspace(send.workspace_id).filter(pk=send.pk).update(is_first=False, is_later=True, next_at=until)
    if not send.lane:
        promote(send.account_id, [send.chat_ref])


def redirect(account: Account, *, before: str, after: str) -> None:
    """The chat has another id: what waits goes there. Within a transaction."""
    rows = Send.objects.in_workspace(account.workspace_id).filter(account=account, chat_ref=before, state="queued", holder="")
    rows.update(chat_ref=after, is_first=Case(When(Q(lane="") | Q(is_later=True), then=Value(False)), default=Value(True)), next_at=clock.now())
    Opening.objects.in_workspace(account.workspace_id).filter(account=account, chat_ref=before).delete()
    promote(account.pk, [after, before])
