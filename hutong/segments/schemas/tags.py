"""The shapes of tags at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from hutong.members.schemas import Body, Ref
from hutong.segments.actions.tag_kinds import DESCRIPTION_LENGTH_MAX, GROUPS_MAX, NAME_LENGTH_MAX
from hutong.segments.schemas.life_cycle import MemberStageOut
from hutong.segments.schemas.rfm import MemberRFMOut

MEMBERS_ASKED_MAX = 100
Color = Literal["teal", "red", "purple", "gold", "blue", "green", "gray"]
Name = Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["爱喝拿铁"])]
GroupName = Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH_MAX, examples=["口味"])]
Description = Annotated[str, Field(max_length=2 * DESCRIPTION_LENGTH_MAX, examples=["问卷里选了拿铁的人"])]


class TagGroupOut(Schema):
    """A group of tags; `position` is its place, from 0."""

    id: uuid.UUID
    name: str = Field(examples=["口味"])
    position: int = Field(examples=[0])


class TagOut(Schema):
    """A tag. With `segment`, everybody in that segment has it."""

    id: uuid.UUID
    name: str = Field(examples=["爱喝拿铁"])
    color: Color
    group_id: uuid.UUID | None
    description: str
    segment: Ref | None = Field(description="The rule: members of this segment get the tag.")
    is_removed_on_leave: bool = Field(description="Who leaves the segment loses the tag, if the segment gave it.")
    is_sample: bool
    members_count: int = Field(examples=[128])
    named_by: list[Ref] = Field(description="Segments whose conditions name it; while there are any it cannot be deleted.")
    created_at: dt.datetime
    updated_at: dt.datetime


class TagList(Schema):
    """Every tag by name, and the groups in their order."""

    groups: list[TagGroupOut]
    items: list[TagOut]


class TagBody(Body):
    """A new tag."""

    name: Name
    color: Color = "gray"
    group_id: uuid.UUID | None = None
    description: Description = ""
    segment_id: uuid.UUID | None = Field(None, description="The rule: members of this segment get the tag.")
    is_removed_on_leave: bool = True


class TagChange(Body):
    """What to change of a tag; the rest stays. `group_id: null` takes it out of its group, `segment_id: null` ends its rule."""

    name: Name | None = None
    color: Color | None = None
    group_id: uuid.UUID | None = None
    description: Description | None = None
    segment_id: uuid.UUID | None = None
    is_removed_on_leave: bool | None = None


class TagMerge(Body):
    """The tag that is kept."""

    into_id: uuid.UUID


class TagRemoved(Schema):
    """What went with a tag."""

    members: int = Field(description="Members who had it.", examples=[128])


class TagGroupBody(Body):
    """A new group of tags."""

    name: GroupName


class TagGroupChange(Body):
    """What to change of a group of tags."""

    name: GroupName | None = None
    position: int | None = Field(None, ge=0, le=GROUPS_MAX, description="Its place among the groups, from 0; beyond the end is the last.")


class WornOut(Schema):
    """A tag a member has, with its source."""

    id: uuid.UUID
    name: str = Field(examples=["爱喝拿铁"])
    color: Color
    source: str = Field(description="staff:<id>, key:<id>, segment:<id> (by rule), import:<id>, edit:<id> or system.", examples=["segment:01890000"])
    source_name: str
    set_at: dt.datetime


class WornList(Schema):
    """The tags of one member, by name."""

    items: list[WornOut]


class WornQuery(Schema):
    """Whose tags."""

    member_ids: list[uuid.UUID] = Field(max_length=MEMBERS_ASKED_MAX, min_length=1)


class TagBrief(Schema):
    """A tag as a chip."""

    id: uuid.UUID
    name: str
    color: Color


class MemberTags(Schema):
    """The tags of one member of a list."""

    member_id: uuid.UUID
    tags: list[TagBrief]


class MemberTagsList(Schema):
    """The tags of the members asked for; those with none are left out."""

    items: list[MemberTags]


class SegmentIn(Schema):
    """A segment a member is in."""

    id: uuid.UUID
    name: str = Field(examples=["沉默的常客"])
    kind: Literal["live", "static"]
    entered_at: dt.datetime


class BelongingOut(Schema):
    """What a member belongs to."""

    tags: list[WornOut]
    segments: list[SegmentIn]
    stages: list[MemberStageOut]
    rfm: list[MemberRFMOut]


class AttributeUse(Schema):
    """How an attribute is used."""

    key: str = Field(examples=["city"])
    members: int = Field(description="Members who have a value.", examples=[1280])
    segments: list[Ref] = Field(description="Segments whose conditions name it: they turn stale when it is deleted.")


class AttributeUsage(Schema):
    """The attributes that are used; the others are left out."""

    items: list[AttributeUse]
