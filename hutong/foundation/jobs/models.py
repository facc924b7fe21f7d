"""The tables of jobs and of periodic runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.foundation import clock, ids

STATES = ["ready", "running", "done", "dead", "cancelled"]


class Job(models.Model):
    """One unit of background work. A running job whose lease ran out is taken up again by another worker."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    task = models.CharField(max_length=200)  # dotted path of the task function
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    queue = models.CharField(max_length=32, default="default")
    priority = models.SmallIntegerField(default=0)
    dedupe_key = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="ready")
    run_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_max = models.PositiveSmallIntegerField(default=5)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=64, blank=True)
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)  # class path, newline, traceback
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], condition=Q(state__in=["ready", "running"]), name="job_dedupe"),
        ]
        indexes = [
            models.Index(fields=["state", "-priority", "run_at", "id"], name="job_due"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]


class PeriodicRun(models.Model):
    """When a periodic job starts next, so that several processes run it once."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()
