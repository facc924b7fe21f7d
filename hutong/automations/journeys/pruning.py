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
    over = Enrolment.objects.across_workspaces().filter(pk__lt=ids.number_at(clock.to_ms(old)), state="ended", ended_at__lt=old).order_by("pk")
    after = 0  # whoever waits is passed over, outside the turn to write
    for _ in range(PIECES_MAX):
        gone = list(over.filter(pk__gt=after).values_list("pk", flat=True)[:TOGETHER])
        with transaction.atomic():
            Step.objects.across_workspaces().filter(enrolment_id__in=gone)._raw_delete("default")
            Enrolment.objects.across_workspaces().filter(pk__in=gone)._raw_delete("default")
        if len(gone) < TOGETHER:
            break
        after = gone[-1]
    DryRun.objects.across_workspaces().filter(created_at__lt=now - dt.timedelta(days=TRIES_KEPT_DAYS)).delete()
