"""Rules, and what became of everybody who met one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.foundation.rows import ScopedQuerySet, WorkspaceRow
from hutong.members.models import Member

RUN_STATES = ("done", "skipped", "waiting", "failed")


class Rule(WorkspaceRow):
    """When something happens, if a condition holds, actions are done. Shapes of the JSON columns: automations.triggers, automations.rules.shapes."""

    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    preset = models.CharField(max_length=40, blank=True)  # what it was made from
    follows = models.CharField(max_length=60, blank=True)  # what it belongs to and is changed with: actions.following
    is_on = models.BooleanField(default=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, related_name="+")  # only what happens there; null: anywhere
    trigger = models.JSONField()
    condition = models.JSONField(null=True)
    actions = models.JSONField(default=list)  # [{"id", "action", "settings"}]
    cooldown_seconds = models.PositiveIntegerField(default=0)  # for the same person
    cap_times = models.PositiveIntegerField(default=0)  # for the same person within `cap_days`, 0: any number
    cap_days = models.PositiveIntegerField(default=0)  # 0: for ever
    hours = models.JSONField(null=True)  # when it acts; null: always
    priority = models.IntegerField(default=0)  # higher first
    is_last = models.BooleanField(default=False)  # where it acted, rules after it do not, for the same event and person
    version = models.PositiveIntegerField(default=1)
    problems = models.JSONField(default=list)  # what it names that is gone: [{"field", "message": {zh, en}}]
    started_at = models.DateTimeField(null=True)  # last switched on: what happened before is none of its business
    created_by = models.CharField(max_length=100)
    changed_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], condition=Q(follows=""), name="rule_name_once"),
            models.UniqueConstraint(fields=["workspace", "follows"], condition=~Q(follows=""), name="rule_follows_once"),
        ]
        indexes = [models.Index(fields=["workspace", "is_on"], name="rule_on")]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One person who met a rule: what was done, or why nothing was. A table of many rows: its key is a number."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    key = models.CharField(max_length=120)  # of what the rule met: an event's id, or a person and a day
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    event = models.CharField(max_length=200, blank=True)  # its name
    at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=[(s, s) for s in RUN_STATES])
    reason = models.CharField(max_length=30, blank=True)  # a code: automations.rules.reasons
    outcomes = models.JSONField(default=list)  # of each action: [{"id", "state", "zh", "en", "reason"}]
    due_at = models.DateTimeField(null=True)  # of a run that waits for the rule's hours
    occasion = models.JSONField(null=True)  # of a run that waits

    objects = ScopedQuerySet.as_manager()
    plain = models.Manager["Run"]()

    class Meta:
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["rule", "key"], name="rule_run_once")]
        indexes = [
            models.Index(fields=["rule", "member", "state", "at"], name="rule_run_of_person"),
            models.Index(fields=["member", "-id"], name="rule_run_of_member"),
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="rule_run_due"),
            models.Index(fields=["workspace", "at"], name="rule_run_at"),
            models.Index(fields=["rule", "-id"], name="rule_run_newest"),
            models.Index(fields=["rule", "state", "-id"], name="rule_run_of_state"),
        ]


class DailyRuns(WorkspaceRow):
    """How often a rule came to each end on a local day of its workspace."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["rule", "day"], name="rule_day_once")]
