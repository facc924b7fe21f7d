"""How many a condition would hold for, while it is being edited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from hutong.communities.models import Community
from hutong.events import queries
from hutong.events.warehouse.schema import SHARES
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.members.queries import names
from hutong.segments import vocabulary
from hutong.segments.conditions import every, reading, sentences
from hutong.segments.conditions.every import PEOPLE
from hutong.segments.conditions.values import Today
from hutong.workspaces.models import Workspace

EXAMPLES = 5
SAMPLED_FROM = 200_000  # people: above, the first answer is from a sample


@dataclass(frozen=True, slots=True)
class Preview:
    """Members the condition holds for, of all who count; an estimate where it is not exact."""

    count: int
    of: int
    is_exact: bool
    examples: list[tuple[uuid.UUID, str]]
    seconds: float


def sentence(workspace: Workspace, raw: Any) -> dict[str, str]:
    """The condition in words, in both languages. Raises ConditionRefused."""
    words = vocabulary.of(workspace)
    condition = reading.read(raw, words)
    return {language: sentences.sentence(condition, words, language) for language in ("zh", "en")}


def preview(workspace: Workspace, raw: Any, *, community_id: uuid.UUID | None, own_segment: uuid.UUID | None, is_exact: bool) -> Preview:
    """Count now. Raises ConditionRefused."""
    began = clock.monotonic_seconds()
    words = vocabulary.of(workspace)
    condition = reading.read(raw, words, own_segment=None if own_segment is None else str(own_segment))
    today = Today(clock.local_date(clock.now(), _zone(workspace, community_id)))
    bound = {"workspace": str(workspace.pk)}
    ((everybody,),) = queries.rows(f"SELECT count() FROM people FINAL WHERE workspace_id = {{workspace:UUID}} AND {PEOPLE}", bound)
    sampled = not is_exact and everybody > SAMPLED_FROM
    statement = every.members(
        condition, words, workspace_id=str(workspace.pk), time_zone=workspace.time_zone, today=today, among=PEOPLE, is_sampled=sampled
    )
    ((count, some),) = queries.rows(f"SELECT count(), groupArray({EXAMPLES})(member_id) FROM ({statement.text})", statement.parameters)
    shown = names(workspace.pk, some)
    return Preview(
        count=count * SHARES if sampled else count, of=everybody, is_exact=not sampled,
        examples=[(member_id, shown[member_id]) for member_id in some if member_id in shown], seconds=clock.monotonic_seconds() - began,
    )  # fmt: skip


def _zone(workspace: Workspace, community_id: uuid.UUID | None) -> str:
    if community_id is None:
        return workspace.time_zone
    found = Community.objects.in_workspace(workspace).filter(pk=community_id).values_list("time_zone", flat=True).first()
    if found is None:
        raise NotFound("community")
    return str(found)
