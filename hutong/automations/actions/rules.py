"""Rules: made, changed, switched, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from hutong.automations import definitions, registry
from hutong.automations.errors import ActionNotAllowed, RuleBelongs, RuleChanged, RuleNameTaken, TooManyRules
from hutong.automations.journeys import circling
from hutong.automations.models import DailyRuns, Firing, Rule, Run
from hutong.automations.rules import circles, shapes
from hutong.automations.rules.shapes import Body
from hutong.automations.schemas.rules import DESCRIPTION_LENGTH_MAX, NAME_LENGTH_MAX
from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines, one_line
from hutong.segments import vocabulary
from hutong.workspaces import access, audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

RULES_MAX = 1_000
COLUMNS = ("cooldown_seconds", "cap_times", "cap_days", "hours", "priority", "is_last", "is_on")
NEVER_NULL = ("name", "description", "trigger", "actions", "cooldown_seconds", "cap_times", "cap_days", "priority", "is_last", "is_on")


def create(workspace: Workspace, *, actor: Actor, values: Mapping[str, Any], follows: str = "") -> Rule:
    """Add a rule, `values` by the names of `schemas.rules.RuleIn`. Raises Invalid, ActionNotAllowed, RuleNameTaken, TooManyRules."""
    now = clock.now()
    made = Rule(
        workspace=workspace, preset=values["preset"], follows=follows, created_by=actor.name, changed_by=actor.name, created_at=now, updated_at=now
    )
    _fill(workspace, made, values)
    check_allowed(actor, made.actions)
    body = _read(workspace, made)
    with transaction.atomic():
        if Rule.objects.in_workspace(workspace).count() >= RULES_MAX:
            raise TooManyRules(limit=f"{RULES_MAX:,}")
        made.started_at = now if made.is_on else None
        _check_circle(workspace, made, body)
        _save(made, force_insert=True)
        definitions.changed()
        audit.write(workspace, actor=actor, action="rule.create", target=made, details={"is_on": made.is_on})
    return made


def change(workspace: Workspace, *, actor: Actor, rule_id: uuid.UUID, version: int, values: Mapping[str, Any], follows: str = "") -> Rule:
    """Change what `values` names. Raises Invalid, NotFound, ActionNotAllowed, RuleNameTaken, RuleChanged where `version` is no longer the last,
    RuleBelongs where it follows something else.

    Switched on, or with another trigger, what happened before is none of its business. Whoever only renames it or switches it off needs no right
    to its actions.
    """
    for name in NEVER_NULL:
        if name in values and values[name] is None:
            raise Invalid.field(name, "不能为空。", "This cannot be null.")
    with transaction.atomic():
        rule = _rule(workspace, rule_id, follows)
        RuleChanged.unless(version, rule.version, by=rule.changed_by)
        was_on, had = rule.is_on, {name: getattr(rule, name) for name in _KEPT}
        _fill(workspace, rule, values)
        changed = sorted(name for name, value in had.items() if value != getattr(rule, name))
        if not changed:
            return rule
        if not set(changed) <= (_WORDS if rule.is_on else {*_WORDS, "is_on"}):
            check_allowed(actor, rule.actions)
            body = _read(workspace, rule)
            _check_circle(workspace, rule, body)
            rule.problems = []
        now = clock.now()
        if rule.is_on and (not was_on or "trigger" in changed):
            rule.started_at = now
        rule.version += 1
        rule.changed_by, rule.updated_at = actor.name, now
        _save(rule)
        definitions.changed()
        audit.write(workspace, actor=actor, action="rule.change", target=rule, details={"changed": changed, "is_on": rule.is_on})
    return rule


def delete(workspace: Workspace, *, actor: Actor, rule_id: uuid.UUID, follows: str = "") -> None:
    """Delete a rule with its log; what it did stays. Raises NotFound, RuleBelongs."""
    with transaction.atomic():
        rule = _rule(workspace, rule_id, follows)
        Run.objects.in_workspace(workspace).filter(rule=rule)._raw_delete("default")
        DailyRuns.objects.in_workspace(workspace).filter(rule=rule)._raw_delete("default")
        Firing.objects.in_workspace(workspace).filter(of="rule", automation=rule.pk)._raw_delete("default")
        audit.write(workspace, actor=actor, action="rule.delete", target=rule)
        rule.delete()
        definitions.changed()


def check_allowed(actor: Actor, actions: Sequence[Mapping[str, Any]]) -> None:
    """Whoever automates an action must be allowed to do it. Raises ActionNotAllowed."""
    for at, one in enumerate(actions):
        action = registry.find(one["action"])
        if action is not None and not actor.allows(action.permission):
            words = next(each for each in access.permissions() if each.name == action.permission)
            raise ActionNotAllowed(
                zh=f"「{action.zh}」需要「{words.zh}」",
                en=f"“{action.en}” needs the permission “{words.en}”",
                permission=action.permission,
                errors=[{"field": f"actions.{at}.action", "message": {"zh": "你没有权限使用这个动作。", "en": "You may not use this action."}}],
            )


_WORDS = {"name", "description"}
_KEPT = ("name", "description", "community_id", "trigger", "condition", "actions", *COLUMNS)


def _fill(workspace: Workspace, rule: Rule, values: Mapping[str, Any]) -> None:
    if "name" in values:
        rule.name = one_line("name", values["name"], length_max=NAME_LENGTH_MAX)
    if "description" in values:
        rule.description = many_lines("description", values["description"], length_max=DESCRIPTION_LENGTH_MAX)
    if "community_id" in values:
        if values["community_id"] is not None and not Community.objects.in_workspace(workspace).filter(pk=values["community_id"]).exists():
            raise NotFound("community")
        rule.community_id = values["community_id"]
    for name in ("trigger", "condition", "actions", *COLUMNS):
        if name in values:
            setattr(rule, name, values[name])


def _read(workspace: Workspace, rule: Rule) -> Body:
    """The rule's parts, its actions' settings put in the form they are kept in. Raises Invalid."""
    body = shapes.read(
        workspace.pk, trigger=rule.trigger, condition=rule.condition, actions=rule.actions, words=vocabulary.of(workspace), needs_action=rule.is_on
    )
    rule.actions = [{"id": one.id, "action": one.action.name, "settings": dict(one.settings)} for one in body.acts]
    return body


def _check_circle(workspace: Workspace, rule: Rule, body: Body) -> None:
    if rule.is_on:
        circles.check(workspace, rule, body, also=circling.links(workspace))


def _save(rule: Rule, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            rule.save(force_insert=force_insert)
    except IntegrityError:
        raise RuleNameTaken(name=rule.name) from None


def _rule(workspace: Workspace, rule_id: uuid.UUID, follows: str) -> Rule:
    found = Rule.objects.in_workspace(workspace).select_for_update().filter(pk=rule_id).first()
    if found is None:
        raise NotFound("rule")
    if found.follows != follows:
        raise RuleBelongs(name=found.name)
    return found
