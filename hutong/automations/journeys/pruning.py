"""Paths of people who left long ago, and old tries, go. What was counted stays."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from hutong.automations.models import DryRun, Enrolment, Step
from hutong.foundation import clock, ids

KEPT_DAYS = 400  # longer than a goal is looked for, and than a birthday takes to come back
TRIES_KEPT_DAYS = 7
TOGETHER = 2_000
PIECES_MAX = 50  # of one look


def prune() -> None:
    """Some at a time."""
    now = clock.now()
    old = now - dt.timedelta(days=KEPT_DAYS)
    after = 0
    for _ in range(PIECES_MAX):
        with transaction.atomic():
            rows = Enrolment.objects.across_workspaces().filter(pk__lt=ids.number_at(clock.to_ms(old)), pk__gt=after).order_by("pk")
            some = list(rows.values_list("pk", "state", "ended_at")[:TOGETHER])
            gone = [pk for pk, state, ended_at in some if state == "ended" and ended_at is not None and ended_at < old]
            Step.objects.across_workspaces().filter(enrolment_id__in=gone)._raw_delete("default")
            Enrolment.objects.across_workspaces().filter(pk__in=gone)._raw_delete("default")
        if len(some) < TOGETHER:
            break
        after = some[-1][0]
    DryRun.objects.across_workspaces().filter(created_at__lt=now - dt.timedelta(days=TRIES_KEPT_DAYS)).delete()
