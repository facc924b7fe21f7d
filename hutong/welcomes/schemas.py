"""The shapes of welcomes at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.automations.schemas.rules import Actions, FollowingOut
from hutong.channels.messages import PartOut, Parts
from hutong.members.schemas import Body, Ref
from hutong.welcomes.actions.definitions import (
    DELAY_SECONDS_MAX,
    GROUPS_MAX,
    MESSAGES_MAX,
    NAME_LENGTH_MAX,
    PRIORITY_MAX,
    SOURCE_LENGTH_MAX,
    SOURCES_MAX,
    TOGETHER_SECONDS_MAX,
)

Name = Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["新人欢迎"])]
Priority = Annotated[int, Field(ge=-PRIORITY_MAX, le=PRIORITY_MAX)]
Together = Annotated[
    int, Field(ge=0, le=TOGETHER_SECONDS_MAX, description="Newcomers within so many seconds are greeted in one message; 0: each alone")
]
Groups = Annotated[list[uuid.UUID], Field(max_length=GROUPS_MAX)]
Kind = Literal["group", "contact"]


class WelcomeSource(Body):
    """A way by which somebody came: what the platform calls it, the invitation, or what the link carried."""

    field: Literal["scene", "invite_code", "state"]
    value: Annotated[str, Field(min_length=1, max_length=SOURCE_LENGTH_MAX, examples=["poster-1"])]


Sources = Annotated[list[WelcomeSource], Field(max_length=SOURCES_MAX)]


class WelcomeMessageIn(Body):
    """One message. `otherwise` says what happens where the platform does not let us write in private."""

    parts: Parts
    delay_seconds: Annotated[int, Field(ge=0, le=DELAY_SECONDS_MAX)] = 0
    place: Literal["group", "private"] = "group"
    otherwise: Literal["group", "none"] = "none"
    mentions: bool = True


Messages = Annotated[list[WelcomeMessageIn], Field(max_length=MESSAGES_MAX)]


class WelcomeIn(Body):
    """A welcome to add. Without groups and community it is for all groups; without sources for newcomers from anywhere."""

    name: Name
    kind: Kind = "group"
    community_id: uuid.UUID | None = None
    group_ids: Groups = []
    sources: Sources = []
    priority: Priority = 0
    messages: Messages = []
    together_seconds: Together = 0
    keeps_quiet: bool = False
    is_on: bool = False
    actions: Actions = []


class WelcomePatch(Body):
    """What to change of a welcome. `version` is the one the change was made from."""

    name: Name | None = None
    kind: Kind | None = None
    community_id: uuid.UUID | None = None
    group_ids: Groups | None = None
    sources: Sources | None = None
    priority: Priority | None = None
    messages: Messages | None = None
    together_seconds: Together | None = None
    keeps_quiet: bool | None = None
    is_on: bool | None = None
    actions: Annotated[Actions | None, Field(description="What else is done for whoever is welcomed.")] = None
    version: int | None = None


class WelcomeMessageOut(Schema):
    """One message as it is kept."""

    parts: list[PartOut]
    delay_seconds: int
    place: Literal["group", "private"]
    otherwise: Literal["group", "none"]
    mentions: bool


class WelcomeSourceOut(Schema):
    """A way by which somebody came."""

    field: Literal["scene", "invite_code", "state"]
    value: str


class WelcomeOut(Schema):
    """A welcome, and how many it has greeted."""

    id: uuid.UUID
    name: str
    kind: Kind
    community: Ref | None
    groups: list[Ref]
    sources: list[WelcomeSourceOut]
    priority: int
    messages: list[WelcomeMessageOut]
    together_seconds: int
    keeps_quiet: bool
    is_on: bool
    following: FollowingOut = Field(description="What else is done for whoever is welcomed.")
    version: int
    started_at: dt.datetime | None = Field(description="When it was first switched on.")
    greeted: int
    updated_at: dt.datetime
    updated_by: str


class WelcomeList(Schema):
    """Every welcome, by name."""

    items: list[WelcomeOut]


class WelcomeRemoved(Schema):
    """How many messages that had not gone are not sent."""

    withdrawn: int


class WelcomeTrialIn(Body):
    """Messages to try out in a chat, filled for a member. The same `key` again sends nothing more."""

    messages: Annotated[list[WelcomeMessageIn], Field(min_length=1, max_length=MESSAGES_MAX)]
    chat_id: uuid.UUID
    member_id: uuid.UUID | None = None
    key: Annotated[str, Field(min_length=1, max_length=100)]


class WelcomeTrialOut(Schema):
    """How many messages were put in the outbox."""

    messages: int


class WelcomeShare(Schema):
    """Of so many newcomers whose time is up, so many spoke."""

    newcomers: int
    spoke: int


class WelcomeSpoke(Schema):
    """Who spoke within 24 hours, and within 7 days."""

    spoke_day: WelcomeShare
    spoke_week: WelcomeShare


class WelcomeStatistics(Schema):
    """What came of a welcome, beside newcomers of the same groups in as long a time before it began; null where there are none to compare."""

    began_at: dt.datetime | None
    welcomed: int
    left: int = Field(description="Of those welcomed, who left since.")
    since: WelcomeSpoke
    before: WelcomeSpoke | None
