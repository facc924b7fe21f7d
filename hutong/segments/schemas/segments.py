"""The shapes of segments at HTTP."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from hutong.foundation.pages import PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX
from hutong.segments.schemas.conditions import Body, Condition, Named, Sentence

Kind = Literal["live", "static"]
State = Literal["building", "ready", "failed", "stale"]
Name = Annotated[str, Field(min_length=1, max_length=120, examples=["最近 7 天话多的"])]
Description = Annotated[str, Field(max_length=600)]
CHOSEN_MAX = 50_000


class SegmentProblem(Schema):
    """Something in a condition that is gone."""

    field: str = Field(description="JSON pointer into the condition.", examples=["/of/1/key"])
    message: str


class SegmentOut(Schema):
    """A segment. `stale`: its condition names something that is gone; its last members stay."""

    id: uuid.UUID
    name: str
    description: str
    kind: Kind
    condition: Any | None = Field(description="None of a static segment.")
    sentence: Sentence | None
    community: Named | None = Field(description="Whose days are meant; null: the workspace's.")
    version: int
    state: State
    problems: list[SegmentProblem]
    members_count: int = Field(examples=[412])
    trend: list[int] = Field(
        description="Members at the end of each of the last eight days, today's last.", examples=[[380, 391, 391, 402, 405, 405, 410, 412]]
    )
    built_at: dt.datetime | None = Field(description="Last counted in full.")
    build_seconds: float
    is_sample: bool
    uses_count: int
    created_by_name: str
    changed_by_name: str
    created_at: dt.datetime
    updated_at: dt.datetime


class SegmentList(Schema):
    """All segments, the latest changed first."""

    items: list[SegmentOut]


class SegmentBody(Body):
    """A new segment: live with a condition; static with members, or with those of another segment now."""

    name: Name
    description: Description = ""
    community_id: uuid.UUID | None = None
    condition: Condition = None
    member_ids: list[uuid.UUID] = Field([], max_length=CHOSEN_MAX)
    from_segment_id: uuid.UUID | None = None


class SegmentChange(Body):
    """What is to change. With `version`, a condition saved by somebody else meanwhile is not overwritten."""

    name: Name | None = None
    description: Description | None = None
    condition: Condition = None
    community_id: uuid.UUID | None = Field(None, description="Whose days are meant; null: the workspace's. Left as it is when not said.")
    version: int | None = None


class CopyBody(Body):
    """The copy's name; made up when not said."""

    name: Name | None = None


class MembersBody(Body):
    """Members to put in or take out."""

    member_ids: list[uuid.UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


class MembersMoved(Schema):
    """How many were moved; the others were there, or not there, already."""

    members: int = Field(examples=[12])


class LookUpBody(Body):
    """Lines that each name a member: an id, an identity on a channel, an e-mail, a phone number, or a whole name."""

    lines: list[Annotated[str, Field(max_length=300)]] = Field(min_length=1, max_length=5_000)


class LookedUp(Schema):
    """A line and whom it names: nobody, one, or several."""

    line: str
    members: list[Named]


class LookUpOut(Schema):
    """In the order given, each line once."""

    items: list[LookedUp]


class PageQuery(Schema):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(None, max_length=1_000)
    limit: int = Field(PAGE_SIZE_DEFAULT, ge=1, le=PAGE_SIZE_MAX)


class VersionOut(Schema):
    """A condition the segment has had, and whose days it meant."""

    version: int
    condition: Any | None
    sentence: Sentence | None = Field(description="None where it names something that is gone.")
    community: Named | None = Field(description="Whose days were meant; null: the workspace's.")
    by_name: str
    at: dt.datetime
    members_count: int | None = Field(description="Once counted.")


class VersionPage(Schema):
    """The latest first."""

    items: list[VersionOut]
    next_cursor: str | None


class Use(Schema):
    """Something that rests on the segment."""

    kind: str = Field(examples=["segment"])
    id: uuid.UUID
    name: str


class UseList(Schema):
    """All that rests on it."""

    items: list[Use]


class ExportBody(Body):
    """The format of the file."""

    format: Literal["csv", "xlsx"] = "csv"


class ExportOut(Schema):
    """A file of a segment's members, under way or done. It is kept for a day."""

    id: uuid.UUID
    segment_id: uuid.UUID
    format: str
    state: Literal["running", "done", "cancelled", "failed", "expired"]
    members_total: int
    members_written: int
    created_at: dt.datetime
    finished_at: dt.datetime | None
