"""What rules and journeys share: what time alone sets off, and that their definitions have changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.foundation.rows import WorkspaceRow


class Firing(WorkspaceRow):
    """One moment at which a schedule or a date sets something off, worked through piece by piece. `of`: "rule" | "journey"."""

    of = models.CharField(max_length=7)
    automation = models.UUIDField()  # a rule's or a journey's id
    key = models.CharField(max_length=60)  # the moment or the local day it is for: each fires once
    at = models.DateTimeField()  # when it was due
    after = models.CharField(max_length=36, blank=True)  # the last member that was looked at
    seen = models.PositiveIntegerField(default=0)
    is_done = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)  # tries in a row
    again_at = models.DateTimeField(null=True)  # after a failure: not before
    is_given_up = models.BooleanField(default=False)  # done, but not all were looked at

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["automation", "key"], name="firing_once")]
        indexes = [models.Index(fields=["at"], condition=Q(is_done=False), name="firing_open")]


class Definitions(models.Model):
    """Counts changes of rules and journeys, in their transactions: whoever keeps them compiled sees by it that they are old. One row."""

    number = models.PositiveBigIntegerField(default=0)
