"""What is watched for in each community, defaults where nobody said otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from hutong.alerts.models import OF_GROUPS, AlertRules

QUESTION_MINUTES = 60
NEWCOMER_MINUTES = 60
MINUTES_MIN, MINUTES_MAX = 15, 12 * 60
CONNECTION_MINUTES = 10  # a connection that is down so long is told of
DEAD_HOURS = 24  # messages that did not go are told of so long


@dataclass(frozen=True, slots=True)
class Rules:
    """What is watched for in one community."""

    sensitivity: str = "normal"
    kinds: frozenset[str] = frozenset(OF_GROUPS)
    question_minutes: int = QUESTION_MINUTES
    newcomer_minutes: int = NEWCOMER_MINUTES
    muted: frozenset[str] = frozenset()

    def watches(self, kind: str, group_id: object) -> bool:
        """Whether that kind is watched for in that group."""
        return kind in self.kinds and str(group_id) not in self.muted

    def minutes(self, kind: str) -> int:
        """How long somebody waits before staff is told."""
        return self.question_minutes if kind == "question" else self.newcomer_minutes


DEFAULTS = Rules()


def rules_of(community_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Rules]:
    """The rules of these communities, those with none left out."""
    rows = AlertRules.objects.across_workspaces().filter(community_id__in=list(community_ids))
    return {
        row.community_id: Rules(row.sensitivity, frozenset(row.kinds), row.question_minutes, row.newcomer_minutes, frozenset(row.muted_group_ids))
        for row in rows
    }
