"""Rules tried, on a member or on what happened lately."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from hutong.automations.actions.rules import check_allowed
from hutong.automations.rules import replaying, trying
from hutong.foundation.errors import Invalid
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def tried(
    workspace: Workspace,
    *,
    actor: Actor,
    rule: Mapping[str, Any],
    rule_id: uuid.UUID | None,
    member_id: uuid.UUID | None,
    event_id: str,
    occasion: Mapping[str, Any] | None,
    days: int | None,
) -> dict[str, Any]:
    """One of the two, as is asked. Raises Invalid, NotFound, ActionNotAllowed. Nothing is written."""
    check_allowed(actor, rule["actions"])
    if (member_id is None) == (days is None):
        raise Invalid.field("member_id", "请选择成员，或天数。", "Choose a member, or a number of days.")
    made = trying.made_ready(workspace, rule, rule_id)
    if member_id is not None:
        return {"member": trying.on_member(workspace, made, member_id, event_id=event_id, made_up=occasion)}
    return {"days": replaying.on_days(workspace, made, days or 1)}
