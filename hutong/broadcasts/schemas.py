"""The shapes of broadcasts at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.broadcasts.audience import ACCOUNTS_MAX, COMMUNITIES_MAX, GROUPS_MAX
from hutong.channels.messages import PARTS_MAX, PartIn, PartOut
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.members.schemas import Ref

Name = Annotated[str, Field(min_length=1, max_length=200, examples=["周五新品预告"])]
State = Literal["draft", "scheduled", "sending", "paused", "done", "cancelled"]
RunState = Literal["sending", "paused", "cancelling", "done", "cancelled"]
Purpose = Literal["service", "marketing"]
AudienceKind = Literal["groups", "segment", "communities"]
TimingKind = Literal["now", "at", "daily", "weekly", "monthly", "cron"]
Show = Literal[
    "all", "queued", "awaiting_confirm", "sent", "partial", "failed", "expired", "unknown", "cancelled", "unreachable", "clicked", "replied", "unsubscribed"
]  # fmt: skip


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class BroadcastAudience(Body):
    """Groups, or members who are written to privately: of a segment, or of communities. Each goes through the first account that reaches them."""

    kind: AudienceKind = "groups"
    groups: Annotated[list[uuid.UUID], Field(max_length=GROUPS_MAX)] = []
    segment: uuid.UUID | None = None
    communities: Annotated[list[uuid.UUID], Field(max_length=COMMUNITIES_MAX)] = []
    accounts: Annotated[list[uuid.UUID], Field(max_length=ACCOUNTS_MAX)] = []


class BroadcastTiming(Body):
    """When it goes, by the clock of `zone`. `weekdays`: 1 is Monday; `day` 32: the last of the month; `only_workdays`: as people in China work."""

    kind: TimingKind = "now"
    zone: Annotated[str, Field(max_length=64)] = "Asia/Shanghai"
    at: Annotated[str, Field(max_length=30, examples=["2026-12-01T09:00"])] = ""
    time: Annotated[str, Field(max_length=8)] = "09:00"
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)] = []
    day: Annotated[int, Field(ge=1, le=32)] = 1
    cron: Annotated[str, Field(max_length=100)] = ""
    only_workdays: bool = False


class BroadcastIn(Body):
    """A new draft."""

    name: Name


class BroadcastChange(Body):
    """What a draft is now, in full; `version` is the one it was read as."""

    version: int
    name: Name
    purpose: Purpose = "service"
    parts: Annotated[list[PartIn], Field(max_length=PARTS_MAX)] = []
    audience: BroadcastAudience
    timing: BroadcastTiming
    per_minute: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    tracks_links: bool = False


class BroadcastScheduleIn(Body):
    """Send it, now or at its time. `recipients`: the number typed back, where there are many."""

    version: int
    recipients: int | None = None


class BroadcastRunOut(Schema):
    """One time a broadcast went: how many recipients, what became of them, what they did."""

    id: uuid.UUID
    due_at: dt.datetime
    state: RunState
    is_enqueued: bool = Field(description="Every recipient is in the outbox; until then the number grows.")
    recipients: int
    queued: int
    awaiting_confirm: int
    sent: int
    partial: int
    failed: int
    expired: int
    unknown: int
    cancelled: int
    no_identity: int = Field(description="Members with no name on the channels of the accounts.")
    not_opened: int = Field(description="Members who have to write first on that platform.")
    no_account: int = Field(description="Groups that none of the accounts is in.")
    unreachable: int = Field(description="The sum of the three.")
    expected: int | None = Field(description="How many members or groups there were to look at when it began.")
    seen: int = Field(description="How many of them have been looked at.")
    clicked: int = Field(description="People who followed a link.")
    replied: int = Field(description="People who wrote back within three days.")
    unsubscribed: int
    rate_per_second: float
    left_seconds: float | None
    started_at: dt.datetime
    finished_at: dt.datetime | None


class BroadcastLine(Schema):
    """A broadcast in the list."""

    id: uuid.UUID
    name: str
    purpose: Purpose
    state: State
    audience_kind: AudienceKind
    timing_kind: TimingKind
    zone: str
    next_at: dt.datetime | None
    last_run: BroadcastRunOut | None
    created_by_name: str
    changed_by_name: str
    created_at: dt.datetime
    updated_at: dt.datetime


class BroadcastPage(Schema):
    """Broadcasts, the newest first."""

    items: list[BroadcastLine]
    next_cursor: str | None


class BroadcastQuery(Schema):
    """Which broadcasts."""

    state: State | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_SIZE_MAX)] = PAGE_SIZE_DEFAULT


class BroadcastNames(Schema):
    """What its audience names."""

    groups: list[Ref]
    communities: list[Ref]
    accounts: list[Ref]
    segment: Ref | None


class BroadcastOut(BroadcastLine):
    """A broadcast in full. `dates`: when a repeated one goes next."""

    parts: list[PartOut]
    audience: BroadcastAudience
    timing: BroadcastTiming
    names: BroadcastNames
    per_minute: int | None
    tracks_links: bool
    version: int
    runs: list[BroadcastRunOut]
    dates: list[dt.datetime]


class BroadcastDatesIn(Body):
    """A timing to look at."""

    timing: BroadcastTiming


class BroadcastDatesOut(Schema):
    """The next moments, and years of which public holidays are not known: there Monday to Friday count as working days."""

    dates: list[dt.datetime]
    unknown_years: list[int]


class BroadcastSentence(Schema):
    """The same in both languages."""

    zh: str
    en: str


class BroadcastCheckedAccount(Schema):
    """What one account would send. `seconds`: at least, by the platform's limits and the broadcast's own."""

    account_id: uuid.UUID
    name: str
    state: Literal["active", "paused", "needs_reconnect"]
    recipients: int
    seconds: int
    left_out: list[BroadcastSentence]
    problem: BroadcastSentence | None
    risk: BroadcastSentence | None
    needs_opening: bool = Field(description="The platform only lets it answer for some time after somebody wrote.")


class BroadcastMarketingRules(Schema):
    """What holds marketing back at the moment of sending, apart from opt-outs."""

    quiet_from: str
    quiet_to: str
    per_day: int
    per_week: int


class BroadcastCheckOut(Schema):
    """What sending now would do, by what has been counted so far. Above `typed_above` recipients the number has to be typed."""

    state: Literal["running", "done", "cancelled"]
    total: int = Field(description="Members or groups to look at.")
    seen: int = Field(description="How many of them have been looked at.")
    rate_per_second: float
    left_seconds: float | None
    recipients: int
    no_identity: int
    not_opened: int
    no_account: int = Field(description="Groups that none of the accounts is in.")
    accounts: list[BroadcastCheckedAccount]
    seconds: int
    typed_above: int
    marketing: BroadcastMarketingRules | None


class BroadcastRecipientQuery(Schema):
    """Which recipients."""

    show: Show = "all"
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_SIZE_MAX)] = PAGE_SIZE_DEFAULT


class BroadcastFileQuery(Schema):
    """Which recipients the file holds; `all` has those who could not be written to as well."""

    show: Show = "all"


class BroadcastRecipientOut(Schema):
    """What became of one recipient and what they did after it; or one who did something, or who could not be written to."""

    id: uuid.UUID
    member_id: uuid.UUID | None
    name: str
    group: str = Field(description="The group it went into; empty for a private message.")
    account_name: str
    state: Show
    reason: str
    error_zh: str
    error_en: str
    attempts: int
    finished_at: dt.datetime | None
    clicked_at: dt.datetime | None
    replied_at: dt.datetime | None = Field(description="The first answer within three days.")
    unsubscribed_at: dt.datetime | None
    replies: int = Field(description="People who answered; in a group there may be many.")


class BroadcastRecipientPage(Schema):
    """Recipients in a fixed order, `all` by state."""

    items: list[BroadcastRecipientOut]
    next_cursor: str | None
