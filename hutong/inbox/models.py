"""Tables of the inbox: conversations with their messages and rounds, who takes new ones, scripts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hutong.channels.models import Account, Chat, LargeRow, Send
from hutong.foundation import clock
from hutong.foundation.rows import WorkspaceRow
from hutong.members.models import Member
from hutong.workspaces.models import User

STATES = ["open", "pending", "snoozed", "closed"]
DIRECTIONS = ["in", "out", "note"]


class Conversation(LargeRow):
    """One private chat, or one person in one group. `open`: somebody waits for us; `pending`: we wait for them."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="+", db_index=False)
    origin = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")  # whose it is, as they were before any merge
    in_group = models.UUIDField(null=True)  # the origin again, in groups only
    user_ref = models.CharField(max_length=200, blank=True)  # their id on the platform
    name = models.CharField(max_length=200, blank=True)  # what the list shows and the search finds
    channel = models.CharField(max_length=30)
    community_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="open")
    is_active = models.BooleanField(default=True)  # open or pending
    snoozed_until = models.DateTimeField(null=True)
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    because = models.CharField(max_length=20, default="message")  # message | mention | handed_over | staff
    handed_over_by = models.CharField(max_length=200, blank=True)  # the rule that handed over, as it is called
    thread = models.CharField(max_length=200, blank=True)  # of the last message
    last_id = models.UUIDField(null=True)  # of the last message, notes left out
    last_at = models.DateTimeField(default=clock.now)
    last_direction = models.CharField(max_length=5, default="in")
    last_excerpt = models.CharField(max_length=200, blank=True)
    last_has_files = models.BooleanField(default=False)
    last_failed = models.BooleanField(default=False)  # it was ours and did not go out
    waiting_since = models.DateTimeField(null=True)  # their first message that nobody has answered
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta(LargeRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["chat"], condition=Q(in_group__isnull=True), name="inbox_private_once"),
            models.UniqueConstraint(fields=["chat", "in_group"], condition=Q(in_group__isnull=False), name="inbox_in_group_once"),
            models.CheckConstraint(condition=Q(is_active=Q(state__in=["open", "pending"])), name="inbox_active_is_open_or_pending"),
            models.CheckConstraint(condition=Q(snoozed_until__isnull=True) | Q(state="snoozed"), name="inbox_only_snoozed_wait"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-last_at", "-id"], condition=Q(is_active=True), name="inbox_active"),
            models.Index(fields=["workspace", "-last_at", "-id"], condition=Q(state="closed"), name="inbox_closed"),
            models.Index(fields=["workspace", "-last_at", "-id"], name="inbox_by_time"),
            models.Index(fields=["workspace", "name", "id"], name="inbox_by_name"),
            models.Index(fields=["workspace", "assignee", "-last_at", "-id"], condition=Q(is_active=True), name="inbox_by_assignee"),
            models.Index(
                fields=["workspace", "waiting_since", "id"], condition=Q(is_active=True, waiting_since__isnull=False), name="inbox_by_waiting"
            ),
            models.Index(fields=["workspace", "-last_at", "-id"], condition=Q(state="snoozed"), name="inbox_snoozed"),
            models.Index(fields=["snoozed_until"], condition=Q(state="snoozed"), name="inbox_snooze_ends"),
            models.Index(fields=["account", "-last_at", "-id"], name="inbox_by_account"),
        ]

    def __str__(self) -> str:
        return self.name


class InboxMessage(LargeRow):
    """A message of a conversation, or a note of staff. A row without `at` waits for the message that was edited or recalled before it came."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=5, choices=[(d, d) for d in DIRECTIONS])
    external_id = models.CharField(max_length=200, blank=True)  # on the platform
    key = models.CharField(max_length=100, blank=True)  # the client's, of what staff wrote
    at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    parts = models.JSONField(default=list)  # of what we sent: channels.messages.stored
    attachments = models.JSONField(default=list)  # of what came: kind, name, size
    reply_to = models.CharField(max_length=200, blank=True)
    staff = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    staff_name = models.CharField(max_length=100, blank=True)
    is_automatic = models.BooleanField(default=False)  # sent by a rule: answers nobody
    send = models.ForeignKey(Send, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=20, blank=True)  # of the send, once it is known
    edited_at = models.DateTimeField(null=True)
    recalled_at = models.DateTimeField(null=True)

    class Meta(LargeRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conversation", "external_id"], condition=~Q(external_id=""), name="inbox_message_once"),
            models.UniqueConstraint(fields=["conversation", "key"], condition=~Q(key=""), name="inbox_message_key_once"),
        ]
        indexes = [
            models.Index(fields=["conversation", "-at", "-external_id", "-id"], name="inbox_message_by_time"),
            models.Index(fields=["workspace", "-id"], name="inbox_message_latest"),
        ]


class Mention(LargeRow):
    """A colleague whom a note names. Without `seen_at` they have not looked at the conversation since."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(InboxMessage, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True)

    class Meta(LargeRow.Meta):
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="inbox_mention_once")]
        indexes = [
            models.Index(fields=["workspace", "user", "conversation", "-at"], name="inbox_mention_of_user"),
            models.Index(fields=["workspace", "user", "conversation"], condition=Q(seen_at__isnull=True), name="inbox_mention_unseen"),
        ]


class Round(LargeRow):
    """From somebody's message that opened a conversation to its closing: what response times are counted from."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="rounds")
    channel = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta(LargeRow.Meta):
        constraints = [models.UniqueConstraint(fields=["conversation"], condition=Q(closed_at__isnull=True), name="inbox_round_open_once")]
        indexes = [models.Index(fields=["workspace", "opened_at"], name="inbox_round_by_day")]


class InboxSettings(WorkspaceRow):
    """How a workspace's inbox works. A workspace without a row gives new conversations to nobody."""

    gives_in_turn = models.BooleanField(default=False)
    takers = models.JSONField(default=list)  # ids of users who take turns; empty: everybody who may answer
    last = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)  # whose turn was last
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace"], name="inbox_settings_once")]


class Script(WorkspaceRow):
    """A script 话术: an answer kept ready. `owner` empty: for everybody."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    folder = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=100)
    shortcut = models.CharField(max_length=30, blank=True)
    parts = models.JSONField(default=list)
    text = models.TextField(blank=True)  # what searches look through
    sounds = models.TextField(blank=True)  # the title in pinyin: initials, then whole syllables (hutong.inbox.pinyin)
    number = models.PositiveIntegerField(default=1)  # of the version
    used = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    updated_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "shortcut"], condition=Q(owner=None) & ~Q(shortcut=""), name="inbox_script_shortcut_once"),
            models.UniqueConstraint(
                fields=["workspace", "owner", "shortcut"], condition=Q(owner__isnull=False) & ~Q(shortcut=""), name="inbox_own_shortcut_once"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "folder", "title", "id"], name="inbox_script_by_folder")]

    def __str__(self) -> str:
        return self.title


class ScriptVersion(WorkspaceRow):
    """What a script said before."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    parts = models.JSONField(default=list)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=clock.now)

    class Meta(WorkspaceRow.Meta):
        constraints = [models.UniqueConstraint(fields=["script", "number"], name="inbox_script_version_once")]
