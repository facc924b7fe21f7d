"""What the operations of the inbox take and give."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.channels.messages import PartOut, Parts
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX

Key = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$", description="Made by the client: the same one is written once.")]
State = Literal["open", "pending", "snoozed", "closed"]


class StrictSchema(Schema):
    """A body that says nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class ConversationsQuery(Schema):
    """Which conversations, and how many."""

    show: Literal["mine", "unassigned", "mentions", "open", "snoozed", "closed", "all"] = Field(
        "open", description="`mentions`: in any state, where a note names whoever asks, by the latest such note."
    )
    sort: Literal["last", "waiting"] = Field("last", description="`waiting`: only where somebody waits, the longest first.")
    channel: str = Field("", max_length=30)
    account_id: uuid.UUID | None = None
    community_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    assignee_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    q: str = Field("", max_length=100, description="Part of a name, or of the latest 20,000 messages.")
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class PageQuery(Schema):
    """Where in a list."""

    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class StaffBrief(Schema):
    """A colleague."""

    id: uuid.UUID
    name: str


class StaffList(Schema):
    """Who may answer."""

    items: list[StaffBrief]


class ConversationOut(Schema):
    """A conversation as lists show it."""

    id: uuid.UUID
    name: str
    channel: str
    account_id: uuid.UUID
    account_name: str
    chat_name: str
    is_private: bool
    group_id: uuid.UUID | None
    community_id: uuid.UUID | None
    member_id: uuid.UUID | None
    state: State
    snoozed_until: dt.datetime | None
    assignee: StaffBrief | None
    is_mentioned: bool = Field(description="A note names whoever asks, and they have not looked at it since.")
    because: Literal["message", "mention", "handed_over", "staff"]
    handed_over_by: str
    last_message: uuid.UUID | None
    last_at: dt.datetime
    last_direction: Literal["in", "out"]
    last_excerpt: str
    last_has_files: bool
    last_failed: bool
    waiting_since: dt.datetime | None
    opened_at: dt.datetime
    closed_at: dt.datetime | None


class ConversationPage(Schema):
    """Conversations."""

    items: list[ConversationOut]
    next_cursor: str | None


class WindowOut(Schema):
    """Until when, and how many more answers the platform allows; `ends_at` null: no end."""

    ends_at: dt.datetime | None
    left: int


class ConversationDetail(ConversationOut):
    """A conversation with how long it may be answered."""

    window: WindowOut | None
    quotes: bool = Field(description="Whether an answer may quote a message.")


class InboxCounts(Schema):
    """How many there are. `waiting`: somebody waits; `mentions`: a note names me that I have not seen; `for_me`: either of mine or nobody's wait, or a note names me."""

    waiting: int
    for_me: int
    mine: int
    unassigned: int
    mentions: int
    open: int
    snoozed: int


class AttachmentBrief(Schema):
    """A file that came: what it is called, and the SHA-256 of its content where that is kept (`/messages/files/{sha256}`)."""

    kind: str = ""
    name: str = ""
    file: str = ""


class InboxMessageOut(Schema):
    """A message or a note. `state` is that of the send, of what we wrote."""

    id: uuid.UUID
    direction: Literal["in", "out", "note"]
    at: dt.datetime
    text: str
    parts: list[PartOut]
    attachments: list[AttachmentBrief]
    quoted: uuid.UUID | None
    staff_id: uuid.UUID | None
    staff_name: str
    is_automatic: bool
    mentions: list[StaffBrief]
    send_id: uuid.UUID | None
    state: str
    error_zh: str
    error_en: str
    edited_at: dt.datetime | None
    recalled_at: dt.datetime | None


class InboxMessagePage(Schema):
    """The latest first."""

    items: list[InboxMessageOut]
    next_cursor: str | None


class ContextLine(Schema):
    """Something said in the group before."""

    event_id: str
    at: dt.datetime
    member_id: uuid.UUID | None
    name: str
    text: str


class ContextOut(Schema):
    """What was said in the group before the conversation opened, oldest first."""

    items: list[ContextLine]


class AnswerBody(StrictSchema):
    """An answer. With `expected_last_message` it is refused where something was said after that."""

    key: Key
    parts: Parts
    quotes: uuid.UUID | None = None
    expected_last_message: uuid.UUID | None = None
    script_id: uuid.UUID | None = None


class NoteBody(StrictSchema):
    """A note for staff only."""

    key: Key
    text: str = Field(max_length=10_000)
    mentions: list[uuid.UUID] = Field(default_factory=list, max_length=50)


class ConversationChange(StrictSchema):
    """What is left out stays. `assignee_id` null: nobody's. `snoozed` needs `snoozed_until`."""

    state: Literal["open", "snoozed", "closed"] | None = None
    snoozed_until: dt.datetime | None = None
    assignee_id: uuid.UUID | None = None


class OpenBody(StrictSchema):
    """Either the message of the stream to open a conversation from, or a member and the account to write to them by."""

    event_id: str = Field("", max_length=200)
    member_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None


class WayOut(Schema):
    """An account by which somebody can be written to. `conversation_id` null: they have not talked yet."""

    account_id: uuid.UUID
    account_name: str
    channel: str
    user_ref: str
    conversation_id: uuid.UUID | None


class WaysOut(Schema):
    """By which accounts a member can be written to in private."""

    items: list[WayOut]


class PresenceBody(StrictSchema):
    """What one does there."""

    doing: Literal["looking", "writing"]


class PresentOut(Schema):
    """Somebody at a conversation. `who`: `staff:<id>` or `key:<id>`."""

    conversation_id: uuid.UUID
    who: str
    name: str
    doing: Literal["looking", "writing"]


class PresenceOut(Schema):
    """Who is where, and who is asking. Whoever does not say so again within 25 seconds is gone."""

    items: list[PresentOut]
    me: str
    tell_every_seconds: int


class InboxSettingsBody(StrictSchema):
    """Whether new conversations are given to staff in turn, and to whom; nobody named: to all who may answer."""

    gives_in_turn: bool
    takers: list[uuid.UUID] = Field(default_factory=list, max_length=200)


class InboxSettingsOut(Schema):
    """The same, with who takes turns now, who of those is away and passed over, and who is next. Where all are away nobody is passed over."""

    gives_in_turn: bool
    takers: list[uuid.UUID]
    turns: list[StaffBrief]
    away: list[StaffBrief] = Field(description="Not seen in the console for 15 minutes.")
    next: StaffBrief | None


class SpreadOut(Schema):
    """Of so many times, in seconds: the middle one, and the one that nine of ten do not exceed; null where there are none."""

    count: int
    median: float | None
    p90: float | None


class LineOut(Schema):
    """`opened`: rounds that began; `first_response` and `resolution` of those; `waiting`: conversations in which somebody waits now."""

    opened: int
    first_response: SpreadOut
    resolution: SpreadOut
    waiting: int


class StaffLine(LineOut):
    """Of one person: first answers they gave, rounds they closed, who waits for them. Null: nobody in particular, or from outside of Hutong."""

    staff: StaffBrief | None


class ChannelLine(LineOut):
    """Of one channel."""

    channel: str


class DayLine(LineOut):
    """Of one day, week or month."""

    first: dt.date
    last: dt.date


class TimesOut(Schema):
    """Response times of rounds opened on these local days of the workspace."""

    first: dt.date
    last: dt.date
    time_zone: str
    unit: Literal["day", "week", "month"]
    total: LineOut
    longest_waiting_since: dt.datetime | None
    staff: list[StaffLine]
    channels: list[ChannelLine]
    days: list[DayLine]


class ScriptsQuery(PageQuery):
    """Which scripts."""

    q: str = Field("", max_length=100, description="The beginning of a shortcut, part of a title, of its pinyin or its initials, or of the words.")
    folder: str | None = Field(None, max_length=60)


class PickQuery(Schema):
    """What was typed after the slash."""

    q: str = Field("", max_length=100)


class ScriptOut(Schema):
    """A script."""

    id: uuid.UUID
    title: str
    shortcut: str
    folder: str
    parts: list[PartOut]
    text: str
    is_personal: bool
    version: int
    used: int
    last_used_at: dt.datetime | None
    updated_by: str
    updated_at: dt.datetime


class ScriptPage(Schema):
    """Scripts by folder and title, and all folders."""

    items: list[ScriptOut]
    next_cursor: str | None
    folders: list[str]


class ScriptList(Schema):
    """Scripts, the likeliest first."""

    items: list[ScriptOut]


class ScriptBody(StrictSchema):
    """A new script."""

    title: str = Field(max_length=300)
    shortcut: str = Field("", max_length=100)
    folder: str = Field("", max_length=300)
    parts: Parts
    is_personal: bool = False


class ScriptChange(StrictSchema):
    """What is left out stays."""

    title: str | None = Field(None, max_length=300)
    shortcut: str | None = Field(None, max_length=100)
    folder: str | None = Field(None, max_length=300)
    parts: Parts | None = None
    is_personal: bool | None = None


class ScriptVersionOut(Schema):
    """What a script said before."""

    number: int
    title: str
    parts: list[PartOut]
    by: str
    at: dt.datetime


class ScriptVersionList(Schema):
    """The latest first."""

    items: list[ScriptVersionOut]
