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
from hutong.automations.schemas.rules import RuleIn
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace


def follow(
    workspace: Workspace, *, actor: Actor, follows: str, name: str, event: str, actions: Sequence[Mapping[str, Any]] | None,
    properties: Mapping[str, str] | None = None, community_id: uuid.UUID | None = None,
) -> bool:  # fmt: skip
    """These actions are done for whoever that event happens to, with these properties, in that community; None: what was done is done still, with
    no actions nothing is any more. Gives whether they are others than before.

    `follows` names for ever what the rule belongs to (`<kind>:<id>`), `name` for people. Raises Invalid at `actions.…`, ActionNotAllowed,
    TooManyRules.
    """
    with transaction.atomic():
        rule = _of(workspace, follows)
        had: list[dict[str, Any]] = rule.actions if rule is not None else []
        given = had if actions is None else [dict(one) for one in actions]
        if not given:
            forget(workspace, actor=actor, follows=follows)
            return bool(had)
        tests = [{"property": key, "type": "text", "op": "is", "value": value} for key, value in (properties or {}).items()]
        values: dict[str, Any] = {
            "name": name,
            "community_id": community_id,
            "trigger": {"kind": "event", "event": event, "where": tests},
            "actions": given,
        }
        if rule is None:
            rules.create(workspace, actor=actor, values=RuleIn(is_on=True, **values).dict(by_alias=True), follows=follows)
            return True
        changed = rules.change(workspace, actor=actor, rule_id=rule.pk, version=rule.version, values=values, follows=follows)
        return bool(changed.actions != had)


def rename(workspace: Workspace, *, actor: Actor, follows: str, name: str) -> None:
    """What it belongs to has another name now."""
    with transaction.atomic():
        rule = _of(workspace, follows)
        if rule is not None:
            rules.change(workspace, actor=actor, rule_id=rule.pk, version=rule.version, values={"name": name}, follows=follows)


def forget(workspace: Workspace, *, actor: Actor, follows: str) -> None:
    """What it belonged to is gone."""
    with transaction.atomic():
        rule = _of(workspace, follows)
        if rule is not None:
            rules.delete(workspace, actor=actor, rule_id=rule.pk, follows=follows)


def _of(workspace: Workspace, follows: str) -> Rule | None:
    return Rule.objects.in_workspace(workspace).filter(follows=follows).first()
