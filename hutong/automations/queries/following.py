"""The actions that belong to keyword replies, welcomes and whatever else they follow."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from hutong.automations.models import DailyRuns, Rule
from hutong.automations.queries.rules import DAYS
from hutong.foundation import clock
from hutong.members import bulk
from hutong.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Following:
    """What is done besides, and how often it came to each end in the last seven days. `rule_id`: of the rule that does it, with its log."""

    rule_id: uuid.UUID | None = None
    actions: list[dict[str, Any]] = field(default_factory=list)
    done: int = 0
    skipped: int = 0
    failed: int = 0


NOTHING = Following()


def will_do(workspace: Workspace, follows: str, given: Sequence[object] | None) -> bool:
    """Whether anything is done besides, once these actions are given; None: those that are there stay."""
    return bool(given) if given is not None else follows in of(workspace, [follows])


def of(workspace: Workspace, follows: Iterable[str]) -> Mapping[str, Following]:
    """Of each of these that has any."""
    rows: list[tuple[str, uuid.UUID, list[dict[str, Any]]]] = []
    for some in bulk.chunks(follows):
        rows += Rule.objects.in_workspace(workspace).filter(follows__in=some).values_list("follows", "pk", "actions")
    if not rows:
        return {}
    since = clock.local_date(clock.now(), workspace.time_zone) - dt.timedelta(days=DAYS - 1)
    counted: dict[uuid.UUID, tuple[int, int, int]] = {}
    for rules in bulk.chunks(pk for _, pk, _ in rows):
        days = DailyRuns.objects.in_workspace(workspace).filter(rule__in=rules, day__gte=since).order_by().values_list("rule_id")
        counted |= {pk: (done, skipped, failed) for pk, done, skipped, failed in days.annotate(a=Sum("done"), b=Sum("skipped"), c=Sum("failed"))}
    return {name: Following(pk, actions, *counted.get(pk, (0, 0, 0))) for name, pk, actions in rows}
