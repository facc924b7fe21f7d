"""The shapes of communities and groups at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.communities.actions import DESCRIPTION_LENGTH_MAX, EXTERNAL_ID_LENGTH_MAX
from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX

Kind = Literal["marketing", "content", "service", "other"]
Shelf = Literal["open", "archived", "all"]
Name = Annotated[str, Field(min_length=1, max_length=300, examples=["胡同读书会"])]
Description = Annotated[str, Field(max_length=2 * DESCRIPTION_LENGTH_MAX, examples=["每周共读一本书"])]
TimeZone = Annotated[str, Field(min_length=1, max_length=64, examples=["Asia/Shanghai"])]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ListQuery(Schema):
    """Where in a list, how much of it, and which of them."""

    q: str = Field("", max_length=100, description="Part of the name.")
    show: Shelf = Field("open", description="Open ones, archived ones, or all.")
    cursor: str | None = Field(None, max_length=500, description="The `next_cursor` of the page before.")
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class CommunityOut(Schema):
    """A community with its counts as of now."""

    id: uuid.UUID
    name: str = Field(examples=["胡同读书会"])
    kind: Kind
    description: str
    time_zone: str = Field(examples=["Asia/Shanghai"])
    is_sample: bool
    groups: int = Field(description="Groups that are not archived.", examples=[3])
    members: int = Field(description="Members who are in at least one of its groups now.", examples=[1280])
    created_at: dt.datetime
    updated_at: dt.datetime
    archived_at: dt.datetime | None


class CommunityPage(Schema):
    """A page of communities, by name."""

    items: list[CommunityOut]
    next_cursor: str | None


class CommunityBody(Body):
    """A new community."""

    name: Name
    kind: Kind = "other"
    description: Description = ""
    time_zone: TimeZone | None = Field(None, description="IANA name; the workspace's when not given.", examples=["Asia/Shanghai"])


class CommunityChange(Body):
    """What to change; the rest stays."""

    name: Name | None = None
    kind: Kind | None = None
    description: Description | None = None
    time_zone: TimeZone | None = Field(None, description="Counts every day of the community anew; needs `is_rezone_confirmed`.")
    is_rezone_confirmed: bool = False


class GroupOut(Schema):
    """A group with its count as of now."""

    id: uuid.UUID
    community_id: uuid.UUID
    community_name: str = Field(examples=["胡同读书会"])
    name: str = Field(examples=["北京一群"])
    channel: str = Field(examples=["wechat"])
    external_id: str = Field(description="The platform's own id of the group, if any.")
    members: int = Field(description="Members who are in the group now.", examples=[486])
    created_at: dt.datetime
    updated_at: dt.datetime
    archived_at: dt.datetime | None


class GroupPage(Schema):
    """A page of groups, by name."""

    items: list[GroupOut]
    next_cursor: str | None


class GroupQuery(ListQuery):
    """Which groups."""

    community_id: uuid.UUID | None = None
    channel: str = Field("", max_length=30)


class GroupBody(Body):
    """A new group."""

    community_id: uuid.UUID
    name: Annotated[str, Field(min_length=1, max_length=300, examples=["北京一群"])]
    channel: Annotated[
        str, Field(pattern="^[a-z][a-z0-9_-]{0,29}$", examples=["wechat"], description="irc, telegram, discord, slack, whatsapp, wechat, qq ...")
    ]
    external_id: Annotated[str, Field(max_length=EXTERNAL_ID_LENGTH_MAX)] = ""


class GroupChange(Body):
    """A group's new name."""

    name: Annotated[str, Field(min_length=1, max_length=300, examples=["北京二群"])]
