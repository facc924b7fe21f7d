"""Tables of welcomes."""

from __future__ import annotations

from django.db import models

from hutong.channels.models import Chat
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member

KINDS = ["group", "contact"]


class Welcome(WorkspaceRow):
    """A welcome 欢迎语: what newcomers of some groups, from some sources, are told. Without groups and community it is for all groups."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS], default="group")  # who joined a group, or added an account
    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, related_name="+")
    group_ids = models.JSONField(default=list)
    sources = models.JSONField(default=list)  # [{"field": "scene" | "invite_code" | "state", "value": text}]; none: any
    priority = models.IntegerField(default=0)
    messages = models.JSONField(default=list)  # as welcomes.said.Message
    together_seconds = models.PositiveIntegerField(default=0)  # newcomers within so long are greeted in one message; 0: each alone
    keeps_quiet = models.BooleanField(default=False)
    is_on = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(null=True)  # first switched on: numbers before and since are compared
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.CharField(max_length=100, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="welcome_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def follows(self) -> str:
        """What the actions that are done besides belong to."""
        return f"welcome:{self.pk}"


class Gathering(WorkspaceRow):
    """Newcomers of one chat who are greeted together once it closes."""

    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="+", db_index=False)
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.CharField(max_length=200, blank=True)
    closes_at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["welcome", "chat", "closes_at"], name="welcome_gathering_open")]


class Greeting(WorkspaceRow):
    """Somebody who was welcomed, once for ever. `origin` is the member the identity was made for, so that merges change nothing here."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    welcome = models.ForeignKey(Welcome, on_delete=models.CASCADE, related_name="greetings", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    gathering = models.ForeignKey(Gathering, on_delete=models.SET_NULL, null=True, related_name="greetings")
    key = models.CharField(max_length=120)  # keys of the sends to them alone begin with it
    user_ref = models.CharField(max_length=200, blank=True)
    joined_at = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["welcome", "origin"], name="welcome_once")]
        indexes = [models.Index(fields=["welcome", "-at"], name="welcome_greeted")]
