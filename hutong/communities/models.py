"""Tables of communities and groups."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow

KINDS = ["marketing", "content", "service", "other"]


class Community(WorkspaceRow):
    """A community 社群: one or many groups, one zone in which its days are counted."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS], default="other")
    description = models.CharField(max_length=500, blank=True)
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], condition=Q(archived_at=None), name="community_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Group(WorkspaceRow):
    """A group 群 on one channel, in one community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=30)  # irc, telegram, discord, slack, whatsapp, wechat, qq, web, other ...
    external_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], condition=Q(archived_at=None), name="group_name_unique"),
            models.UniqueConstraint(fields=["workspace", "channel", "external_id"], condition=~Q(external_id=""), name="group_external_unique"),
        ]

    def __str__(self) -> str:
        return self.name
