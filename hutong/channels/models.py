"""Tables of accounts on platforms: what they are, how they are, what came in, what goes out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member

ACCOUNT_STATES = ["active", "paused", "needs_reconnect", "removed"]
CHAT_STATES = ["in", "muted", "removed", "dissolved"]
SEND_STATES = ["queued", "awaiting_confirm", "sent", "partial", "failed", "expired", "unknown", "cancelled"]
FINAL_STATES = ["sent", "partial", "failed", "expired", "unknown", "cancelled"]
DEAD_STATES = ["partial", "failed", "expired", "unknown"]
LANE_STATES = ["open", "held", "ended"]
PURPOSES = ["reply", "service", "marketing"]
OPT_OUT_STOPS = ["marketing", "all"]
OPT_OUT_REASONS = ["link", "asked", "complaint", "bounced", "staff", "imported"]


class LargeRow(WorkspaceRow):
    """Base of tables that grow with the messages: no index on the workspace alone."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta(WorkspaceRow.Meta):
        abstract = True


class Account(WorkspaceRow):
    """An account 平台账号 of ours on one platform. A removed one keeps its name for history and has no secrets."""

    platform = models.CharField(max_length=30)
    channel = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    self_id = models.CharField(max_length=200)  # who the account is there
    self_name = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict)  # what may be shown
    secrets = models.BinaryField(default=bytes)  # sealed under the installation's key and this account's id
    private_hosts = models.JSONField(default=list)  # in private networks, confirmed by an owner
    state = models.CharField(max_length=20, choices=[(s, s) for s in ACCOUNT_STATES], default="active")
    problem_zh = models.CharField(max_length=500, blank=True)  # why it needs to be connected anew
    problem_en = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)  # of the settings: connections made of an older one end
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "platform", "self_id"], condition=~Q(state="removed"), name="channel_account_once"),
            models.UniqueConstraint(fields=["workspace", "name"], condition=~Q(state="removed"), name="channel_account_name"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountHealth(WorkspaceRow):
    """How an account is. Apart from the account, because it changes with every message."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="health")
    cursor = models.TextField(blank=True)  # of the long connection, stored with what it brought
    holder = models.CharField(max_length=60, blank=True)  # which process holds the connection
    held_until = models.DateTimeField(null=True)
    connected_at = models.DateTimeField(null=True)  # null: not connected now
    alive_at = models.DateTimeField(null=True)  # when the connection last showed that it lives
    last_event_at = models.DateTimeField(null=True)  # received
    lag_ms = models.PositiveBigIntegerField(default=0)  # from the event, or the platform's heartbeat, to us; of the last one
    received = models.PositiveBigIntegerField(default=0)
    sent = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)  # in a row
    last_error_at = models.DateTimeField(null=True)
    error_zh = models.CharField(max_length=500, blank=True)
    error_en = models.CharField(max_length=500, blank=True)
    hold_until = models.DateTimeField(null=True)  # the platform asked to wait so long


class Chat(WorkspaceRow):
    """A chat of an account, and the group it is. A chat without a group waits for a person to say which.

    Its kind is part of its name, for platforms where a group and a person may have the same number (`actions/places.py`).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="chats", db_index=False)
    external_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    members = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in CHAT_STATES], default="in")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_event_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "external_id", "kind"], name="channel_chat_of_kind_once")]
        indexes = [models.Index(fields=["account", "name", "id"], name="channel_chat_by_name")]

    def __str__(self) -> str:
        return self.name or self.external_id


class InboundReceipt(LargeRow):
    """What came in, once however often it comes. `waiting` holds the event while its chat belongs to no group."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    message_id = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)  # the origin of who wrote it
    waiting = models.BinaryField(null=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="channel_receipt_once")]
        indexes = [
            models.Index(fields=["chat", "message_id"], condition=~Q(message_id=""), name="channel_receipt_message"),
            models.Index(fields=["chat", "received_at"], condition=Q(waiting__isnull=False), name="channel_receipt_waiting"),
            models.Index(fields=["received_at"], name="channel_receipt_age"),
            models.Index(fields=["author"], condition=Q(author__isnull=False), name="channel_receipt_author"),
        ]


class Opening(LargeRow):
    """What lets an account write to somebody: their last message, and a token that came with it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    chat_ref = models.CharField(max_length=200)
    user_ref = models.CharField(max_length=200)
    at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)  # sends since then
    reply = models.JSONField(null=True)  # contract.ReplyContext

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "chat_ref", "user_ref"], name="channel_opening_once")]
        indexes = [models.Index(fields=["at"], name="channel_opening_age")]


class OptOut(LargeRow):
    """Whom a channel is not to write to: somebody who wants no more marketing, or an address that takes nothing (`stops` "all").

    The two are rows apart: when an address works again, what its owner asked for still holds.
    """

    channel = models.CharField(max_length=30)
    user_ref = models.CharField(max_length=200)  # as `platforms.folded` writes it
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    stops = models.CharField(max_length=10, choices=[(s, s) for s in OPT_OUT_STOPS], default="marketing")
    reason = models.CharField(max_length=10, choices=[(r, r) for r in OPT_OUT_REASONS], default="asked")
    note = models.CharField(max_length=300, blank=True)  # what the platform said, or who asked for it wrote
    by = models.CharField(max_length=200, blank=True)  # of staff; empty: nobody's act
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "user_ref", "stops"], name="channel_opt_out_of_kind_once")]
        indexes = [models.Index(fields=["workspace", "-id"], name="channel_opt_out_latest")]


class SendingRules(WorkspaceRow):
    """What a workspace says about when and to whom it writes; `may_send` has the defaults."""

    rules = models.JSONField(default=dict)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="channel_rules_once")]


class KeptFile(LargeRow):
    """Content of attachments that go out, under its SHA-256. In the records, so that backups hold it."""

    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100, blank=True)
    size_bytes = models.PositiveIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "sha256"], name="channel_file_once")]


class LimitUse(LargeRow):
    """When sends counted against one limit: of the account (`scope` "account"), a chat, or somebody. Packed as the limiter writes it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    scope = models.CharField(max_length=10)
    ref = models.CharField(max_length=420, blank=True)
    times = models.BinaryField(default=bytes)
    held_until_ms = models.BigIntegerField(default=0)
    idle_after = models.DateTimeField()  # nothing of it counts any more then

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "scope", "ref"], name="channel_limit_once")]
        indexes = [models.Index(fields=["idle_after"], name="channel_limit_idle")]


class Lane(WorkspaceRow):
    """A lane 车道 of the outbox: many messages that belong together, held, slowed down or ended as one, and overtaken by all others.

    The counts say how its sends ended; what is neither ended nor waits for a person is still queued.
    """

    state = models.CharField(max_length=10, choices=[(s, s) for s in LANE_STATES], default="open")
    per_minute = models.PositiveIntegerField(null=True)  # in each account; null: as fast as the platform allows
    sends = models.PositiveIntegerField(default=0)
    awaiting_confirm = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    partial = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta(WorkspaceRow.Meta):
        indexes = [models.Index(fields=["workspace"], condition=Q(state="open"), name="channel_lane_open")]


class Send(LargeRow):
    """One message going out: a row of the outbox. In each chat one row at a time is first in line (`is_first`).

    A lane has no lines: it holds one message for a chat, so each of its rows comes first as soon as it may go.
    """

    key = models.CharField(max_length=200)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sends", db_index=False)
    chat_ref = models.CharField(max_length=200)
    chat_kind = models.CharField(max_length=10)
    chat_name = models.CharField(max_length=200, blank=True)
    user_ref = models.CharField(max_length=200, blank=True)  # whom it is for, where it is for one person
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    purpose = models.CharField(max_length=10, choices=[(p, p) for p in PURPOSES], default="service")
    body = models.BinaryField()  # contract.Outgoing without its key and chat, as JSON
    excerpt = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80, default="system")
    lane = models.CharField(max_length=32, blank=True)  # the id of its Lane in hex; empty: in none
    state = models.CharField(max_length=20, choices=[(s, s) for s in SEND_STATES], default="queued")
    is_first = models.BooleanField(default=False)
    is_later = models.BooleanField(default=False)  # not in line before `next_at`
    next_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=60, blank=True)  # who is handing it over now
    held_until = models.DateTimeField(null=True)
    message_ids = models.JSONField(default=list)
    delivery = models.CharField(max_length=10, blank=True)  # what the platform said later: sent | failed | bounced
    reason = models.CharField(max_length=30, blank=True)
    error_zh = models.CharField(max_length=500, blank=True)
    error_en = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # a dead letter that somebody looked at and left

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="channel_send_key_once"),
            models.UniqueConstraint(fields=["account", "chat_ref"], condition=Q(is_first=True, lane=""), name="channel_send_first_in_line"),
            models.CheckConstraint(condition=Q(is_first=False) | Q(state="queued"), name="channel_send_first_is_queued"),
            models.CheckConstraint(
                condition=Q(lane="") | ~Q(state="queued") | Q(is_first=True) | Q(is_later=True), name="channel_send_lane_has_no_line"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "lane", "next_at", "id"], condition=Q(is_first=True), name="channel_send_due"),
            models.Index(fields=["next_at"], condition=Q(is_later=True), name="channel_send_later"),
            models.Index(
                fields=["account", "chat_ref", "id"], condition=Q(state="queued", is_later=False, is_first=False), name="channel_send_behind_first"
            ),
            models.Index(fields=["held_until"], condition=~Q(holder=""), name="channel_send_held"),
            models.Index(fields=["expires_at"], condition=Q(finished_at=None), name="channel_send_ends"),
            models.Index(fields=["workspace", "state", "id"], name="channel_send_by_state"),
            models.Index(fields=["account", "id"], name="channel_send_of_account"),
            models.Index(fields=["workspace", "lane", "state", "id"], condition=~Q(lane=""), name="channel_send_of_lane"),
            models.Index(fields=["member", "finished_at"], condition=Q(member__isnull=False), name="channel_send_of_member"),
        ]


class SentMessage(LargeRow):
    """A message of ours on a platform: what receipts of delivery and answers refer to."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    chat_ref = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200)
    send = models.ForeignKey(Send, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "message_id", "chat_ref"], name="channel_sent_message_once")]
        indexes = [models.Index(fields=["at"], name="channel_sent_message_age")]


class SiteMessage(LargeRow):
    """One message of a talk on a page of the brand's, in either direction: what a visitor finds again on coming back."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    chat_ref = models.CharField(max_length=200)
    key = models.CharField(max_length=200)  # of the send, or what the visitor's browser called it
    is_own = models.BooleanField()  # ours
    body = models.BinaryField()  # list of contract.Segment, as JSON
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "chat_ref", "is_own", "key"], name="channel_site_message_once")]
        indexes = [
            models.Index(fields=["account", "chat_ref", "id"], name="channel_site_message_talk"),
            models.Index(fields=["at"], name="channel_site_message_age"),
        ]


class SiteFile(LargeRow):
    """A kept file that some visitor of an account was shown or sent: only those are served."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="channel_site_file_once")]
