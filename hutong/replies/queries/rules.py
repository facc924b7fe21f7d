"""Rules as lists and pages show them, with what is counted of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from hutong.automations.queries import following
from hutong.automations.queries.following import NOTHING, Following
from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members import bulk
from hutong.replies.models import DailyHits, Rule, RuleFile, Synonyms
from hutong.workspaces.models import Workspace

HITS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule with its answers of the last 30 days, and what is done besides."""

    rule: Rule
    following: Following
    hits: int
    last_hit_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of rules, and how many there are in all."""

    items: list[Shown]
    next_cursor: str | None
    total: int


def page(workspace: Workspace, *, q: str, is_enabled: bool | None, cursor: str | None, limit: int) -> Listed:
    """Rules by priority, the highest first, then by age."""
    rows = Rule.objects.in_workspace(workspace).filter(deleted_at=None)
    if q.strip():
        rows = rows.filter(Q(name__icontains=q.strip()) | Q(words__icontains=q.strip()))
    if is_enabled is not None:
        rows = rows.filter(is_enabled=is_enabled)
    found = pages.paginate(rows, order=["-priority", "id"], cursor=cursor, limit=limit)
    return Listed(_shown(workspace, found.items), found.next_cursor, rows.count())


def one(workspace: Workspace, rule_id: uuid.UUID) -> Shown:
    """One rule. Raises NotFound."""
    found = Rule.objects.in_workspace(workspace).filter(pk=rule_id, deleted_at=None).first()
    if found is None:
        raise NotFound("keyword reply")
    return _shown(workspace, [found])[0]


def _shown(workspace: Workspace, rules: Sequence[Rule]) -> list[Shown]:
    since = _today(workspace) - dt.timedelta(days=HITS_DAYS - 1)
    counted: dict[uuid.UUID, tuple[int, dt.datetime]] = {}
    for chunk in bulk.chunks(rule.pk for rule in rules):
        rows = DailyHits.objects.in_workspace(workspace).filter(rule_id__in=chunk).order_by().values_list("rule_id")
        for rule_id, hits, last_at in rows.annotate(n=Sum("hits", filter=Q(day__gte=since), default=0), last=Max("last_at")):
            counted[rule_id] = (hits, last_at)
    besides = following.of(workspace, [rule.follows for rule in rules])
    return [Shown(rule, besides.get(rule.follows, NOTHING), *counted.get(rule.pk, (0, None))) for rule in rules]


def hits(workspace: Workspace, rule_id: uuid.UUID) -> list[tuple[dt.date, int]]:
    """Answers by local day, the last 30. Raises NotFound."""
    one(workspace, rule_id)
    today = _today(workspace)
    days = [today - dt.timedelta(days=HITS_DAYS - 1 - number) for number in range(HITS_DAYS)]
    counted = dict(DailyHits.objects.in_workspace(workspace).filter(rule_id=rule_id, day__gte=days[0]).values_list("day", "hits"))
    return [(day, counted.get(day, 0)) for day in days]


def _today(workspace: Workspace) -> dt.date:
    return clock.local_date(clock.now(), workspace.time_zone)


def synonyms(workspace: Workspace) -> list[list[str]]:
    """The groups of words, in the order they were given."""
    return list(Synonyms.objects.in_workspace(workspace).order_by("created_at", "id").values_list("words", flat=True))


def file(workspace: Workspace, file_id: uuid.UUID) -> RuleFile:
    """A file of rules. Raises NotFound."""
    found = RuleFile.objects.in_workspace(workspace).defer("content").filter(pk=file_id).first()
    if found is None:
        raise NotFound("reply file")
    return found
