"""Journeys, their versions, and the people in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.foundation import clock
from hutong.foundation.rows import ScopedQuerySet, WorkspaceRow
from hutong.members.models import Member

JOURNEY_STATES = ("draft", "on", "paused", "stopping", "stopped")
ENDS = ("finished", "goal", "exit", "left", "stopped", "failed", "merged", "removed")


class Journey(WorkspaceRow):
    """A way people go by themselves. The draft is what somebody draws now; what people go by is a version, which never changes."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    preset = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=[(s, s) for s in JOURNEY_STATES], default="draft")
    draft = models.JSONField()  # automations.journeys.graph
    draft_revision = models.PositiveIntegerField(default=1)  # two editors do not write over each other
    draft_by = models.CharField(max_length=100)
    draft_at = models.DateTimeField(default=clock.now)
    published = models.ForeignKey("automations.JourneyVersion", on_delete=models.SET_NULL, null=True, related_name="+")
    priority = models.IntegerField(default=0)  # where two want to write to the same person, the higher one does
    started_at = models.DateTimeField(null=True)  # last set going: what happened before lets nobody in
    moves_to = models.ForeignKey("automations.JourneyVersion", on_delete=models.SET_NULL, null=True, related_name="+")  # people on older ones
    deleted_at = models.DateTimeField(null=True)  # its rows go piece by piece
    created_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], condition=Q(deleted_at=None), name="journey_name_once")]

    def __str__(self) -> str:
        return self.name


class JourneyVersion(WorkspaceRow):
    """A journey as it was published. `lanes`: the lane of the outbox of each node that writes to people, by the node's id."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    graph = models.JSONField()
    lanes = models.JSONField(default=dict)
    published_by = models.CharField(max_length=100)
    published_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["journey", "number"], name="journey_version_once")]


class Enrolment(models.Model):
    """One person on their way through a journey. Somebody who sleeps is this row and nothing else."""

    id = models.BigIntegerField(primary_key=True)  # foundation.ids.number
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)  # who they are now
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)  # who came in
    entry = models.CharField(max_length=64)  # what let them in: an event's id, a start's or firing's
    node = models.CharField(max_length=20)  # where they are, or ended
    state = models.CharField(max_length=7, default="waiting")  # waiting | ended
    ended_as = models.CharField(max_length=8, blank=True, choices=[(e, e) for e in ENDS])
    due_at = models.DateTimeField(null=True)  # when they go on by themselves
    since = models.DateTimeField()  # at this node
    waits = models.BooleanField(default=False)  # for an event
    steps = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)  # another one after every change of the row
    arms = models.TextField(blank=True)  # of splits: "node:arm,node:arm"
    goals = models.TextField(blank=True)  # nodes of goals they reached
    occasion = models.TextField(blank=True)  # what they came in by, and waited for last, as JSON
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["Enrolment"]()

    class Meta:
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["journey", "origin", "entry"], name="enrolment_once")]
        indexes = [
            models.Index(fields=["journey", "due_at"], condition=Q(due_at__isnull=False), name="enrolment_due"),
            models.Index(fields=["member", "journey"], name="enrolment_of_person"),
            models.Index(fields=["version", "node"], condition=Q(state="waiting"), name="enrolment_at_node"),
        ]


class Step(models.Model):
    """Somebody passed a node: how they came out of it. Rows are only added, but a message that expires makes its step one that failed."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="path", db_index=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    node = models.CharField(max_length=20)
    at = models.DateTimeField()
    port = models.CharField(max_length=20, blank=True)  # by which they left; empty: they ended here
    outcome = models.CharField(max_length=9)  # done | unchanged | refused | failed
    detail = models.TextField(blank=True)  # why, as JSON {"zh", "en", "reason"}

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["Step"]()

    class Meta:
        base_manager_name = "plain"
        indexes = [
            models.Index(fields=["enrolment"], name="step_of_enrolment"),
            models.Index(fields=["version", "node"], name="step_of_node"),
        ]


class NodeCount(models.Model):
    """How many of a version did something at a node: `in`, `failed`, `out:<port>`, `end:<how>`, `goal`, `goal:<split>:<arm>`.

    `slot` is no count: the moment (milliseconds) from which a limit lets the next one through.
    """

    pk = models.CompositePrimaryKey("version_id", "node", "what")
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(JourneyVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    node = models.CharField(max_length=20)
    what = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["NodeCount"]()

    class Meta:
        base_manager_name = "plain"


class Start(WorkspaceRow):
    """Many people let in at once: by hand, through the API, or from a segment. Worked through by a job, piece by piece."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="starts")
    key = models.CharField(max_length=100, blank=True)  # of whoever asked: asked for twice it is one
    source = models.JSONField()  # {"segment": id} | {"members": [ids]}
    occasion = models.JSONField(default=dict)
    after = models.CharField(max_length=36, blank=True)
    people = models.PositiveIntegerField(default=0)  # to look at
    seen = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=dict)  # how many by reason
    state = models.CharField(max_length=9, default="running")  # running | done | cancelled
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["journey", "key"], condition=~Q(key=""), name="start_key_once")]


class DryRun(WorkspaceRow):
    """A journey tried on what happened in the last days, or on one member. Nothing is written but this row."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="dry_runs")
    graph = models.JSONField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    days = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=7, default="running")  # running | done | failed
    result = models.JSONField(default=dict)
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)


class JourneyCap(WorkspaceRow):
    """How many messages all journeys of a workspace together send to one person in so many days; 0: any number. One row a workspace."""

    messages = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=1)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="journey_cap_once")]
