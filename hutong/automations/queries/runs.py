"""Who met a rule: what was done, and why nothing was."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from hutong.automations import asking
from hutong.automations.models import Rule, Run
from hutong.automations.rules.reasons import REASONS, UNKNOWN
from hutong.foundation import pages
from hutong.foundation.errors import NotFound
from hutong.foundation.rows import ScopedQuerySet
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.members.queries import names
from hutong.workspaces.models import Workspace

TIME = {"zh": "到了时间", "en": "It was time"}


def of_rule(
    workspace: Workspace, rule_id: uuid.UUID, *, state: str | None, member_id: uuid.UUID | None, cursor: str | None, limit: int
) -> dict[str, Any]:
    """A rule's runs, the newest first. Raises NotFound."""
    if not Rule.objects.in_workspace(workspace).filter(pk=rule_id).exists():
        raise NotFound("rule")
    rows = Run.objects.in_workspace(workspace).filter(rule=rule_id)
    if state is not None:
        rows = rows.filter(state=state)
    if member_id is not None:
        rows = rows.filter(member__in=origins.subtree(workspace.pk, member_id))
    return _page(workspace, rows, cursor=cursor, limit=limit)


def of_member(workspace: Workspace, *, member_id: uuid.UUID, cursor: str | None, limit: int) -> dict[str, Any]:
    """A member's runs, and those of everybody merged into them, the newest first. Raises NotFound."""
    if not Member.objects.in_workspace(workspace).filter(pk=member_id).exists():
        raise NotFound("member")
    rows = Run.objects.in_workspace(workspace).filter(member__in=origins.subtree(workspace.pk, member_id))
    return _page(workspace, rows, cursor=cursor, limit=limit)


def _page(workspace: Workspace, rows: ScopedQuerySet[Run], *, cursor: str | None, limit: int) -> dict[str, Any]:
    found = pages.paginate(rows.select_related("rule"), order=["-id"], cursor=cursor, limit=limit)
    return {"items": _shown(workspace, found.items), "next_cursor": found.next_cursor}


def _shown(workspace: Workspace, runs: Sequence[Run]) -> list[dict[str, Any]]:
    words = asking.words_of(workspace.pk)
    heads = origins.heads(workspace.pk, [run.member_id for run in runs if run.member_id is not None])
    shown = names(workspace.pk, heads.values())
    found = []
    for run in runs:
        head = heads.get(run.member_id) if run.member_id is not None else None
        word = words.events.get(run.event)
        reason = REASONS.get(run.reason, UNKNOWN)
        found.append(
            {
                "id": str(run.pk),
                "rule": run.rule,
                "member": {"id": head, "name": shown[head]} if head in shown else None,
                "event": run.event,
                "event_name": TIME if not run.event else {"zh": word.zh, "en": word.en} if word else {"zh": run.event, "en": run.event},
                "at": run.at,
                "state": run.state,
                "reason": {"code": run.reason, "zh": reason[0], "en": reason[1]} if run.reason else None,
                "outcomes": run.outcomes,
                "due_at": run.due_at,
            }
        )
    return found
