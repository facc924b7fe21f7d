"""Shapes of sources, the catalogue, and events as the API shows them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SourceIn(Schema):
    """A data source to make. Its events belong to the community (and group) when given."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": "官网 / Website", "community_id": None, "group_id": None}})

    name: Name
    community_id: UUID | None = None
    group_id: UUID | None = None


class SourceOut(Schema):
    """A data source. `prefix` is the beginning of its write key."""

    id: UUID
    name: str
    prefix: str
    community_id: UUID | None
    group_id: UUID | None
    created_at: dt.datetime


class SourceMade(SourceOut):
    """A source just made; `write_key` is shown this once."""

    write_key: str


class SourceList(Schema):
    """All data sources in use."""

    items: list[SourceOut]


class PropertyOut(Schema):
    """A property of an event. Names in zh and en are empty for properties only seen, not declared."""

    name: str
    type: str
    name_zh: str
    name_en: str


class EventTypeOut(Schema):
    """A kind of event: declared by the product, or seen and waiting for review."""

    name: str
    name_zh: str
    name_en: str
    is_declared: bool
    is_activity: bool
    review: Literal["declared", "unreviewed", "accepted", "ignored"]
    description: str
    properties: list[PropertyOut]
    events: int | None = Field(description="How many were seen; null for declared ones")
    first_seen_at: dt.datetime | None
    last_seen_at: dt.datetime | None


class EventTypeList(Schema):
    """The catalogue."""

    items: list[EventTypeOut]


class EventTypePatch(Schema):
    """A review of an event that nobody declared."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"review": "accepted", "description": "从官网下单"}})

    review: Literal["unreviewed", "accepted", "ignored"] | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] | None = None


class EventOut(Schema):
    """One event as it happened."""

    id: str
    name: str
    name_zh: str
    name_en: str
    occurred_at: dt.datetime
    received_at: dt.datetime
    member_id: UUID | None
    community_id: UUID | None
    group_id: UUID | None
    channel: str
    source: str
    is_history: bool
    text: str
    properties: dict[str, Any]


class EventPage(Schema):
    """Events, newest first."""

    items: list[EventOut]
    next_cursor: str | None
