"""The shapes of members at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.members.among import AMONG_MAX
from hutong.members.names import EXTERNAL_ID_LENGTH_MAX, NAME_LENGTH_MAX
from hutong.members.values import ITEM_LENGTH_MAX, OPTIONS_MAX

DAYS_MAX = 3_650
Type = Literal["text", "number", "boolean", "date", "birthday", "list"]
Presence = Literal["present", "left"]
Sort = Literal["-last_active", "-messages", "-joined", "name"]
Name = Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["小满"])]
Value = Annotated[
    Any, Field(description="As the attribute's type says: text, number, true/false, `1990-05-17`, `05-17`, or a list of texts.", examples=["北京"])
]
Key = Annotated[str, Field(min_length=1, max_length=60, examples=["skin_type"])]
Options = Annotated[
    list[Annotated[str, Field(max_length=2 * ITEM_LENGTH_MAX)]],
    Field(max_length=OPTIONS_MAX, description="Of text and lists: the only values it may have; empty: any.", examples=[["油皮", "干皮", "混合"]]),
]
Label = Annotated[str, Field(min_length=1, max_length=120)]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(None, max_length=1_000, description="The `next_cursor` of the page before.")
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class MemberQuery(Schema):
    """Which members, in which order."""

    q: str = Field("", max_length=100, description="Part of a name or of an identity.", examples=["小满"])
    community_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    channel: str = Field("", max_length=30, description="Has an identity on this channel.", examples=["wechat"])
    presence: Presence | None = Field(None, description="In a group now, or in none any more (of those asked for).")
    active_within_days: int | None = Field(None, ge=1, le=DAYS_MAX, description="Last activity at most so many days ago.")
    silent_for_days: int | None = Field(None, ge=1, le=DAYS_MAX, description="No activity for so many days, or never any.")
    never_spoke: bool = Field(False, description="No message yet.")
    joined_from: dt.date | None = Field(None, description="First joined on this local day or later.")
    joined_to: dt.date | None = Field(None, description="First joined on this local day or earlier.")
    is_bot: bool | None = None
    is_anonymous: bool = Field(False, description="Visitors known only by a browser's id, instead of members.")
    among: list[Annotated[str, Field(max_length=200)]] = Field(
        [],
        max_length=AMONG_MAX,
        description="In each of these: `segment:<id>`, `segment_not:<id>`, `tag:<id>`.",
        examples=[["tag:01890000-0000-7000-8000-0000000000aa"]],
    )
    sort: Sort = "-last_active"


class MemberPageQuery(MemberQuery, PageQuery):
    """Which members, in which order, which page."""


class Ref(Schema):
    """A thing by id and name."""

    id: uuid.UUID
    name: str


class MemberLine(Schema):
    """A member in a list. Messages and last activity are of the community asked for; joining is of the group asked for."""

    id: uuid.UUID
    name: str = Field(examples=["小满"])
    is_bot: bool
    is_anonymous: bool
    is_sample: bool
    channels: list[str] = Field(examples=[["qq", "wechat"]])
    communities: list[Ref]
    joined_at: dt.datetime | None = Field(description="First joined a group; null: never in one.")
    left_at: dt.datetime | None = Field(description="Left the last group; null: in one now, or never in one.")
    last_active_at: dt.datetime | None
    messages: int = Field(examples=[42])


class MemberPage(Schema):
    """A page of members. The count comes with the first page."""

    items: list[MemberLine]
    next_cursor: str | None
    count: int | None = Field(description="How many there are, at most 10,000.", examples=[1280])
    count_is_exact: bool | None = Field(description="False: there are more than `count`.")


class IdentityOut(Schema):
    """A member's name on one channel. `origin_id` is the member it was made for, before any merge."""

    id: uuid.UUID
    channel: str = Field(examples=["wechat"])
    external_id: str
    name: str
    origin_id: uuid.UUID
    last_seen_at: dt.datetime


class ValueOut(Schema):
    """One fact about a member with its source."""

    key: str = Field(examples=["city"])
    name_zh: str
    name_en: str
    type: Type
    is_standard: bool
    value: Value
    source: str = Field(description="staff:<id>, key:<id>, tracker:<id>, import:<id> or system.")
    source_name: str
    set_at: dt.datetime


class GroupRef(Schema):
    """A group by id, name and channel."""

    id: uuid.UUID
    name: str
    channel: str


class MembershipOut(Schema):
    """One stay in a group."""

    id: uuid.UUID
    community: Ref
    group: GroupRef
    joined_at: dt.datetime
    left_at: dt.datetime | None


class MembershipPage(Schema):
    """A page of stays, newest first."""

    items: list[MembershipOut]
    next_cursor: str | None


class ParticipationOut(Schema):
    """What the member did in one community."""

    community: Ref
    first_seen_at: dt.datetime
    joined_at: dt.datetime | None
    left_at: dt.datetime | None
    first_active_at: dt.datetime | None
    last_active_at: dt.datetime | None
    last_message_at: dt.datetime | None
    messages: int


class MergeOut(Schema):
    """A merge: `absorbed` was merged into `kept`."""

    id: uuid.UUID
    kept: Ref
    absorbed: Ref
    reason: str
    by_name: str
    at: dt.datetime
    undone_at: dt.datetime | None


class MergeDetail(MergeOut):
    """A merge with how both looked at that moment."""

    snapshot: dict[str, Any]


class MergePage(Schema):
    """A page of merges, newest first."""

    items: list[MergeOut]
    next_cursor: str | None


class MemberOut(Schema):
    """One member. When `merged_into` is set, everything is to be found there."""

    id: uuid.UUID
    name: str
    is_name_fixed: bool = Field(description="Named by staff: names seen on channels do not replace it.")
    is_bot: bool
    is_anonymous: bool
    is_sample: bool
    merged_into: Ref | None
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    joined_at: dt.datetime | None
    left_at: dt.datetime | None
    last_active_at: dt.datetime | None
    messages: int
    created_at: dt.datetime
    identities: list[IdentityOut]
    attributes: list[ValueOut]
    memberships: list[MembershipOut] = Field(description="The newest 50 stays.")
    memberships_count: int
    participations: list[ParticipationOut]
    merges: list[MergeOut]


class IdentityBody(Body):
    """An identity on a channel."""

    channel: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,29}$", examples=["wechat"])]
    external_id: Annotated[str, Field(min_length=1, max_length=EXTERNAL_ID_LENGTH_MAX, examples=["wxid_a1b2c3"])]


class MemberBody(Body):
    """A new member."""

    name: Name
    identities: Annotated[list[IdentityBody], Field(max_length=20)] = []
    attributes: Annotated[dict[str, Any], Field(max_length=100, examples=[{"city": "北京"}])] = {}


class MemberChange(Body):
    """What to change; the rest stays."""

    name: Name | None = None
    is_bot: bool | None = None


class ValueBody(Body):
    """A value for an attribute."""

    value: Value


class AttributeOut(Schema):
    """A kind of fact kept about members."""

    key: str = Field(examples=["city"])
    name_zh: str = Field(examples=["城市"])
    name_en: str = Field(examples=["City"])
    type: Type
    is_standard: bool
    description: str
    options: list[str] = Field(description="The only values it may have; empty: any.", examples=[["油皮", "干皮", "混合"]])


class AttributeList(Schema):
    """Every kind of fact, standard ones first."""

    items: list[AttributeOut]


class AttributeBody(Body):
    """A custom attribute. Key and type stay for ever."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$", examples=["skin_type"])]
    name_zh: Annotated[Label, Field(examples=["肤质"])]
    name_en: Annotated[Label, Field(examples=["Skin type"])]
    type: Type = "text"
    description: Annotated[str, Field(max_length=600)] = ""
    options: Options = []


class AttributeChange(Body):
    """What to change of a custom attribute."""

    name_zh: Label | None = None
    name_en: Label | None = None
    description: Annotated[str, Field(max_length=600)] | None = None
    options: Options | None = None


class AttributeRemoved(Schema):
    """What went with an attribute."""

    values: int = Field(description="Members who had a value.")


class MergeBody(Body):
    """Merge `absorbed_id` into `kept_id`."""

    kept_id: uuid.UUID
    absorbed_id: uuid.UUID
    reason: Annotated[str, Field(max_length=200, examples=["同一个人，换了微信号"])] = ""


class MergeQuery(PageQuery):
    """Which merges."""

    member_id: uuid.UUID | None = None
