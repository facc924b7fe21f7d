"""Segments: their conditions, who is in them, and how they grew."""

from __future__ import annotations

from django.db import models

from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.foundation.rows import ScopedQuerySet, WorkspaceRow
from hutong.members.models import Member

KINDS = ("live", "static")
STATES = ("building", "ready", "failed", "stale")
EXPORT_FORMATS = ("csv", "xlsx")
EXPORT_STATES = ("running", "done", "cancelled", "failed", "expired")


class Segment(WorkspaceRow):
    """Members by a condition (live), or members who were put in (static).

    `building`: the members of the present version are not counted yet; `failed`: counting them did not work, the last members stay;
    `stale`: the condition names something that is gone (`problems`), the last members stay.
    """

    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=6, choices=[(k, k) for k in KINDS], default="live")
    condition = models.JSONField(null=True)  # null: static
    community = models.ForeignKey(Community, on_delete=models.SET_NULL, null=True, related_name="+")  # whose days are meant; null: the workspace's
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=[(s, s) for s in STATES], default="ready")
    problems = models.JSONField(default=list)  # [{field, message: {zh, en}}]
    members_count = models.PositiveIntegerField(default=0)
    built_version = models.PositiveIntegerField(default=0)  # the version whose members are kept
    built_day = models.DateField(null=True)  # the local day for which the members were last counted in full
    built_at = models.DateTimeField(null=True)
    build_seconds = models.FloatField(default=0)
    is_sample = models.BooleanField(default=False)
    created_by_name = models.CharField(max_length=100)
    changed_by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="segment_name_unique")]

    def __str__(self) -> str:
        return self.name


class SegmentVersion(WorkspaceRow):
    """A condition a segment has had, and whose days it meant."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    condition = models.JSONField(null=True)
    community = models.ForeignKey(Community, on_delete=models.SET_NULL, null=True, related_name="+")  # null: the workspace's days
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=clock.now)
    members_count = models.PositiveIntegerField(null=True)  # once counted

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["segment", "version"], name="segment_version_unique")]


class SegmentMember(models.Model):
    """One member in one segment, as whom they show. A table of many rows: its key is the pair."""

    pk = models.CompositePrimaryKey("segment_id", "member_id")
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["SegmentMember"]()

    class Meta:
        base_manager_name = "plain"


class PlacedMember(models.Model):
    """One member who was put into a static segment. Merged away, they show in it as the member they were merged into (`SegmentMember`)."""

    pk = models.CompositePrimaryKey("segment_id", "member_id")
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    placed_at = models.DateTimeField(default=clock.now)

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["PlacedMember"]()

    class Meta:
        base_manager_name = "plain"


class SegmentExport(WorkspaceRow):
    """A file of a segment's members, written by a job and kept for a while."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=4, choices=[(f, f) for f in EXPORT_FORMATS])
    state = models.CharField(max_length=9, choices=[(s, s) for s in EXPORT_STATES], default="running")
    members_total = models.PositiveIntegerField()
    members_written = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=2, default="zh")
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)


class SegmentDay(WorkspaceRow):
    """How a segment stood at the end of a local day, and who came and went on it by what they did or by time passing."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    members = models.PositiveIntegerField()
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="segment_day_unique")]
