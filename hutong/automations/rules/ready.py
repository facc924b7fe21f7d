"""The rules that are on, ready to be asked. One that names what is gone does nothing, and its row says why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hutong.automations import definitions
from hutong.automations.asking import Question
from hutong.automations.models import Rule
from hutong.automations.rules import shapes
from hutong.automations.rules.shapes import Act, Hours
from hutong.automations.triggers import AnyTrigger
from hutong.foundation import clock
from hutong.foundation.errors import Invalid
from hutong.segments import vocabulary
from hutong.segments.conditions.vocabulary import Vocabulary

KEPT_SECONDS = 30.0  # what rules name may be gone by then, which is noticed


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


_kept: tuple[int, float, Mapping[uuid.UUID, Ready]] = (-1, 0.0, {})


def every() -> Mapping[uuid.UUID, Ready]:
    """All rules that are on, by id; read anew when a definition has changed, and now and then."""
    global _kept
    stamp, now = definitions.stamp(), clock.monotonic_seconds()
    if _kept[0] != stamp or now - _kept[1] > KEPT_SECONDS:
        _kept = (stamp, now, _read())
    return _kept[2]


def forget() -> None:
    """Read everything anew: for tests."""
    global _kept
    _kept = (-1, 0.0, {})


def _read() -> dict[uuid.UUID, Ready]:
    found: dict[uuid.UUID, Ready] = {}
    words: dict[uuid.UUID, Vocabulary] = {}  # as of now: what a new rule names may be as new
    for row in Rule.objects.across_workspaces().filter(is_on=True).select_related("workspace", "community").order_by("pk"):
        problems = []
        if row.workspace_id not in words:
            words[row.workspace_id] = vocabulary.of(row.workspace)
        try:
            found[row.pk] = of(row, words[row.workspace_id])
        except Invalid as error:
            problems = error.errors
        if problems != row.problems:
            Rule.objects.in_workspace(row.workspace_id).filter(pk=row.pk, version=row.version).update(problems=problems)
    return found
