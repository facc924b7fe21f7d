"""Going through the audience before sending: begun, cancelled, and what it says when somebody sends."""

from __future__ import annotations

import uuid

from django.db import transaction

from hutong.broadcasts import audience as audiences
from hutong.broadcasts import checking, tasks
from hutong.broadcasts.actions.drafts import one
from hutong.broadcasts.errors import AudienceUncounted
from hutong.broadcasts.models import Broadcast, Check
from hutong.foundation import clock, ids
from hutong.foundation.errors import Invalid, NotFound
from hutong.workspaces.models import Workspace


def begin(workspace: Workspace, *, broadcast_id: uuid.UUID, anew: bool = True) -> Check:
    """Go through the audience of what a broadcast is now: a little at once, the rest in a job. One under way goes on; unless `anew`, one
    that is over stands. Raises NotFound, Invalid where something is missing.
    """
    broadcast = Broadcast.objects.in_workspace(workspace).filter(pk=broadcast_id).first()
    if broadcast is None:
        raise NotFound("broadcast")
    whom = audiences.read(broadcast.audience)
    audiences.whole(whom)
    audiences.checked(workspace, whom)
    if not broadcast.parts:
        raise Invalid.field("parts", "请填写消息内容。", "Write a message.")
    check = checking.latest(workspace, broadcast)
    if check is None or check.state == "cancelled" or (anew and check.state == "done"):
        total = audiences.size_of(workspace.pk, whom)
        with transaction.atomic():
            version = one(workspace, broadcast_id).version
            fresh = {"walk": ids.new(), "version": version, "state": "running", "total": total, "seen": 0, "source": 0, "after": "", "by_account": {},
                     "no_identity": 0, "not_opened": 0, "no_account": 0, "started_at": clock.now(), "finished_at": None}  # fmt: skip
            check, _ = Check.objects.in_workspace(workspace).update_or_create(broadcast=broadcast, workspace=workspace, defaults=fresh)
        checking.walk(check.pk, check.walk, seconds=checking.AT_ONCE_SECONDS)
        check.refresh_from_db()
    if check.state == "running":
        with transaction.atomic():
            tasks.check.enqueue(str(check.pk), str(check.walk))
    return check


def cancel(workspace: Workspace, *, broadcast_id: uuid.UUID) -> None:
    """Count no further. Raises NotFound."""
    with transaction.atomic():
        one(workspace, broadcast_id)
        Check.objects.in_workspace(workspace).filter(broadcast_id=broadcast_id, state="running").update(state="cancelled", finished_at=clock.now())


def counted(workspace: Workspace, broadcast: Broadcast) -> int:
    """How many will be reached, by a check that is over. Raises AudienceUncounted while one is under way."""
    check = begin(workspace, broadcast_id=broadcast.pk, anew=False)
    if check.state != "done":
        raise AudienceUncounted(total=f"{check.total:,}")
    return checking.recipients(check)
