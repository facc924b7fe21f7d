"""Tables of keyword replies: rules, words that mean the same, what was answered, and what nobody answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.channels.models import LargeRow
from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member

PLACES = ["all", "groups", "private"]
FILE_STATES = ["waiting", "checking", "refused", "checked", "running", "done", "failed"]


class RuleSet(WorkspaceRow):
    """The version of a workspace's rules: every change adds one, and the rules it touched carry it."""

    version = models.PositiveBigIntegerField(default=0)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="reply_set_once")]


class Rule(WorkspaceRow):
    """A keyword reply 关键词回复. A deleted one stays for what was counted of it, and so that what is compiled hears of it."""

    name = models.CharField(max_length=100)
    is_enabled = models.BooleanField(default=True)
    priority = models.IntegerField(default=100)
    keywords = models.JSONField(default=list)  # [{"text", "way": exact | contains | regex}]
    words = models.TextField(blank=True)  # the keywords as lines, for searching
    variants = models.JSONField(default=list)
    place = models.CharField(max_length=10, choices=[(p, p) for p in PLACES], default="all")
    community_ids = models.JSONField(default=list)  # with no groups either: everywhere
    group_ids = models.JSONField(default=list)
    needs_mention = models.BooleanField(default=False)
    hours = models.JSONField(null=True)  # {"begin": "09:00", "end": "18:00", "days": [0..6, Monday first]}
    group_cooldown_seconds = models.PositiveIntegerField(default=0)
    member_cooldown_seconds = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=list)  # [{"weight", "parts": stored segments, "fields": names of personal fields}]
    is_private = models.BooleanField(default=False)  # answers to the person alone
    quotes = models.BooleanField(default=False)
    hands_over = models.BooleanField(default=False)
    regexes = models.PositiveSmallIntegerField(default=0)  # how many of the keywords are
    version = models.PositiveBigIntegerField(default=0)  # of the rule set that last touched it
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    changed_by_name = models.CharField(max_length=150, blank=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], condition=Q(deleted_at=None), name="reply_rule_name")]
        indexes = [
            models.Index(fields=["workspace", "version"], name="reply_rule_version"),
            models.Index(fields=["workspace", "-priority", "id"], condition=Q(deleted_at=None), name="reply_rule_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def follows(self) -> str:
        """What the actions that are done besides belong to."""
        return f"keyword_reply:{self.pk}"


class Synonyms(WorkspaceRow):
    """Words that mean the same 同义词: a keyword that is one of them is found by every other."""

    words = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)


class Answered(LargeRow):
    """A message that a rule answered. Kept as long as a cooldown may last."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    event_id = models.CharField(max_length=100)
    place_id = models.UUIDField()  # the group, or the chat where there is none
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "event_id"], name="reply_answered_once")]
        indexes = [
            models.Index(fields=["rule", "place_id", "-at"], name="reply_answered_place"),
            models.Index(fields=["rule", "member", "-at"], name="reply_answered_member"),
            models.Index(fields=["place_id", "-at"], name="reply_answered_lately"),
            models.Index(fields=["at"], name="reply_answered_age"),
        ]


class DailyHits(LargeRow):
    """How often a rule answered on each local day."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    hits = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["rule", "day"], name="reply_hits_once")]
        indexes = [models.Index(fields=["workspace", "day"], name="reply_hits_day")]


class Question(LargeRow):
    """A question asked in a group that no rule answered. It is open until somebody answers it, or staff sets it aside."""

    event_id = models.CharField(max_length=100)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    message_id = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "event_id"], name="reply_question_once")]
        indexes = [
            models.Index(fields=["workspace", "-asked_at", "-id"], condition=Q(answered_at=None, dismissed_at=None), name="reply_question_open"),
            models.Index(fields=["group", "message_id"], condition=Q(answered_at=None), name="reply_question_message"),
            models.Index(fields=["asked_at"], name="reply_question_age"),
        ]


class RuleFile(WorkspaceRow):
    """A file of rules on its way in: checked first, then taken in whole or not at all."""

    name = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes)  # until it ended
    state = models.CharField(max_length=10, choices=[(s, s) for s in FILE_STATES], default="waiting")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    errors_count = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # the first of them: [{"line", "column", "zh", "en"}]
    source = models.CharField(max_length=80, blank=True)
    by_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)
