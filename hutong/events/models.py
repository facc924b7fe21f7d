"""Tables of the event log and of what feeds it."""

from __future__ import annotations

from django.db import models

from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.workspaces.models import User

REVIEWS = ["unreviewed", "accepted", "ignored"]


class LogEntry(models.Model):
    """One event on its way to the subscribers; gone once all have passed it. `body` is the warehouse row as JSON."""

    seq = models.BigAutoField(primary_key=True)
    lane = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    body = models.BinaryField()


class AcceptedId(models.Model):
    """The key of an event accepted in the last 30 days: 16 bytes of BLAKE2b over workspace and message id."""

    key = models.BinaryField(primary_key=True, max_length=16)
    day = models.IntegerField()  # days since the epoch


class AcceptedBlock(models.Model):
    """The keys one commit accepted, end to end, until `ingest.accepted` sorts them into `AcceptedId`."""

    day = models.IntegerField()  # days since the epoch
    keys = models.BinaryField()


class Cursor(models.Model):
    """How far a subscriber has read the log. `reserved_to` is the end of a batch being shipped, kept for an exact retry."""

    subscriber = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)
    reserved_to = models.BigIntegerField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(default=clock.now)


class DeadEvent(models.Model):
    """An event that a subscriber could not take after its tries; kept for a person to look at and to retry."""

    seq = models.BigIntegerField()
    subscriber = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    body = models.BinaryField()
    error = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "seq"], name="dead_event_once")]


class Source(WorkspaceRow):
    """A data source 数据源: a site, app or shop that sends Segment-style calls with its write key `htw_...`."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    community = models.ForeignKey(Community, on_delete=models.SET_NULL, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True)


class EventType(WorkspaceRow):
    """A kind of event seen in a workspace that no module declared: listed for review."""

    name = models.CharField(max_length=200)
    review = models.CharField(max_length=12, choices=[(r, r) for r in REVIEWS], default="unreviewed")
    description = models.CharField(max_length=300, blank=True)
    is_activity = models.BooleanField(default=True)
    properties = models.JSONField(default=dict)  # name -> type seen
    events = models.PositiveBigIntegerField(default=0)
    first_seen_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="event_type_once")]
