"""What will happen if a broadcast is sent now: who is reached and who is not, and how long the platforms' limits make it take.

The audience is gone through piece by piece as sending does, with what was counted kept in a `Check`: a small one within the request that
asks, a large one in a job that shows how far it is and may be cancelled.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any

from django.db import transaction

from hutong.broadcasts import audience as audiences
from hutong.broadcasts.audience import Audience
from hutong.broadcasts.models import MISSED, Broadcast, Check
from hutong.channels import fitting, messages, personal
from hutong.channels.contract import File as FilePart
from hutong.channels.contract import Image, Refused
from hutong.channels.may_send import rules_of
from hutong.channels.models import KeptFile
from hutong.channels.reaching import Way, takes_seconds
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.foundation.jobs.running import checkpoint
from hutong.workspaces.models import Workspace

COUNTED_TOGETHER = 4_500
TYPED_ABOVE = 50
AT_ONCE_SECONDS = 0.8  # what a request may take; the rest is for the job
FRESH = dt.timedelta(minutes=10)  # so long what was counted may stand for what would be counted now


def walk(check_id: uuid.UUID, turn: uuid.UUID, *, seconds: float | None = None) -> bool:
    """Go on through the audience, to its end or for so long; whether it is over. Another turn, or a cancellation, ends it at once."""
    until = None if seconds is None else clock.monotonic_seconds() + seconds
    check = Check.objects.across_workspaces().select_related("broadcast").filter(pk=check_id, walk=turn, state="running").first()
    if check is None:
        return True
    whom = audiences.read(check.broadcast.audience)
    ways = audiences.ways(check.workspace_id, whom)
    while check.state == "running":
        if until is not None and clock.monotonic_seconds() >= until:
            return False
        _step(check, whom, ways)
        if not _kept(check):
            return True
        checkpoint()
    return True


def _step(check: Check, whom: Audience, ways: list[Way]) -> None:
    piece = audiences.piece(check.workspace_id, whom, ways, source=check.source, after=check.after, size=COUNTED_TOGETHER)
    members = [one.member_id for one in piece.recipients if one.member_id] + [one.member_id for one in piece.missed if one.member_id]
    before = audiences.met_before(check.workspace_id, whom, source=check.source, members=members)
    counts = Counter(str(one.account.pk) for one in piece.recipients if one.member_id not in before)
    check.by_account = dict(Counter(check.by_account) + counts)
    for reason, number in Counter(one.reason for one in piece.missed if one.member_id not in before).items():
        setattr(check, reason, getattr(check, reason) + number)
    check.seen += piece.seen
    check.after = piece.after or ""
    if piece.after is None:
        check.source += 1
        if check.source >= whom.sources:
            check.state, check.finished_at = "done", clock.now()


def _kept(check: Check) -> bool:
    """Write how far it is; False where it is no longer this turn's to write."""
    names = ("state", "seen", "source", "after", "by_account", "finished_at", *MISSED)
    rows = Check.objects.in_workspace(check.workspace_id).filter(pk=check.pk, walk=check.walk, state="running")
    with transaction.atomic():
        return bool(rows.update(**{name: getattr(check, name) for name in names}))


def recipients(check: Check) -> int:
    """How many it has counted who will be reached."""
    return sum(check.by_account.values())


def latest(workspace: Workspace, broadcast: Broadcast) -> Check | None:
    """The check of what the broadcast is now, where there is one that is not too old."""
    found = Check.objects.in_workspace(workspace).filter(broadcast=broadcast, version=broadcast.version).first()
    if found is not None and found.finished_at is not None and found.finished_at < clock.now() - FRESH:
        return None
    return found


def said(workspace: Workspace, broadcast_id: uuid.UUID) -> dict[str, Any]:
    """How far the check is, and what sending would do by what was counted. Raises NotFound where there is none."""
    broadcast = Broadcast.objects.in_workspace(workspace).filter(pk=broadcast_id).first()
    check = latest(workspace, broadcast) if broadcast is not None else None
    if broadcast is None or check is None:
        raise NotFound("broadcast" if broadcast is None else "check")
    accounts = _accounts(workspace, broadcast, check)
    seconds = ((check.finished_at or clock.now()) - check.started_at).total_seconds()
    rate = check.seen / seconds if seconds > 0 else 0.0
    rules = rules_of(workspace.pk)
    return {
        "state": check.state, "seen": check.seen, "total": check.total, "rate_per_second": rate,
        "left_seconds": max(0, check.total - check.seen) / rate if rate > 0 and check.state == "running" else None,
        "recipients": recipients(check), **{reason: getattr(check, reason) for reason in MISSED},
        "accounts": accounts, "typed_above": TYPED_ABOVE, "seconds": max((one["seconds"] for one in accounts), default=0),
        "marketing": None if broadcast.purpose != "marketing" else {
            "quiet_from": rules.quiet_from, "quiet_to": rules.quiet_to, "per_day": rules.marketing_per_day, "per_week": rules.marketing_per_week,
        },
    }  # fmt: skip


def _accounts(workspace: Workspace, broadcast: Broadcast, check: Check) -> list[dict[str, Any]]:
    whom = audiences.read(broadcast.audience)
    segments = personal.read(workspace.pk, messages.kept(broadcast.parts)).fill({})
    sizes = _sizes(workspace, [one.file for one in segments if isinstance(one, (Image, FilePart))])
    found: list[dict[str, Any]] = []
    for way in audiences.ways(workspace.pk, whom):
        number = check.by_account.get(str(way.account.pk), 0)
        left_out: list[tuple[str, str]] = []
        problem = None
        try:
            left_out = fitting.fit(segments, way.manifest, sizes=sizes)[1]
        except Refused as refused:
            problem = {"zh": refused.zh, "en": refused.en}
        found.append(
            {
                "account_id": way.account.pk, "name": way.account.name, "state": way.account.state, "recipients": number,
                "seconds": takes_seconds(way, number, kind="group" if whom.kind == "groups" else "dm", per_minute=broadcast.per_minute),
                "left_out": [{"zh": zh, "en": en} for zh, en in left_out], "problem": problem,
                "risk": {"zh": way.manifest.risk_zh, "en": way.manifest.risk_en} if way.manifest.risk_zh else None,
                "needs_opening": way.manifest.capabilities.send == "reply_window",
            }
        )  # fmt: skip
    return found


def _sizes(workspace: Workspace, names: list[str]) -> dict[str, int]:
    return dict(KeptFile.objects.in_workspace(workspace).filter(sha256__in=names).values_list("sha256", "size_bytes"))
