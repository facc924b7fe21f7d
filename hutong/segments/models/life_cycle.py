"""The life cycle: thresholds of each community, and at which stage and how valuable each of its members is."""

from __future__ import annotations

import uuid

from django.db import models

from hutong.communities.models import Community
from hutong.foundation.rows import ScopedQuerySet, WorkspaceRow
from hutong.members.models import Member

BASES = ("orders", "activity")


class LifeCycle(WorkspaceRow):
    """What a community's stages and RFM rest on, and how far they are counted.

    Whoever changes something behind them adds one to `asked`; a count that began after that sets `answered` to it. While the two
    differ, stages change silently.
    """

    community_id: uuid.UUID
    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="+")
    thresholds = models.JSONField(default=dict)  # those that differ from the defaults (stages.Thresholds)
    bands = models.JSONField(null=True)  # {names: {band: {zh, en}}, cells: {"r-f": band}}; null: the defaults
    asked = models.PositiveIntegerField(default=1)
    answered = models.PositiveIntegerField(default=0)
    computed_day = models.DateField(null=True)  # the local day for which everybody's stage was last counted; null: never
    computed_at = models.DateTimeField(null=True)
    compute_seconds = models.FloatField(default=0)
    before = models.JSONField(null=True)  # how many were at each stage 30 days earlier: {day, activity: {stage: n}, purchase: {stage: n}}
    rfm_day = models.DateField(null=True)  # the day the kept scores are of; null: they are still to be counted
    rfm_basis = models.CharField(max_length=8, choices=[(b, b) for b in BASES], default="orders")
    changed_by_name = models.CharField(max_length=100, blank=True)
    updated_at = models.DateTimeField(null=True)


class MemberStage(models.Model):
    """At which stages of a community's life cycle a member is now. A table of many rows: its key is the pair."""

    pk = models.CompositePrimaryKey("community_id", "member_id")
    community_id: uuid.UUID
    member_id: uuid.UUID
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    activity = models.CharField(max_length=10)
    activity_since = models.DateField(null=True)  # the local day the stage was entered; null: it was so when first counted
    purchase = models.CharField(max_length=10)
    purchase_since = models.DateField(null=True)
    # The number of the next transition. It starts at the moment the row is made, so that a row made anew never repeats one.
    number = models.BigIntegerField()

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["MemberStage"]()

    class Meta:
        base_manager_name = "plain"
        indexes = [
            models.Index(fields=["community", "activity", "member"], name="member_stage_activity"),
            models.Index(fields=["community", "purchase", "member"], name="member_stage_purchase"),
        ]


class MemberRFM(models.Model):
    """A member's scores, 1 to 5, in a community on the day the community's life cycle names. Its key is the pair."""

    pk = models.CompositePrimaryKey("community_id", "member_id")
    community_id: uuid.UUID
    member_id: uuid.UUID
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    recency = models.PositiveSmallIntegerField()
    frequency = models.PositiveSmallIntegerField()
    monetary = models.PositiveSmallIntegerField()

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["MemberRFM"]()

    class Meta:
        base_manager_name = "plain"
        indexes = [models.Index(fields=["community", "recency", "frequency", "member"], name="member_rfm_cell")]
