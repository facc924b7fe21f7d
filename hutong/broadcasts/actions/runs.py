"""A broadcast on its way: scheduled, begun, paused, cancelled, sent again; and minded, so that nothing stays behind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db import transaction

from hutong.broadcasts import audience as audiences
from hutong.broadcasts import checking, tasks
from hutong.broadcasts.actions import checks
from hutong.broadcasts.actions.drafts import one
from hutong.broadcasts.errors import BroadcastState, NothingToSend, RecipientsUnconfirmed
from hutong.broadcasts.models import Broadcast, Run
from hutong.broadcasts.queries import recipients as recipients_of
from hutong.channels import line
from hutong.channels.actions import lanes
from hutong.foundation import clock, timing
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.jobs.models import Job
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

STARTED_TOGETHER = 20
JOB_OF_STATE = {"sending": tasks.enqueue, "paused": tasks.enqueue, "cancelling": tasks.end}


def schedule(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID, version: int, recipients: int | None) -> Broadcast:
    """Send a draft now, or at its time. `recipients` is the number somebody typed. Raises Invalid, BroadcastState, RecipientsUnconfirmed, NothingToSend."""
    found = Broadcast.objects.in_workspace(workspace).filter(pk=broadcast_id).first()
    if found is None:
        raise NotFound("broadcast")
    if found.state != "draft" or found.version != version:
        raise BroadcastState()
    count = checks.counted(workspace, found)
    if not count and found.timing["kind"] == "now":
        raise NothingToSend()
    if count > checking.TYPED_ABOVE and recipients != count:
        raise RecipientsUnconfirmed(count=count, limit=checking.TYPED_ABOVE)
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        if found.state != "draft" or found.version != version:
            raise BroadcastState()
        now = clock.now()
        plan = timing.read(found.timing)
        due = now if plan.kind == "now" else next(timing.following(plan, now), None)
        if due is None:
            raise Invalid.field(
                "timing.at" if plan.kind == "at" else "timing",
                "这个时间已经过去，或规则不会再到。请另选时间。",
                "This time is over, or the rule never comes again. Choose another time.",
            )
        found.state, found.next_at, found.updated_at = "scheduled", due, now
        found.save(update_fields=["state", "next_at", "updated_at"])
        audit.write(workspace, actor=actor, action="broadcast.schedule", target=found, details={"at": due.isoformat(), "recipients": count})
        if plan.kind == "now":
            _begin(found, now)
    return found


def unschedule(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """Back to a draft. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        if found.state != "scheduled":
            raise BroadcastState()
        found.state, found.next_at = "draft", None
        found.version += 1
        found.save(update_fields=["state", "next_at", "version"])
        audit.write(workspace, actor=actor, action="broadcast.unschedule", target=found)
    return found


def pause(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """Hold it back at once; what is being handed over ends. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found, run = _going(workspace, broadcast_id, "sending")
        lanes.hold(workspace.pk, run.lane_id)
        _move(found, run, "paused")
        audit.write(workspace, actor=actor, action="broadcast.pause", target=found)
    return found


def resume(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """Go on with it. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found, run = _going(workspace, broadcast_id, "paused")
        lanes.let_go(workspace.pk, run.lane_id)
        _move(found, run, "sending")
        audit.write(workspace, actor=actor, action="broadcast.resume", target=found)
    return found


def cancel(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID) -> Broadcast:
    """End it: what has gone stays, the rest never goes, nor does any repetition. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        if found.state not in ("scheduled", "sending", "paused"):
            raise BroadcastState()
        for run in Run.objects.in_workspace(workspace).filter(broadcast=found, state__in=["sending", "paused"]):
            lanes.end(workspace.pk, run.lane_id)
            Run.objects.in_workspace(workspace).filter(pk=run.pk).update(state="cancelling")
            tasks.end.enqueue(str(run.pk))
        found.state, found.next_at = "cancelled", None
        found.save(update_fields=["state", "next_at"])
        audit.write(workspace, actor=actor, action="broadcast.cancel", target=found)
    return found


def resend(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID, run_id: uuid.UUID) -> Run:
    """Give what failed or expired in a run its tries anew. Raises NotFound, BroadcastState."""
    with transaction.atomic():
        found = one(workspace, broadcast_id)
        run = Run.objects.in_workspace(workspace).select_for_update().filter(broadcast=found, pk=run_id).first()
        if run is None:
            raise NotFound("run")
        if run.state != "done" or found.state not in ("done", "scheduled") or run.resend_before is not None:
            raise BroadcastState()
        run.resend_before, run.state, run.finished_at = clock.now(), "sending", None
        run.save(update_fields=["resend_before", "state", "finished_at"])
        found.state = "sending"
        found.save(update_fields=["state"])
        lanes.let_go(workspace.pk, run.lane_id)
        tasks.resend.enqueue(str(run.pk))
        audit.write(workspace, actor=actor, action="broadcast.resend", target=found)
    return run


def export(workspace: Workspace, *, actor: Actor, broadcast_id: uuid.UUID, run_id: uuid.UUID, show: str, language: str) -> Iterator[str]:
    """What became of each recipient, as a file in pieces; that somebody took it is remembered. Raises NotFound."""
    run = recipients_of.run_of(workspace, broadcast_id, run_id)
    with transaction.atomic():
        audit.write(workspace, actor=actor, action="broadcast.export", target=run.broadcast, details={"run_id": str(run_id), "show": show})
    return recipients_of.csv(workspace, run, show=show, language=language)


def mind() -> None:
    """Every few seconds: begin what is due, close what is over, give a run whose job is gone another."""
    now = clock.now()
    due = Broadcast.objects.across_workspaces().filter(state="scheduled", next_at__lte=now).order_by("next_at")
    for broadcast_id in list(due.values_list("pk", flat=True)[:STARTED_TOGETHER]):
        with transaction.atomic():
            found = Broadcast.objects.across_workspaces().select_for_update().get(pk=broadcast_id)
            if found.state == "scheduled" and found.next_at is not None and found.next_at <= now:
                _begin(found, found.next_at)
    for run in Run.objects.across_workspaces().filter(state__in=list(JOB_OF_STATE)).select_related("lane", "broadcast"):
        _mind(run, now)


def _begin(broadcast: Broadcast, due: dt.datetime) -> None:
    lane = lanes.open_lane(broadcast.workspace_id, per_minute=broadcast.per_minute)
    expected = audiences.size_of(broadcast.workspace_id, audiences.read(broadcast.audience))
    run = Run.objects.create(
        workspace_id=broadcast.workspace_id, broadcast=broadcast, lane=lane, due_at=due, expected=expected, started_at=clock.now()
    )
    broadcast.state, broadcast.next_at = "sending", None
    broadcast.save(update_fields=["state", "next_at"])
    tasks.enqueue.enqueue(str(run.pk))


def _mind(run: Run, now: dt.datetime) -> None:
    if run.state == "cancelling" or not run.is_enqueued:
        task = JOB_OF_STATE[run.state]
        name = "broadcast.end" if run.state == "cancelling" else "broadcast.enqueue"
        with transaction.atomic():
            if not Job.objects.filter(dedupe_key=f"{name}:{run.pk}", state__in=["ready", "running"]).exists():
                task.enqueue(str(run.pk))
        return
    if run.resend_before is not None:
        with transaction.atomic():
            tasks.resend.enqueue(str(run.pk))
        return
    if run.state != "sending" or line.in_lane(run.workspace_id, run.lane_id).filter(state="queued").exists():
        return
    with transaction.atomic():
        if not Run.objects.in_workspace(run.workspace_id).filter(pk=run.pk, state="sending").update(state="done", finished_at=now):
            return
        lanes.end(run.workspace_id, run.lane_id)
        plan = timing.read(run.broadcast.timing)
        following = next(timing.following(plan, max(now, run.due_at)), None) if plan.repeats else None
        Broadcast.objects.in_workspace(run.workspace_id).filter(pk=run.broadcast_id, state="sending").update(
            state="done" if following is None else "scheduled", next_at=following
        )


def _going(workspace: Workspace, broadcast_id: uuid.UUID, state: str) -> tuple[Broadcast, Run]:
    found = one(workspace, broadcast_id)
    run = Run.objects.in_workspace(workspace).filter(broadcast=found, state=state).order_by("-due_at").first()
    if found.state != state or run is None:
        raise BroadcastState()
    return found, run


def _move(broadcast: Broadcast, run: Run, state: str) -> None:
    broadcast.state = run.state = state
    broadcast.save(update_fields=["state"])
    run.save(update_fields=["state"])
