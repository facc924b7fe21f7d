"""A rule as it is read from what somebody wrote, or from its row: everything checked, with what is wrong said at its field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from hutong.automations import asking, registry, triggers
from hutong.automations.asking import Question
from hutong.automations.triggers import AnyTrigger
from hutong.foundation.acting import Action
from hutong.foundation.errors import Invalid
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.vocabulary import Vocabulary

Problem = dict[str, Any]  # field, message: {zh, en}


class Hours(msgspec.Struct, frozen=True):
    """When a rule acts, on a wall clock. Days: 1 is Monday, the day an hour over midnight begins on."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    begin: str = msgspec.field(name="from", default="09:00")
    end: str = msgspec.field(name="to", default="21:00")
    otherwise: Literal["skip", "wait"] = "skip"


class Doing(msgspec.Struct, frozen=True):
    """One of a rule's actions, as JSON."""

    id: str
    action: str
    settings: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Act:
    """One of a rule's actions, ready to be planned."""

    id: str
    action: Action
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """What a rule is made of."""

    trigger: AnyTrigger
    question: Question | None
    acts: Sequence[Act]


def read(
    workspace_id: uuid.UUID, *, trigger: Any, condition: Any, actions: Sequence[Mapping[str, Any]], words: Vocabulary, needs_action: bool = False
) -> Body:
    """Check the three parts together. Raises Invalid with everything that is wrong: `trigger.…`, `condition/…`, `actions.0.settings.…`."""
    problems: list[Problem] = []
    found: AnyTrigger | None = None
    question: Question | None = None
    acts: list[Act] = []
    try:
        found = triggers.read(trigger, words, where="trigger")
    except Invalid as error:
        problems += error.errors
    if condition is not None:
        try:
            question = asking.question(condition, words)
        except ConditionRefused as error:
            problems += [{**one, "field": _in_condition(str(one["field"]))} for one in error.errors]
    seen: set[str] = set()
    for at, raw in enumerate(actions):
        doing = msgspec.convert(raw, Doing)
        try:
            if doing.id in seen:
                raise Invalid.field("id", "动作编号重复。", "Another action has that id.")
            seen.add(doing.id)
            acts.append(_act(workspace_id, doing))
        except Invalid as error:
            problems += [{**one, "field": f"actions.{at}.{one['field']}"} for one in error.errors]
    if needs_action and not actions:
        problems.append({"field": "actions", "message": {"zh": "请至少添加一个动作。", "en": "Add an action."}})
    if problems or found is None:
        raise Invalid(errors=problems)
    return Body(found, question, acts)


def _act(workspace_id: uuid.UUID, doing: Doing) -> Act:
    action = registry.find(doing.action)
    if action is None:
        raise Invalid.field("action", "没有这个动作。", "There is no such action.")
    try:
        return Act(doing.id, action, action.check(workspace_id, doing.settings))
    except Invalid as error:
        raise Invalid(errors=[{**one, "field": f"settings.{one['field']}"} for one in error.errors]) from error


def _in_condition(pointer: str) -> str:
    return "condition" if pointer == "/" else f"condition{pointer}"


def hours(raw: Any) -> Hours | None:
    """A rule's hours from a JSON column."""
    return None if raw is None else msgspec.convert(raw, Hours)
