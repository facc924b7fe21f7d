"""The shapes of channels at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from hutong.channels.messages import PartOut, Parts
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX

Value = str | int | bool
Name = Annotated[str, Field(min_length=1, max_length=300, examples=["胡同小助手"])]
ChatKind = Literal["group", "dm", "channel", "list"]
AccountState = Literal["active", "paused", "needs_reconnect"]
SendStateName = Literal["queued", "awaiting_confirm", "sent", "partial", "failed", "expired", "unknown", "cancelled"]
Platform = Annotated[str, Field(max_length=30, examples=["webhook"])]
Settings = Annotated[dict[str, Value], Field(max_length=50, examples=[{"url": ""}])]
Hosts = Annotated[list[str], Field(max_length=5, description="Machines in private networks that the caller, an owner, confirms.")]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ChoiceOut(Schema):
    """One of a choice's values."""

    value: str
    zh: str
    en: str


class FieldOut(Schema):
    """One line of the form in which an account is set up."""

    name: str
    kind: Literal["text", "secret", "url", "host", "number", "boolean", "choice"]
    zh: str
    en: str
    help_zh: str
    help_en: str
    required: bool
    default: Value
    choices: list[ChoiceOut]
    length_max: int


class RateOut(Schema):
    """At most so many sends in so many seconds."""

    count: int
    seconds: float
    chat_kinds: list[str]


class LimitsOut(Schema):
    """What the platform allows."""

    per_account: list[RateOut]
    per_chat: list[RateOut]
    per_user: list[RateOut]
    reply: RateOut | None
    text_length_max: int
    file_bytes_max: int


class CapabilitiesOut(Schema):
    """What an account can do there."""

    read: Literal["all", "mentions", "none"]
    send: Literal["free", "reply_window", "needs_human_confirm", "template", "none"]
    sends: list[str]
    has_send_key: bool
    opens_dm: bool
    sees_own: bool
    sees_leave: bool
    sees_recall: bool
    recall_other: bool
    mute: bool
    kick: bool
    ban: bool


class PlatformOut(Schema):
    """A platform that can be connected."""

    platform: str
    channel: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    risk_zh: str
    risk_en: str
    ways: list[str]
    capabilities: CapabilitiesOut
    limits: LimitsOut
    fields: list[FieldOut]


class PlatformList(Schema):
    """Every platform."""

    items: list[PlatformOut]


class TestIn(Body):
    """Settings to try. With `account_id`, secrets left empty are those of that account."""

    platform: Platform
    settings: Settings
    private_hosts: Hosts = []
    account_id: uuid.UUID | None = None


class PreparationIn(Body):
    """A platform that somebody is about to connect."""

    platform: Platform


class PreparationOut(Schema):
    """Settings made up for the form, secrets among them. They are good once an account is connected with them."""

    made: dict[str, Value]


class NoteOut(Schema):
    """Something worth knowing before connecting."""

    zh: str
    en: str


class TestOut(Schema):
    """What the live test found. `made` are settings made up for you, secrets among them: keep them now, they are not shown again."""

    self_id: str
    name: str
    notes: list[NoteOut]
    made: dict[str, Value]


class AccountIn(Body):
    """An account to connect."""

    platform: Platform
    name: Name
    settings: Settings
    private_hosts: Hosts = []


class AccountPatch(Body):
    """Another name."""

    name: Name


class ReconnectIn(Body):
    """Other settings for an account; secrets left empty stay."""

    settings: Settings
    private_hosts: Hosts = []


class UseOut(Schema):
    """How much of a limit is used at this moment."""

    count: int
    seconds: float
    used: int


class HealthOut(Schema):
    """How an account is. `connected_at` is null while its long connection is down; `lag_ms` of the last event."""

    holds_connection: bool
    connected_at: dt.datetime | None
    alive_at: dt.datetime | None = Field(description="When the connection last showed that it lives.")
    last_event_at: dt.datetime | None
    lag_ms: int
    received: int
    sent: int
    errors: int = Field(description="Errors in a row.")
    last_error_at: dt.datetime | None
    error_zh: str
    error_en: str
    waits_until: dt.datetime | None = Field(description="The platform asked to wait until then.")
    limits: list[UseOut]


class AccountOut(Schema):
    """An account, its health and its outbox. `settings` holds what may be shown; of `secrets` only whether there is one."""

    id: uuid.UUID
    platform: str
    channel: str
    name: str
    self_id: str
    self_name: str
    state: AccountState
    problem_zh: str
    problem_en: str
    settings: dict[str, Value]
    private_hosts: list[str]
    callback_url: str
    snippet: str = Field(description="The line for the pages of the site, where the account is a chat on one.")
    ways: list[str]
    sends: list[str] = Field(description="What it can send; nothing where it only receives.")
    chats: int
    unlinked: int = Field(description="Chats that belong to no group yet.")
    waiting: int
    dead: int
    health: HealthOut
    created_at: dt.datetime
    updated_at: dt.datetime


class AccountList(Schema):
    """Every account, by name."""

    items: list[AccountOut]


class ListQuery(Schema):
    """Where in a list, and how much of it."""

    q: str = Field("", max_length=100, description="Part of the name or id.")
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class ChatOut(Schema):
    """A chat, and the group it is."""

    id: uuid.UUID
    account_id: uuid.UUID
    external_id: str
    kind: ChatKind
    name: str
    members: int | None
    state: Literal["in", "muted", "removed", "dissolved"]
    group_id: uuid.UUID | None
    group_name: str
    community_id: uuid.UUID | None
    community_name: str
    has_waiting: bool = Field(description="Events wait until somebody says which group this is.")
    last_event_at: dt.datetime | None


class ChatPage(Schema):
    """A page of chats, by name."""

    items: list[ChatOut]
    next_cursor: str | None


class ChatIn(Body):
    """A chat named by hand."""

    external_id: Annotated[str, Field(min_length=1, max_length=200)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    kind: ChatKind = "group"


class ChatsFound(Schema):
    """How many chats the platform told of."""

    found: int


class GroupLink(Body):
    """Which group the chat is: one that is there, or a new one in this community."""

    group_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None


class SendQuery(Schema):
    """Which part of the outbox."""

    account_id: uuid.UUID | None = None
    show: Literal["all", "waiting", "sent", "dead", "dropped", "cancelled"] = "all"
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class SendIn(Body):
    """A text to send into a chat. The same `key` again is the same message. `subject` of an e-mail; without it the first line is."""

    account_id: uuid.UUID
    chat_id: uuid.UUID
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    key: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    subject: Annotated[str, StringConstraints(max_length=200)] = ""


class SendOut(Schema):
    """A row of the outbox."""

    id: uuid.UUID
    key: str
    account_id: uuid.UUID
    account_name: str
    chat_ref: str
    chat_name: str
    purpose: Literal["reply", "service", "marketing"]
    excerpt: str
    state: SendStateName
    is_under_way: bool
    attempts: int
    next_at: dt.datetime
    expires_at: dt.datetime
    delivery: str
    reason: str
    error_zh: str
    error_en: str
    source: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    dropped_at: dt.datetime | None = Field(description="When somebody left the dead letter as it is.")


class DeadSendsIn(Body):
    """The dead letters of an account. Those in doubt may have arrived: they are touched only `with_unknown`."""

    account_id: uuid.UUID
    with_unknown: bool = False


class DeadSendsDone(Schema):
    """How many."""

    done: int


class SendPage(Schema):
    """A page of the outbox, the latest first."""

    items: list[SendOut]
    next_cursor: str | None


class PersonalFieldOut(Schema):
    """A personal field, inserted as {{name|fallback}}."""

    name: str = Field(examples=["attribute.city"])
    zh: str
    en: str


class FieldList(Schema):
    """Personal fields, in the order in which they are offered."""

    items: list[PersonalFieldOut]


class AttachmentOut(Schema):
    """An uploaded attachment; a message names it by `file`."""

    file: str
    name: str
    content_type: str
    size_bytes: int
    kind: Literal["image", "file"]


class MessagePreviewIn(Body):
    """A message to look at: filled for a member and a group, where they are named; without `platforms` on those that are connected."""

    parts: Parts
    platforms: Annotated[list[Platform], Field(max_length=50)] = []
    member_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None


class Sentence(Schema):
    """The same in both languages."""

    zh: str
    en: str


class OnPlatformOut(Schema):
    """The message as one platform will show it. `problem`: it cannot be sent there at all."""

    platform: str
    zh: str
    en: str
    parts: list[PartOut]
    left_out: list[Sentence]
    problem: Sentence | None
    characters: int
    characters_max: int


class MessagePreviewOut(Schema):
    """The message as it was filled, and as each platform will show it."""

    parts: list[PartOut]
    platforms: list[OnPlatformOut]
