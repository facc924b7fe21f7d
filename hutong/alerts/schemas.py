"""The shapes of alerts at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.alerts.rules import MINUTES_MAX, MINUTES_MIN
from hutong.automations.schemas.rules import Actions, FollowingOut
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.members.schemas import Body, Ref

Kind = Literal["quiet", "spike", "question", "newcomer", "connector", "sends", "todo", "automation"]
GroupKind = Literal["quiet", "spike", "question", "newcomer"]
State = Literal["open", "acknowledged", "snoozed", "resolved"]
Sensitivity = Literal["low", "normal", "high"]
Way = Literal["console", "chat", "email"]
Minutes = Annotated[int, Field(ge=MINUTES_MIN, le=MINUTES_MAX)]
Clock = Annotated[str, Field(max_length=5, examples=["22:00"])]


class AlertQuery(Schema):
    """Which alerts, and where in the list. `mine`: only those the caller wants to know of."""

    show: Literal["active", "open", "acknowledged", "snoozed", "resolved", "all"] = "active"
    kind: list[Kind] = Field([], max_length=8)
    community: uuid.UUID | None = None
    mine: bool = False
    cursor: str | None = Field(None, max_length=500)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class AlertPerson(Schema):
    """Somebody who waits for an answer, or whom a rule or a journey is about."""

    member_id: uuid.UUID
    name: str
    text: str
    at: dt.datetime
    event_id: str = Field("", description="Of what they wrote: it opens a conversation (`conversations_open`).")


class AlertOut(Schema):
    """Something staff should look at; `zh` and `en` say what."""

    id: uuid.UUID
    kind: Kind
    state: State
    zh: str
    en: str
    community: Ref | None
    group: Ref | None
    account: Ref | None
    people: list[AlertPerson]
    raised_at: dt.datetime
    snoozed_until: dt.datetime | None
    seen_by: str = Field(description="Who acknowledged, snoozed or ended it.")
    resolved_at: dt.datetime | None = Field(description="When its cause was gone, or somebody ended it.")


class AlertPage(Schema):
    """A page of alerts, the latest first."""

    items: list[AlertOut]
    next_cursor: str | None


class AlertSummary(Schema):
    """How many are open, of those the caller wants to know of."""

    open: int
    kinds: dict[str, int]


class AlertSnooze(Body):
    """Hear no more of it until then."""

    until: dt.datetime


class AlertRulesIn(Body):
    """What to change of what is watched for. `version` is the one the change was made from."""

    sensitivity: Sensitivity | None = None
    kinds: Annotated[list[GroupKind], Field(max_length=4)] | None = None
    question_minutes: Minutes | None = None
    newcomer_minutes: Minutes | None = None
    muted_group_ids: Annotated[list[uuid.UUID], Field(max_length=500)] | None = None
    actions: Annotated[Actions | None, Field(description="What is done for whoever is kept waiting.")] = None
    version: int | None = None


class AlertRulesOut(Schema):
    """What is watched for in one community."""

    community: Ref
    sensitivity: Sensitivity
    kinds: list[GroupKind]
    question_minutes: int
    newcomer_minutes: int
    muted_group_ids: list[uuid.UUID]
    following: FollowingOut = Field(description="What is done for whoever is kept waiting.")
    version: int


class AlertRulesList(Schema):
    """Every community, by name."""

    items: list[AlertRulesOut]


class AlertSubscriptionIn(Body):
    """What to change of who is told. `way` names where messages go; with it `chat_id`, or `account_id` and `address` of an e-mail.

    No kinds: all; no communities: all. With `digest_at` everything comes together at that time of day.
    """

    kinds: Annotated[list[Kind], Field(max_length=8)] | None = None
    community_ids: Annotated[list[uuid.UUID], Field(max_length=500)] | None = None
    way: Way | None = None
    chat_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None
    address: Annotated[str, Field(max_length=200)] = ""
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    digest_at: Clock | None = None
    language: Literal["zh", "en"] | None = None


class AlertSubscriptionOut(Schema):
    """Who is told, of what, and how."""

    id: uuid.UUID
    kinds: list[Kind]
    community_ids: list[uuid.UUID]
    way: Way
    account: Ref | None
    chat_name: str
    quiet_from: str
    quiet_to: str
    digest_at: str
    language: Literal["zh", "en"]


class AlertSubscriptionList(Schema):
    """The team's chats that are told."""

    items: list[AlertSubscriptionOut]
