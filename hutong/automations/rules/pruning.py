"""Old runs go. Those that a cooldown or a cap still counts stay as long as it does."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q

from hutong.automations.models import DailyRuns, Rule, Run
from hutong.foundation import clock
from hutong.foundation.rows import ScopedQuerySet

KEPT_DAYS = 90
NUMBERS_KEPT_DAYS = 400
SKIPPED_MAX = 200_000  # of one rule
PRUNED_TOGETHER = 5_000
ROUNDS_MAX = 100  # of each rule in one turn


def prune() -> None:
    """Every hour."""
    now = clock.now()
    old = now - dt.timedelta(days=KEPT_DAYS)
    for rule in Rule.objects.across_workspaces().order_by("pk").only("pk", "workspace_id", "cooldown_seconds", "cap_times", "cap_days"):
        rows = Run.objects.in_workspace(rule.workspace_id).filter(rule=rule.pk)
        _remove(rows.filter(state__in=("skipped", "failed"), at__lt=old))
        counted = _counted_since(rule, now)
        if counted is not None:
            _remove(rows.filter(state="done", at__lt=min(old, counted)))
        _remove_skipped(rule.workspace_id, rule.pk)
        DailyRuns.objects.in_workspace(rule.workspace_id).filter(rule=rule.pk, day__lt=(now - dt.timedelta(days=NUMBERS_KEPT_DAYS)).date()).delete()


def _counted_since(rule: Rule, now: dt.datetime) -> dt.datetime | None:
    """From when on what it did counts; None: for ever."""
    if rule.cap_times and not rule.cap_days:
        return None
    return now - max(dt.timedelta(seconds=rule.cooldown_seconds), dt.timedelta(days=rule.cap_days if rule.cap_times else 0))


def _remove(rows: ScopedQuerySet[Run]) -> None:
    for _ in range(ROUNDS_MAX):
        found = list(rows.order_by("pk").values_list("pk", flat=True)[:PRUNED_TOGETHER])
        Run.objects.across_workspaces().filter(pk__in=found)._raw_delete("default")
        if len(found) < PRUNED_TOGETHER:
            break


def _remove_skipped(workspace_id: uuid.UUID, rule_id: uuid.UUID) -> None:
    """The newest skipped runs stay, so many."""
    rows = Run.objects.in_workspace(workspace_id).filter(Q(rule=rule_id), Q(state="skipped"))
    last = rows.order_by("-pk").values_list("pk", flat=True)[SKIPPED_MAX : SKIPPED_MAX + 1].first()
    if last is not None:
        _remove(rows.filter(pk__lte=last))
