"""Reads of the table of jobs."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Min

from hutong.foundation import clock
from hutong.foundation.jobs.models import STATES, Job


def counts() -> dict[str, int]:
    """How many jobs there are in each state."""
    found = dict(Job.objects.values_list("state").annotate(Count("pk")).order_by())
    return {state: found.get(state, 0) for state in STATES}


def waited_seconds() -> float:
    """How long the oldest due job has been waiting."""
    oldest: dt.datetime | None = Job.objects.filter(state="ready", run_at__lte=clock.now()).aggregate(at=Min("run_at"))["at"]
    return 0.0 if oldest is None else (clock.now() - oldest).total_seconds()


def is_idle() -> bool:
    """Whether no job is due or running."""
    return not Job.objects.filter(state="running").exists() and not Job.objects.filter(state="ready", run_at__lte=clock.now()).exists()
