"""The rules that are on, ready to be asked. One that names what is gone does nothing, and its row says why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hutong.automations import definitions
from hutong.automations.asking import Question
from hutong.automations.models import Rule
from hutong.automations.rules import shapes
from hutong.automations.rules.shapes import Act, Hours
from hutong.automations.triggers import AnyTrigger
from hutong.foundation.errors import Invalid
from hutong.foundation.rows import ScopedQuerySet
from hutong.segments import vocabulary
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A rule. `zone`: of its community, or the workspace's; its days and hours are those there. `home_zone`: the workspace's. `since` and `changed_at` are Unix seconds."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    name: str
    zone: str
    home_zone: str
    trigger: AnyTrigger
    question: Question | None
    acts: Sequence[Act]
    version: int = 1
    community: uuid.UUID | None = None
    cooldown_seconds: int = 0
    cap_times: int = 0
    cap_days: int = 0
    hours: Hours | None = None
    priority: int = 0
    is_last: bool = False
    since: float = 0.0
    changed_at: float = 0.0

    @property
    def is_late(self) -> bool:
        """Whether it asks what somebody did."""
        return self.question is not None and self.question.is_late

    @property
    def source(self) -> str:
        """How rows name it."""
        return f"rule:{self.id}"


def of(rule: Rule, words: Vocabulary) -> Ready:
    """A rule made ready; its workspace and community at hand. Raises Invalid where it names what is gone."""
    body = shapes.read(rule.workspace_id, trigger=rule.trigger, condition=rule.condition, actions=rule.actions, words=words)
    return Ready(
        id=rule.pk,
        workspace_id=rule.workspace_id,
        name=rule.name,
        home_zone=rule.workspace.time_zone,
        zone=rule.community.time_zone if rule.community else rule.workspace.time_zone,
        trigger=body.trigger,
        question=body.question,
        acts=body.acts,
        version=rule.version,
        community=rule.community_id,
        cooldown_seconds=rule.cooldown_seconds,
        cap_times=rule.cap_times,
        cap_days=rule.cap_days,
        hours=shapes.hours(rule.hours),
        priority=rule.priority,
        is_last=rule.is_last,
        since=rule.started_at.timestamp() if rule.started_at else 0.0,
        changed_at=rule.updated_at.timestamp(),
    )


_kept: tuple[int, Mapping[uuid.UUID, Ready]] = (-1, {})


def every() -> Mapping[uuid.UUID, Ready]:
    """All rules that are on, by id. Where a definition has changed, those that are new or another version are read."""
    global _kept
    stamp = definitions.stamp()
    if _kept[0] != stamp:
        _kept = (stamp, _read(_kept[1]))
    return _kept[1]


def review() -> None:
    """Every half a minute: what rules name may be gone, or be there again."""
    global _kept
    words = _Words()
    found: dict[uuid.UUID, Ready] = {}
    has_changed = False
    for row in _rows():
        made, problems = _made(row, words)
        if made is not None:
            found[row.pk] = made
        if problems != row.problems:
            has_changed = _note(row, problems) or has_changed
    if has_changed:
        with transaction.atomic():
            definitions.changed()
    _kept = (definitions.stamp(), found)


def forget() -> None:
    """Read everything anew: for tests."""
    global _kept
    _kept = (-1, {})


class _Words:
    """What there is to speak of now, by workspace: what a new rule names may be as new."""

    def __init__(self) -> None:
        self._found: dict[uuid.UUID, Vocabulary] = {}

    def of(self, workspace: Workspace) -> Vocabulary:
        if workspace.pk not in self._found:
            self._found[workspace.pk] = vocabulary.of(workspace)
        return self._found[workspace.pk]


def _rows() -> ScopedQuerySet[Rule]:
    return Rule.objects.across_workspaces().filter(is_on=True).select_related("workspace", "community").order_by("pk")


def _read(before: Mapping[uuid.UUID, Ready]) -> dict[uuid.UUID, Ready]:
    words = _Words()
    found: dict[uuid.UUID, Ready] = {}
    for row in _rows():
        if row.problems:
            continue
        known = before.get(row.pk)
        if known is not None and known.version == row.version:
            found[row.pk] = known
            continue
        made, problems = _made(row, words)
        if made is not None:
            found[row.pk] = made
        else:
            _note(row, problems)
    return found


def _made(row: Rule, words: _Words) -> tuple[Ready | None, list[dict[str, Any]]]:
    try:
        return of(row, words.of(row.workspace)), []
    except Invalid as error:
        return None, error.errors


def _note(row: Rule, problems: list[dict[str, Any]]) -> bool:
    """Say at the rule what is wrong with it, unless it was changed meanwhile."""
    return bool(Rule.objects.in_workspace(row.workspace_id).filter(pk=row.pk, version=row.version).update(problems=problems))
