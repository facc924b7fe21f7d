"""What else is done when a keyword is answered, a newcomer welcomed, somebody kept waiting: a rule that belongs to whatever tells of it.

It is set off by the event that tells so, runs and is logged as every rule, and is changed where it belongs alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from hutong.automations.actions import rules
from hutong.automations.models import Rule
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

_PLAIN = {
    "description": "", "preset": "", "condition": None, "cooldown_seconds": 0, "cap_times": 0, "cap_days": 0, "hours": None, "priority": 0,
    "is_last": False, "is_on": True,
}  # fmt: skip


def follow(
    workspace: Workspace, *, actor: Actor, follows: str, name: str, event: str, actions: Sequence[Mapping[str, Any]],
    properties: Mapping[str, str] | None = None, community_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    """These actions are done for whoever that event happens to, with these properties, in that community; with no actions nothing is any more.

    `follows` names for ever what the rule belongs to (`<kind>:<id>`), `name` for people. Raises Invalid at `actions.…`, ActionNotAllowed,
    TooManyRules.
    """
    tests = [{"property": key, "type": "text", "op": "is", "value": value} for key, value in (properties or {}).items()]
    values = {
        "name": name, "community_id": community_id, "trigger": {"kind": "event", "event": event, "where": tests}, "actions": [dict(one) for one in actions],
    }  # fmt: skip
    with transaction.atomic():
        rule = Rule.objects.in_workspace(workspace).filter(follows=follows).first()
        if rule is None:
            if actions:
                rules.create(workspace, actor=actor, values=_PLAIN | values, follows=follows)
        elif actions:
            rules.change(workspace, actor=actor, rule_id=rule.pk, version=rule.version, values=values, follows=follows)
        else:
            rules.delete(workspace, actor=actor, rule_id=rule.pk, follows=follows)


def rename(workspace: Workspace, *, actor: Actor, follows: str, name: str) -> None:
    """What it belongs to has another name."""
    with transaction.atomic():
        rule = Rule.objects.in_workspace(workspace).filter(follows=follows).first()
        if rule is not None:
            rules.change(workspace, actor=actor, rule_id=rule.pk, version=rule.version, values={"name": name}, follows=follows)


def forget(workspace: Workspace, *, actor: Actor, follows: str) -> None:
    """What it belonged to is gone."""
    with transaction.atomic():
        rule = Rule.objects.in_workspace(workspace).filter(follows=follows).first()
        if rule is not None:
            rules.delete(workspace, actor=actor, rule_id=rule.pk, follows=follows)
