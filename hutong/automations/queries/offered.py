"""What the editors of rules and journeys offer: actions with their forms, and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hutong.automations import registry, triggers
from hutong.automations.triggers import OnSchedule
from hutong.foundation import clock, timing
from hutong.foundation.acting import Action
from hutong.foundation.errors import Invalid
from hutong.segments import vocabulary
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

KINDS = ("event", "segment", "schedule", "date", "manual")


def actions(actor: Actor) -> list[dict[str, Any]]:
    """Every action, and whether the actor may put it into a rule."""
    return [_action(one, actor) for one in registry.every()]


def _action(one: Action, actor: Actor) -> dict[str, Any]:
    fields = [
        asdict(field) | {"only_if": None if field.only_if is None else {"field": field.only_if[0], "values": list(field.only_if[1])}}
        for field in one.fields
    ]
    names = ("name", "zh", "en", "kind", "permission")
    return {name: getattr(one, name) for name in names} | {"is_allowed": actor.allows(one.permission), "fields": fields}


def action_said(workspace: Workspace, name: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """An action in words. Raises Invalid."""
    action = registry.find(name)
    if action is None:
        raise Invalid.field("action", "没有这个动作。", "There is no such action.")
    try:
        zh, en = action.say(workspace.pk, action.check(workspace.pk, settings))
    except Invalid as error:
        raise Invalid(errors=[{**one, "field": f"settings.{one['field']}"} for one in error.errors]) from error
    return {"zh": zh, "en": en}


def trigger_said(workspace: Workspace, raw: Any) -> dict[str, Any]:
    """A trigger in words, and the next moments of a schedule. Raises Invalid."""
    words = vocabulary.of(workspace)
    found = triggers.read(raw, words, where="trigger", kinds=KINDS)
    zh, en = triggers.sentence(found, words)
    dates = []
    years: list[int] = []
    if isinstance(found, OnSchedule):
        for moment in timing.following(found.timing, clock.now()):
            dates.append(moment)
            if len(dates) == timing.SHOWN:
                break
        years = timing.unknown_years(dates, found.timing)
    return {"zh": zh, "en": en, "dates": dates, "unknown_years": years}
