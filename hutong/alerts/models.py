"""Tables of alerts: what is watched for, what was noticed, who is told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.channels.models import Account
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member
from hutong.workspaces.models import User

AUTOMATION = "automation"  # told by a rule or a journey: staff say when it is over
KINDS = ["quiet", "spike", "question", "newcomer", "connector", "sends", "todo", AUTOMATION]
OF_GROUPS = ["quiet", "spike", "question", "newcomer"]
STATES = ["open", "acknowledged", "snoozed", "resolved"]
SENSITIVITIES = ["low", "normal", "high"]


class AlertRules(WorkspaceRow):
    """What is watched for in one community; without a row, `rules.DEFAULTS`."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="+")
    sensitivity = models.CharField(max_length=10, choices=[(s, s) for s in SENSITIVITIES], default="normal")
    kinds = models.JSONField(default=list)  # of OF_GROUPS
    question_minutes = models.PositiveIntegerField(default=60)
    newcomer_minutes = models.PositiveIntegerField(default=60)
    muted_group_ids = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=clock.now)
    updated_by = models.CharField(max_length=100, blank=True)

    @property
    def follows(self) -> str:
        """What the actions that are done besides belong to."""
        return f"alert_rules:{self.community_id}"


class Waiting(WorkspaceRow):
    """Somebody who wrote and has no answer yet, or an account whose connection is down since `since`."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)  # question | newcomer | connector
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    member_id = models.UUIDField(null=True)  # who they were when they wrote
    event_id = models.CharField(max_length=100, blank=True)  # of what they wrote
    message_id = models.CharField(max_length=200, blank=True)  # on the platform
    excerpt = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    is_late = models.BooleanField(default=False)  # has waited too long, which the stream was told

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["group", "kind", "origin"], condition=Q(group__isnull=False), name="alert_waiting_person_once"),
            models.UniqueConstraint(fields=["account", "kind"], condition=Q(account__isnull=False), name="alert_waiting_account_once"),
        ]
        indexes = [models.Index(fields=["workspace", "kind", "since"], name="alert_waiting_due")]


class Alert(WorkspaceRow):
    """Something staff should look at. One that is not resolved stands for its cause alone."""

    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    cause = models.CharField(max_length=80)  # <kind>:<id of the group, the account or what else it is about>
    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="open")
    facts = models.JSONField(default=dict)  # what its sentence says
    raised_at = models.DateTimeField(default=clock.now)
    told_at = models.DateTimeField(default=clock.now)  # raised, or back from a snooze
    snoozed_until = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=100, blank=True)  # who acknowledged or snoozed it
    resolved_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "cause"], condition=~Q(state="resolved"), name="alert_open_once"),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False) | (~Q(state="resolved") & Q(resolved_at=None)), name="alert_resolved"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-raised_at", "-id"], name="alert_recent"),
            models.Index(fields=["workspace", "state", "-raised_at", "-id"], name="alert_by_state"),
            models.Index(fields=["workspace", "cause", "-raised_at"], name="alert_of_cause"),
            models.Index(fields=["group", "-raised_at"], condition=Q(group__isnull=False), name="alert_of_group"),
        ]


class Subscription(WorkspaceRow):
    """Who is told of what, and how: a person of the staff (`user`), or a chat of the team's (no `user`). Without `account` the console alone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    kinds = models.JSONField(default=list)  # none: all
    community_ids = models.JSONField(default=list)  # none: all
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    chat_ref = models.CharField(max_length=200, blank=True)
    chat_kind = models.CharField(max_length=10, blank=True)
    chat_name = models.CharField(max_length=200, blank=True)
    quiet_from = models.CharField(max_length=5, blank=True)  # local, "22:00"; the same as `quiet_to`: never
    quiet_to = models.CharField(max_length=5, blank=True)
    digest_at = models.CharField(max_length=5, blank=True)  # at that time of day instead of at once
    language = models.CharField(max_length=2, default="zh")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], condition=Q(user__isnull=False), name="alert_subscription_of_user"),
            models.UniqueConstraint(
                fields=["workspace", "account", "chat_ref", "chat_kind"],
                condition=Q(user=None, account__isnull=False),
                name="alert_subscription_of_chat_kind",
            ),
        ]


class Notice(WorkspaceRow):
    """An alert on its way to a subscription; `sent_at` once it was put in the outbox, or dropped because it was over."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="+", db_index=False)
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()  # of the alert: back from a snooze it is told again
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    was_sent = models.BooleanField(default=False)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["subscription", "alert", "told_at"], name="alert_notice_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="alert_notice_due"),
            models.Index(fields=["subscription", "sent_at"], condition=Q(was_sent=True), name="alert_notice_sent"),
        ]
