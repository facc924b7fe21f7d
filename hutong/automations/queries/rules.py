"""Rules as lists and pages show them, with what is said and counted of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db.models import OuterRef, Q, Subquery

from hutong.automations import registry, triggers
from hutong.automations.models import DailyRuns, Rule, Run
from hutong.automations.presets.rules import RULES
from hutong.automations.rules import shapes
from hutong.automations.triggers import AnyTrigger
from hutong.foundation import clock, pages
from hutong.foundation.errors import Invalid, NotFound
from hutong.segments import vocabulary
from hutong.segments.conditions import reading, sentences
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.workspaces.models import Workspace

DAYS = 7  # counted in lists
GONE = {"zh": "用到的内容已被删除", "en": "What it names was deleted"}
_COLUMNS = (
    "id", "name", "description", "preset", "follows", "is_on", "community", "trigger", "condition", "actions", "cooldown_seconds", "cap_times", "cap_days", "hours",
    "priority", "is_last", "version", "started_at", "created_by", "changed_by", "created_at", "updated_at",
)  # fmt: skip


def page(workspace: Workspace, *, state: str | None, q: str, trigger: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """Rules: those that are on first, then by priority, then by age; without those that belong to something else."""
    rows = Rule.objects.in_workspace(workspace).filter(follows="")
    if state is not None:
        rows = rows.filter(is_on=state == "on")
    if q.strip():
        rows = rows.filter(Q(name__icontains=q.strip()) | Q(description__icontains=q.strip()))
    if trigger is not None:
        rows = rows.filter(trigger__kind=trigger)
    found = pages.paginate(rows.select_related("community"), order=["-is_on", "-priority", "id"], cursor=cursor, limit=limit)
    return {"items": _shown(workspace, found.items), "next_cursor": found.next_cursor, "total": rows.count()}


def one(workspace: Workspace, rule_id: uuid.UUID) -> dict[str, Any]:
    """One rule; what it names that is gone is looked for now. Raises NotFound."""
    found = Rule.objects.in_workspace(workspace).select_related("community").filter(pk=rule_id).first()
    if found is None:
        raise NotFound("rule")
    found.problems = problems(workspace.pk, found, vocabulary.of(workspace))
    return _shown(workspace, [found])[0]


def problems(workspace_id: uuid.UUID, rule: Rule, words: Vocabulary) -> list[dict[str, Any]]:
    """What is wrong with a rule as it is kept."""
    try:
        shapes.read(workspace_id, trigger=rule.trigger, condition=rule.condition, actions=rule.actions, words=words)
    except Invalid as error:
        return error.errors
    return []


def _shown(workspace: Workspace, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    words = vocabulary.of(workspace)
    today = clock.local_date(clock.now(), workspace.time_zone)
    days = [today - dt.timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    counted: dict[tuple[uuid.UUID, dt.date], dict[str, Any]] = {}
    ids = [rule.pk for rule in rules]
    for row in DailyRuns.objects.in_workspace(workspace).filter(rule__in=ids, day__gte=days[0]):
        counted[row.rule_id, row.day] = {"day": row.day, "done": row.done, "skipped": row.skipped, "failed": row.failed}
    newest = Run.objects.across_workspaces().filter(rule=OuterRef("pk")).order_by("-id").values("id")[:1]
    wanted = Rule.objects.in_workspace(workspace).filter(pk__in=ids).annotate(newest=Subquery(newest)).values_list("newest", flat=True)
    last = {row.rule_id: row for row in Run.objects.in_workspace(workspace).filter(pk__in=[pk for pk in wanted if pk is not None])}
    found = []
    for rule in rules:
        by_day = [counted.get((rule.pk, day), {"day": day, "done": 0, "skipped": 0, "failed": 0}) for day in days]
        found.append(
            {name: getattr(rule, name) for name in _COLUMNS}
            | {
                "sentences": said(workspace.pk, rule.trigger, rule.condition, rule.actions, words) | _owner_said(rule),
                "problems": [{"field": one["field"], **one["message"]} for one in rule.problems],
                "days": by_day,
                **{name: sum(one[name] for one in by_day) for name in ("done", "skipped", "failed")},
                "last_run": last.get(rule.pk),
            }
        )
    return found


def said(workspace_id: uuid.UUID, trigger: Any, condition: Any, actions: Sequence[Mapping[str, Any]], words: Vocabulary) -> dict[str, Any]:
    """A rule in words; parts that name what is gone say so."""
    zh, en = triggers.sentence(msgspec.convert(trigger, AnyTrigger), words)
    return {
        "trigger": {"zh": zh, "en": en},
        "condition": None if condition is None else _condition_said(condition, words),
        "actions": [{"id": one["id"], **_action_said(workspace_id, one)} for one in actions],
    }


def _owner_said(rule: Rule) -> dict[str, Any]:
    """What sets off a rule that belongs to something, instead of what its trigger says: that names the owner by its id."""
    owner = registry.owner(rule.follows)
    return {"trigger": {"zh": owner.zh.format(name=rule.name), "en": owner.en.format(name=rule.name)}} if owner else {}


def _condition_said(raw: Any, words: Vocabulary) -> dict[str, str]:
    try:
        found = reading.read(raw, words)
    except ConditionRefused:
        return GONE
    return {language: sentences.sentence(found, words, language) for language in ("zh", "en")}


def _action_said(workspace_id: uuid.UUID, one: Mapping[str, Any]) -> dict[str, str]:
    action = registry.find(one["action"])
    if action is None:
        return GONE
    zh, en = action.say(workspace_id, one["settings"])
    return {"zh": zh, "en": en}


def presets(workspace: Workspace) -> list[dict[str, Any]]:
    """The gallery: those whose actions are part of the product."""
    return [
        one.shown(language=workspace.language, zone=workspace.time_zone) for one in RULES if all(registry.find(act["action"]) for act in one.actions)
    ]
