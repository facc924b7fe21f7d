"""Putting a run's recipients into the outbox: some in one transaction together with how far it is, so that it goes on after any crash.

They are read and their messages written before the transaction: others wait for a turn to write only while rows are added.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from hutong.broadcasts import audience, links
from hutong.broadcasts.audience import Audience, Recipient
from hutong.broadcasts.models import MISSED, Broadcast, Missed, Run
from hutong.channels import line, messages, personal
from hutong.channels.actions import lanes, sends
from hutong.channels.actions.sends import Order
from hutong.channels.contract import Segment
from hutong.channels.models import Lane, Send
from hutong.communities.models import Group
from hutong.foundation import clock, ids
from hutong.foundation.jobs.running import checkpoint
from hutong.members import bulk

TOGETHER = 1_800  # two lists of ids as a statement holds them
LASTS = dt.timedelta(days=30)
GOING = ("sending", "paused")


def perform(run_id: uuid.UUID) -> None:
    """Enqueue what is left of a run. Stops when it is cancelled; paused it goes on, since its lane is held."""
    run = Run.objects.across_workspaces().select_related("broadcast").filter(pk=run_id).first()
    if run is None or run.is_enqueued:
        return
    said = Said(run)
    while one_piece(run_id, said):
        checkpoint()


class Said:
    """What a run says and to whom, read once."""

    def __init__(self, run: Run) -> None:
        self.broadcast: Broadcast = run.broadcast
        self.audience = audience_of(self.broadcast)
        self.ways = audience.ways(run.workspace_id, self.audience)
        self.draft = personal.read(run.workspace_id, messages.kept(self.broadcast.parts))
        with transaction.atomic():
            self.codes = links.make(run, self.draft.segments) if self.broadcast.tracks_links else {}


def audience_of(broadcast: Broadcast) -> Audience:
    """Whom a broadcast is for."""
    return audience.read(broadcast.audience)


def one_piece(run_id: uuid.UUID, said: Said) -> bool:
    """One piece, in one transaction. False when there is no more to do."""
    before = Run.objects.across_workspaces().get(pk=run_id)
    if before.is_enqueued or before.state not in GOING:
        return False
    workspace_id = before.workspace_id
    found = audience.piece(workspace_id, said.audience, said.ways, source=before.source, after=before.after, size=TOGETHER)
    recipients, missed = found.recipients, found.missed
    if said.audience.sources > 1:
        there = _there(before, [*(one.name for one in recipients), *(one.name for one in missed)])
        recipients, missed = [one for one in recipients if one.name not in there], [one for one in missed if one.name not in there]
    orders = _orders(before, said, recipients)
    with transaction.atomic():
        run = Run.objects.across_workspaces().select_for_update().get(pk=run_id)
        if run.is_enqueued or run.state not in GOING:
            return False
        if (run.source, run.after) != (before.source, before.after):  # another process put these there
            return True
        sends.send_many(workspace_id, orders, source=f"broadcast:{run.broadcast_id}", lane=run.lane_id)
        Lane.objects.in_workspace(workspace_id).filter(pk=run.lane_id).update(sends=F("sends") + len(orders))
        rows = [(ids.new(), workspace_id, run.pk, one.member_id, one.group_id, one.reason) for one in missed]
        bulk.insert(Missed, ("id", "workspace", "run", "member", "group", "reason"), rows)
        for reason, number in Counter(one.reason for one in missed).items():
            setattr(run, reason, getattr(run, reason) + number)
        run.seen += found.seen
        run.after = found.after or ""
        if found.after is None:
            run.source += 1
            run.is_enqueued = run.source >= said.audience.sources
        run.save(update_fields=[*MISSED, "seen", "after", "source", "is_enqueued"])
    return not run.is_enqueued


def key_of(run_id: uuid.UUID, name: str) -> str:
    """The key of a run's message to one recipient, for ever."""
    return f"broadcast/{run_id.hex}/{name}"


def _there(run: Run, names: Sequence[str]) -> set[str]:
    """Who was met in an earlier source: members of several communities are written to, or missed, once."""
    there: set[str] = set()
    start = len(key_of(run.pk, ""))
    for chunk in bulk.chunks([key_of(run.pk, name) for name in names]):
        rows = Send.objects.in_workspace(run.workspace_id).filter(key__in=chunk).values_list("key", flat=True)
        there.update(key[start:] for key in rows)
    for some in bulk.chunks([uuid.UUID(name) for name in names]):
        missed = Missed.objects.in_workspace(run.workspace_id).filter(run=run, member_id__in=some)
        there.update(pk.hex for pk in missed.values_list("member_id", flat=True) if pk)
    return there


def _orders(run: Run, said: Said, recipients: Sequence[Recipient]) -> list[Order]:
    names = said.draft.fields
    members = [one.member_id for one in recipients if one.member_id is not None]
    known = personal.look_up(run.workspace_id, members, names) if names and members else {}
    places = _places(run.workspace_id, [one.group_id for one in recipients if one.group_id is not None]) if names else {}
    broadcast = said.broadcast
    prefix, account_ids = key_of(run.pk, ""), {id(one.account): one.account.pk for one in said.ways}
    found = []
    for one in recipients:
        values = known.get(one.member_id, {}) if one.member_id else places.get(one.group_id, {}) if one.group_id else {}
        segments: tuple[Segment, ...] = said.draft.fill(values)
        unsubscribe = ""
        if one.member_id is not None:
            segments = links.tracked(segments, said.codes, one.member_id)
            if broadcast.purpose == "marketing":
                unsubscribe = links.unsubscribe_url(member_id=one.member_id, account_id=account_ids[id(one.account)], run_id=run.pk)
        found.append(
            Order(
                key=prefix + one.name,
                account_id=account_ids[id(one.account)],
                chat=one.chat,
                segments=segments,
                purpose=broadcast.purpose,
                member_id=one.member_id,
                user_ref=one.chat.id if one.member_id else "",
                subject=broadcast.name,
                unsubscribe_url=unsubscribe,
                lasts=LASTS,
            )
        )
    return found


def _places(workspace_id: uuid.UUID, group_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    rows = Group.objects.in_workspace(workspace_id).filter(pk__in=group_ids).values_list("pk", "name", "community__name")
    return {pk: {"group": name, "community": community} for pk, name, community in rows}


def end(run_id: uuid.UUID) -> None:
    """Cancel what of a run has not gone, some at a time."""
    run = Run.objects.across_workspaces().filter(pk=run_id, state="cancelling").first()
    if run is None:
        return
    while lanes.cancel_some(run.workspace_id, run.lane_id):
        checkpoint()
    with transaction.atomic():  # what was being handed over then settles by itself
        left = line.in_lane(run.workspace_id, run.lane_id).filter(state="queued").exists()
        if not left:
            Run.objects.in_workspace(run.workspace_id).filter(pk=run.pk, state="cancelling").update(state="cancelled", finished_at=clock.now())


def resend(run_id: uuid.UUID) -> None:
    """Send again what of a run failed or expired before it was asked for."""
    run = Run.objects.across_workspaces().filter(pk=run_id, resend_before__isnull=False).first()
    if run is None or run.resend_before is None:
        return
    while lanes.resend_some(run.workspace_id, run.lane_id, before=run.resend_before):
        checkpoint()
    Run.objects.in_workspace(run.workspace_id).filter(pk=run.pk).update(resend_before=None)
