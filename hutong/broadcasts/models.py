"""Tables of broadcasts: what is written to whom and when, each time it goes, and what people did after it."""

from __future__ import annotations

from django.db import models

from hutong.channels.models import Lane, LargeRow, Send
from hutong.communities.models import Group
from hutong.foundation import clock, ids
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member

STATES = ["draft", "scheduled", "sending", "paused", "done", "cancelled"]
RUN_STATES = ["sending", "paused", "cancelling", "done", "cancelled"]
REACTIONS = ["clicked", "replied", "unsubscribed"]
MISSED = ["no_identity", "not_opened", "no_account"]
CHECK_STATES = ["running", "done", "cancelled"]


class Broadcast(WorkspaceRow):
    """A message to many 群发: a draft, then waiting for its time, then going. A repeated one waits again after each run."""

    name = models.CharField(max_length=100)
    purpose = models.CharField(max_length=10, default="service")  # service | marketing
    parts = models.JSONField(default=list)  # channels.messages.stored
    audience = models.JSONField(default=dict)  # broadcasts.audience.Audience
    timing = models.JSONField(default=dict)  # broadcasts.timing.Timing
    per_minute = models.PositiveIntegerField(null=True)
    tracks_links = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="draft")
    version = models.PositiveIntegerField(default=1)
    next_at = models.DateTimeField(null=True)  # of the next run
    created_by_name = models.CharField(max_length=100)
    changed_by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="scheduled"), name="broadcast_due"),
            models.Index(fields=["workspace", "-id"], name="broadcast_latest"),
        ]

    def __str__(self) -> str:
        return self.name


class Run(WorkspaceRow):
    """One time a broadcast goes: how far its recipients are in the outbox, and what became of it."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="runs")
    lane = models.OneToOneField(Lane, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in RUN_STATES], default="sending")
    is_enqueued = models.BooleanField(default=False)  # every recipient is in the outbox
    source = models.PositiveIntegerField(default=0)  # which of the audience's sources is being read
    after = models.CharField(max_length=40, blank=True)  # the last one read of it
    no_identity = models.PositiveIntegerField(default=0)  # members with no name on the channels of the accounts
    not_opened = models.PositiveIntegerField(default=0)  # members who have to write first
    no_account = models.PositiveIntegerField(default=0)  # groups that none of the accounts is in
    expected = models.PositiveIntegerField(null=True)  # members or groups to look at, when it began; null: not counted
    seen = models.PositiveIntegerField(default=0)  # of them
    clicked = models.PositiveIntegerField(default=0)  # people
    replied = models.PositiveIntegerField(default=0)  # people
    unsubscribed = models.PositiveIntegerField(default=0)
    resend_before = models.DateTimeField(null=True)  # what failed until then is being sent again
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["broadcast", "due_at"], name="broadcast_run_once")]
        indexes = [models.Index(fields=["started_at"], condition=models.Q(state__in=["sending", "cancelling"]), name="broadcast_run_live")]


class Link(WorkspaceRow):
    """An address in a run's message whose clicks are counted. It leads where it was made to lead, for ever."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="links")
    code = models.CharField(max_length=16, unique=True)  # 64 random bits in hex; a tracked address adds the member and a seal
    url = models.CharField(max_length=2000)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["run", "url"], name="broadcast_link_once")]


class Missed(LargeRow):
    """A member or a group of the audience that no account reached, and why."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=12, choices=[(m, m) for m in MISSED])

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["run", "member"], name="broadcast_missed_once")]
        indexes = [models.Index(fields=["run", "id"], name="broadcast_missed_of_run")]


class Check(WorkspaceRow):
    """Going through the audience before sending: how far it is, and what it counted. One a broadcast; the next one takes its place."""

    broadcast = models.OneToOneField(Broadcast, on_delete=models.CASCADE, related_name="+")
    walk = models.UUIDField(default=ids.new)  # of this time: an earlier one that is still at work stops
    version = models.PositiveIntegerField()  # of the broadcast
    state = models.CharField(max_length=10, choices=[(s, s) for s in CHECK_STATES], default="running")
    total = models.PositiveIntegerField(default=0)  # members or groups to look at
    seen = models.PositiveIntegerField(default=0)
    source = models.PositiveIntegerField(default=0)
    after = models.CharField(max_length=40, blank=True)
    by_account = models.JSONField(default=dict)  # account id -> recipients
    no_identity = models.PositiveIntegerField(default=0)
    not_opened = models.PositiveIntegerField(default=0)
    no_account = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)


class Reaction(LargeRow):
    """That a member clicked, wrote back, or wants no more, after a run: once each, when first."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    send = models.ForeignKey(Send, on_delete=models.SET_NULL, null=True, related_name="+")  # the message it was about
    kind = models.CharField(max_length=12, choices=[(k, k) for k in REACTIONS])
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["run", "kind", "member"], name="broadcast_reaction_once")]
        indexes = [models.Index(fields=["run", "kind", "id"], name="broadcast_reaction_of_run")]
