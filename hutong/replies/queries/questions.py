"""Questions that no rule and nobody answered."""

from __future__ import annotations

from hutong.foundation import clock, pages
from hutong.replies.models import Question
from hutong.replies.questions import KEPT, WAITED
from hutong.workspaces.models import Workspace


def unanswered(workspace: Workspace, *, cursor: str | None, limit: int) -> pages.Page[Question]:
    """Those that have waited an hour, the newest first."""
    now = clock.now()
    rows = Question.objects.in_workspace(workspace).filter(answered_at=None, dismissed_at=None, asked_at__lte=now - WAITED, asked_at__gt=now - KEPT)
    return pages.paginate(rows.select_related("group__community", "member"), order=["-asked_at", "-id"], cursor=cursor, limit=limit)
