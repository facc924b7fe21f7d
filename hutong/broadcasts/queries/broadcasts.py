"""The list of broadcasts, and one of them with its runs and their counts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import OuterRef, Subquery

from hutong.broadcasts import audience
from hutong.broadcasts.models import Broadcast, Run
from hutong.channels import messages
from hutong.channels.models import Account, Lane
from hutong.communities.models import Community, Group
from hutong.foundation import clock, pages, timing
from hutong.foundation.errors import NotFound
from hutong.foundation.timing import Timing
from hutong.segments.models import Segment
from hutong.workspaces.models import Workspace

# How sends of a lane may have ended, in the order in which the page shows it.
ENDED = ("awaiting_confirm", "sent", "partial", "failed", "expired", "unknown", "cancelled")
RUNS_MAX = 50


def broadcasts(workspace: Workspace, *, state: str | None, cursor: str | None, limit: int) -> pages.Page[Broadcast]:
    """Broadcasts, the newest first."""
    rows = Broadcast.objects.in_workspace(workspace)
    if state:
        rows = rows.filter(state=state)
    return pages.paginate(rows, order=["-id"], cursor=cursor, limit=limit)


def lines(workspace: Workspace, found: list[Broadcast]) -> list[dict[str, Any]]:
    """Rows of the list, each with its last run."""
    last = Run.objects.in_workspace(workspace).filter(broadcast=OuterRef("pk")).order_by("-due_at").values("pk")[:1]
    rows = Broadcast.objects.in_workspace(workspace).filter(pk__in=[one.pk for one in found]).annotate(last=Subquery(last))
    runs = Run.objects.in_workspace(workspace).filter(pk__in=[pk for pk in rows.values_list("last", flat=True) if pk]).select_related("lane")
    latest = {run.broadcast_id: run for run in runs}
    return [_line(one, latest.get(one.pk)) for one in found]


def broadcast(workspace: Workspace, broadcast_id: uuid.UUID) -> dict[str, Any]:
    """One broadcast in full: what it says, the names of what it is for, its runs. Raises NotFound."""
    one = _broadcast(workspace, broadcast_id)
    whom = audience.read(one.audience)
    plan = timing.read(one.timing)
    rows = list(Run.objects.in_workspace(workspace).filter(broadcast=one).select_related("lane").order_by("-due_at")[:RUNS_MAX])
    names = {
        "groups": _names(workspace, Group, whom.groups),
        "communities": _names(workspace, Community, whom.communities),
        "accounts": _names(workspace, Account, whom.accounts),
        "segment": _names(workspace, Segment, [whom.segment])[0] if whom.segment and _names(workspace, Segment, [whom.segment]) else None,
    }
    return _line(one, rows[0] if rows else None) | {
        "parts": messages.said(messages.kept(one.parts)), "audience": one.audience, "timing": one.timing, "names": names,
        "per_minute": one.per_minute, "tracks_links": one.tracks_links, "version": one.version, "runs": [_run(run) for run in rows],
        "dates": dates(plan)["dates"] if plan.repeats and one.state in ("draft", "scheduled", "sending") else [],
    }  # fmt: skip


def dates(plan: Timing) -> dict[str, Any]:
    """The next moments of a timing, and the years of which holidays are not known."""
    found: list[dt.datetime] = []
    for moment in timing.following(timing.checked(plan), clock.now()):
        found.append(moment)
        if len(found) == timing.SHOWN:
            break
    return {"dates": found, "unknown_years": timing.unknown_years(found, plan)}


def _broadcast(workspace: Workspace, broadcast_id: uuid.UUID) -> Broadcast:
    found = Broadcast.objects.in_workspace(workspace).filter(pk=broadcast_id).first()
    if found is None:
        raise NotFound("broadcast")
    return found


def _line(one: Broadcast, run: Run | None) -> dict[str, Any]:
    names = ("id", "name", "purpose", "state", "next_at", "created_by_name", "changed_by_name", "created_at", "updated_at")
    return {name: getattr(one, name) for name in names} | {
        "audience_kind": one.audience["kind"], "timing_kind": one.timing["kind"], "zone": one.timing["zone"], "last_run": _run(run) if run else None
    }  # fmt: skip


def _run(run: Run) -> dict[str, Any]:
    lane: Lane = run.lane
    counts = {state: max(0, getattr(lane, state)) for state in ENDED}
    gone = sum(counts.values())
    queued = max(0, lane.sends - gone)
    seconds = ((run.finished_at or clock.now()) - run.started_at).total_seconds()
    rate = gone / seconds if seconds > 0 else 0.0
    names = (
        "id", "due_at", "state", "is_enqueued", "expected", "seen", "no_identity", "not_opened", "no_account", "clicked", "replied", "unsubscribed",
        "started_at", "finished_at",
    )  # fmt: skip
    return {name: getattr(run, name) for name in names} | counts | {
        "recipients": lane.sends, "queued": queued, "unreachable": run.no_identity + run.not_opened + run.no_account, "rate_per_second": rate,
        "left_seconds": queued / rate if rate > 0 and run.state == "sending" else None,
    }  # fmt: skip


def _names(workspace: Workspace, model: type[Any], pks: Any) -> list[dict[str, Any]]:
    rows = dict(model.objects.in_workspace(workspace).filter(pk__in=list(pks)).values_list("pk", "name"))
    return [{"id": pk, "name": rows[pk]} for pk in pks if pk in rows]
