"""The shapes of the rules of sending at HTTP: the rules, a look at one message, who is not to be written to."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.channels.schemas import Body
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX


class RulesOut(Schema):
    """When and to whom this workspace writes. Minors and children are those the law names; that does not change."""

    quiet_from: str = Field(examples=["22:00"])
    quiet_to: str = Field(examples=["08:00"])
    marketing_per_day: int
    marketing_per_week: int
    banned_words: list[str]
    advertising_words: list[str]
    minor_years: int = Field(description="Below that age nobody gets marketing.")
    child_years: int = Field(description="Below that age only their own messages are answered.")
    updated_at: dt.datetime | None


class RulesTestIn(Body):
    """A message to a member by an account, to be looked at and not sent."""

    account_id: uuid.UUID
    member_id: uuid.UUID
    purpose: Literal["reply", "service", "marketing"] = "marketing"
    text: Annotated[str, Field(max_length=20_000)] = ""


CheckName = Literal["account", "person", "words", "reachable", "minor", "opted_out", "quiet", "caps", "window", "limits"]


class SendingCheckOut(Schema):
    """One thing that is asked. `later`: not before `until`, or until something changes where that is null."""

    name: CheckName
    answer: Literal["yes", "later", "no"]
    until: dt.datetime | None
    zh: str
    en: str


class RulesTestOut(Schema):
    """What would become of it, and everything that was asked. `zone` is the clock of whom it is for."""

    answer: Literal["yes", "later", "no"]
    until: dt.datetime | None
    needs_confirmation: bool = Field(description="A person has to confirm each send on the platform.")
    zone: str
    at: dt.datetime
    checks: list[SendingCheckOut]


OptOutReason = Literal["link", "asked", "complaint", "bounced", "staff", "imported"]
Channel = Annotated[str, Field(min_length=1, max_length=30, examples=["email"])]
OptOutNote = Annotated[str, Field(max_length=300)]


class OptOutQuery(Schema):
    """Which of them."""

    q: str = Field("", max_length=100, description="Part of the id or of the note.")
    channel: str = Field("", max_length=30)
    reason: OptOutReason | Literal[""] = ""
    member_id: uuid.UUID | None = None
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class OptOutMemberOut(Schema):
    """A member by name."""

    id: uuid.UUID
    name: str


class OptOutOut(Schema):
    """Somebody a channel is not to write to. `stops`: marketing, or all where the address takes nothing."""

    id: uuid.UUID
    channel: str
    user_ref: str
    stops: Literal["marketing", "all"]
    reason: OptOutReason
    note: str
    by: str = Field(description="Who of the staff added it; empty where they did it themselves or the platform said so.")
    at: dt.datetime
    member: OptOutMemberOut | None


class OptOutPage(Schema):
    """A page of them, the latest first."""

    items: list[OptOutOut]
    next_cursor: str | None


class OptOutList(Schema):
    """Those that stand now."""

    items: list[OptOutOut]


class OptOutIn(Body):
    """Whom: a `member_id`, or an id on the channel."""

    channel: Channel
    user_ref: Annotated[str, Field(max_length=200)] = ""
    member_id: uuid.UUID | None = None
    stops: Literal["marketing", "all"] = "marketing"
    note: OptOutNote = ""


class OptOutsIn(Body):
    """A list of ids on a channel, one a line."""

    channel: Channel
    lines: Annotated[list[Annotated[str, Field(max_length=1_000)]], Field(max_length=20_000)]
    note: OptOutNote = ""


class OptOutRefusalOut(Schema):
    """A line that is no id, counted from 1."""

    line: int
    value: str


class OptOutsImported(Schema):
    """What became of the list; of refused lines the first hundred."""

    added: int
    known: int
    refused: list[OptOutRefusalOut]


class OptOutLiftIn(Body):
    """Why they may be written to again; kept in the audit log."""

    note: Annotated[str, Field(min_length=1, max_length=300)]


class RulesPatch(Body):
    """What to change of the rules."""

    quiet_from: Annotated[str, Field(max_length=5)] | None = None
    quiet_to: Annotated[str, Field(max_length=5)] | None = None
    marketing_per_day: Annotated[int, Field(ge=0, le=1000)] | None = None
    marketing_per_week: Annotated[int, Field(ge=0, le=1000)] | None = None
    banned_words: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=2000)] | None = None
    advertising_words: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=2000)] | None = None
