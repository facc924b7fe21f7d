"""Lanes of the outbox: opened, held, let go, ended."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from hutong.channels import line
from hutong.channels.actions.sends import RESENDABLE, Order, send_many
from hutong.channels.models import Account, Lane, Send
from hutong.foundation import clock
from hutong.members import bulk

ENDED_TOGETHER = 2_000
LASTS = dt.timedelta(days=30)


def open_lane(workspace_id: uuid.UUID, *, per_minute: int | None = None) -> Lane:
    """A lane to put sends in. Within a transaction."""
    return Lane.objects.create(workspace_id=workspace_id, per_minute=per_minute)


def put(workspace_id: uuid.UUID, orders: Sequence[Order], *, source: str, lane: uuid.UUID | None, known: Iterable[Account] = ()) -> None:
    """Put messages in the outbox, in the caller's transaction; in a lane, where there is one, which counts those that are new."""
    if lane is not None:
        there = {key for key, *_ in bulk.pick(Send, [], "key", [one.key for one in orders], workspace_id=workspace_id)}
        orders = [one for one in orders if one.key not in there]
    if not orders:
        return
    send_many(workspace_id, orders, source=source, lane=lane, known=known)
    if lane is not None:
        Lane.objects.in_workspace(workspace_id).filter(pk=lane).update(sends=F("sends") + len(orders))


def hold(workspace_id: uuid.UUID, lane_id: uuid.UUID) -> None:
    """Nothing of it is claimed any more; what is being handed over ends."""
    Lane.objects.in_workspace(workspace_id).filter(pk=lane_id, state="open").update(state="held")
    transaction.on_commit(line.ring)


def let_go(workspace_id: uuid.UUID, lane_id: uuid.UUID) -> None:
    """It goes on."""
    Lane.objects.in_workspace(workspace_id).filter(pk=lane_id, state__in=["held", "ended"]).update(state="open")
    transaction.on_commit(line.ring)


def end(workspace_id: uuid.UUID, lane_id: uuid.UUID) -> None:
    """Nothing of it goes any more; `cancel_some` ends what is queued."""
    Lane.objects.in_workspace(workspace_id).filter(pk=lane_id).update(state="ended")
    transaction.on_commit(line.ring)


def cancel_some(workspace_id: uuid.UUID, lane_id: uuid.UUID) -> int:
    """End some of what is queued in an ended lane, in one transaction; gives how many, 0 when nothing is left to end."""
    with transaction.atomic():
        rows = line.in_lane(workspace_id, lane_id).filter(state="queued", holder="")
        some = list(rows.order_by("id").values_list("pk", flat=True)[:ENDED_TOGETHER])
        if some:
            Send.objects.in_workspace(workspace_id).filter(pk__in=some).update(
                state="cancelled", is_first=False, is_later=False, finished_at=clock.now()
            )
            Lane.objects.in_workspace(workspace_id).filter(pk=lane_id).update(cancelled=F("cancelled") + len(some))
    return len(some)


def resend_some(workspace_id: uuid.UUID, lane_id: uuid.UUID, *, before: dt.datetime) -> int:
    """Give some of what failed or expired until then its tries anew, in one transaction; gives how many, 0 when nothing is left."""
    again = [state for state in RESENDABLE if state != "unknown"]  # what may have gone is for a person to look at
    with transaction.atomic():
        rows = line.in_lane(workspace_id, lane_id).filter(state__in=again, finished_at__lt=before)
        some = list(rows.order_by("id").values_list("pk", "state")[:ENDED_TOGETHER])
        now = clock.now()
        Send.objects.in_workspace(workspace_id).filter(pk__in=[pk for pk, _ in some]).update(
            state="queued", is_first=True, is_later=False, next_at=now, expires_at=now + LASTS, attempts=0, finished_at=None, reason="", error_zh="", error_en="", delivery="",
        )  # fmt: skip
        for state in again:
            number = sum(was == state for _, was in some)
            if number:
                Lane.objects.in_workspace(workspace_id).filter(pk=lane_id).update(**{state: F(state) - number})
        transaction.on_commit(line.ring)
    return len(some)
