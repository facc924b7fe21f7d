"""Circles among rules: one whose actions set off another, which sets off the first. Found before they turn; a cooldown or a cap ends them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hutong.automations import registry
from hutong.automations.models import Rule
from hutong.automations.rules.shapes import Body
from hutong.automations.triggers import AnyTrigger, OnEvent, OnSegment
from hutong.foundation.acting import Cause
from hutong.foundation.errors import Invalid
from hutong.segments.conditions import values
from hutong.segments.conditions.values import Today
from hutong.workspaces.models import Workspace

_NO_DAY = Today(dt.date(2000, 1, 1))  # properties have no dates


@dataclass(frozen=True, slots=True)
class Link:
    """A rule of a circle: what sets it off, and what it brings about."""

    id: uuid.UUID
    name: str
    trigger: AnyTrigger
    causes: Sequence[Cause]


def check(workspace: Workspace, rule: Rule, body: Body, *, also: Iterable[Link] = ()) -> None:
    """Raises Invalid at the action by which a rule without cooldown and cap sets itself off, directly or through other such rules, or `also` these."""
    if rule.cooldown_seconds or rule.cap_times:
        return
    between = [one for one in (*others(workspace, rule), *also) if one.causes]
    for at, act in enumerate(body.acts):
        way = way_back(body.trigger, act.action.causes(act.settings), between)
        if way is not None:
            names = "”、“".join(one.name for one in way)
            raise Invalid.field(
                f"actions.{at}",
                f"这个动作会经由“{names}”再次触发本规则。请给其中一条加上冷却时间或次数上限。"
                if way
                else "这个动作会再次触发本规则。请加上冷却时间或次数上限。",
                f"This action sets the rule off again through “{names}”. Give one of them a cooldown or a cap."
                if way
                else "This action sets the rule off again. Give it a cooldown or a cap.",
            )


def meets(trigger: AnyTrigger, cause: Cause) -> bool:
    """Whether an event that is brought about may set something off: what is not known of it may be anything."""
    if isinstance(trigger, OnSegment):
        known = cause.properties.get("segment_id")
        return cause.event == f"segment_{trigger.way}" and known in (None, str(trigger.segment))
    if not isinstance(trigger, OnEvent) or trigger.event != cause.event:
        return False
    return all(
        values.judge(one.type, one.op, one.value)(values.normal(one.type, cause.properties[one.property]), _NO_DAY)
        for one in trigger.where
        if one.property in cause.properties
    )


def way_back(trigger: AnyTrigger, causes: Sequence[Cause], others: Sequence[Link]) -> list[Link] | None:
    """The rules between, none where it goes back directly; None where there is no way."""
    left: list[tuple[Sequence[Cause], list[Link]]] = [(causes, [])]
    seen: set[uuid.UUID] = set()
    while left:
        some, way = left.pop(0)
        if any(meets(trigger, cause) for cause in some):
            return way
        for one in others:
            if one.id not in seen and any(meets(one.trigger, cause) for cause in some):
                seen.add(one.id)
                left.append((one.causes, [*way, one]))
    return None


def others(workspace: Workspace, rule: Rule | None) -> Iterator[Link]:
    """The rules that are on, without cooldown and cap, besides one."""
    rows = Rule.objects.in_workspace(workspace).filter(is_on=True, cooldown_seconds=0, cap_times=0)
    if rule is not None:
        rows = rows.exclude(pk=rule.pk)
    for pk, name, trigger, actions in rows.values_list("pk", "name", "trigger", "actions"):
        yield Link(pk, name, msgspec.convert(trigger, AnyTrigger), _causes(actions))


def _causes(actions: Sequence[Mapping[str, Any]]) -> list[Cause]:
    found: list[Cause] = []
    for one in actions:
        action = registry.find(one["action"])
        if action is not None:
            found += action.causes(one["settings"])
    return found
