"""The shapes of conditions at HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

Condition = Annotated[
    Any,
    Field(
        description="A condition, as `GET /conditions/schema` says.",
        examples=[{"kind": "all", "of": [{"kind": "event", "event": "message_sent", "value": 3, "window": {"kind": "last_days", "days": 7}}]}],
    ),
]


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Property(Schema):
    """A property of an event."""

    name: str = Field(examples=["amount"])
    type: str = Field(examples=["number"])
    zh: str = Field(examples=["金额"])
    en: str = Field(examples=["Amount"])


class Event(Schema):
    """An event conditions can ask about. One not declared was seen in this workspace."""

    name: str = Field(examples=["order_paid"])
    zh: str
    en: str
    is_declared: bool
    properties: list[Property]


class Attribute(Schema):
    """An attribute conditions can ask about; `options` are its only values, where it has such."""

    key: str = Field(examples=["city"])
    zh: str
    en: str
    type: str = Field(examples=["text"])
    is_built_in: bool
    is_standard: bool
    options: list[str]


class Tag(Schema):
    """A tag."""

    id: uuid.UUID
    name: str
    color: str = Field(examples=["teal"])
    group: str | None = Field(description="The name of its group.")


class SegmentName(Schema):
    """A segment."""

    id: uuid.UUID
    name: str
    kind: str = Field(examples=["live"])


class Named(Schema):
    """Something by id and name."""

    id: uuid.UUID
    name: str


class GroupName(Named):
    """A group and its community."""

    community_id: uuid.UUID


class Score(Schema):
    """A number computed about members, or a purpose they agree to."""

    name: str
    zh: str
    en: str


class Limits(Schema):
    """The limits of a condition."""

    nodes: int = Field(examples=[200])
    depth: int = Field(examples=[10])
    values: int
    days: int
    times: int
    minutes: int


class VocabularyOut(Schema):
    """Everything a condition of this workspace may speak of."""

    version: int = Field(description="Of the language.", examples=[1])
    events: list[Event]
    attributes: list[Attribute]
    built_in_properties: list[Property]
    tags: list[Tag]
    segments: list[SegmentName]
    communities: list[Named]
    groups: list[GroupName]
    scores: list[Score]
    purposes: list[Score]
    operators: dict[str, list[str]]
    count_operators: list[str]
    limits: Limits


class ValuesQuery(Schema):
    """Of what: an attribute, or a property of an event."""

    attribute: str | None = Field(None, max_length=200)
    event: str | None = Field(None, max_length=200)
    property: str | None = Field(None, max_length=200)
    q: str = Field("", max_length=100, description="Part of the value.")


class ValueCount(Schema):
    """A value and how often it is there."""

    value: str = Field(examples=["北京"])
    count: int = Field(examples=[128])


class ValueList(Schema):
    """The most frequent first."""

    items: list[ValueCount]


class ConditionBody(Body):
    """A condition."""

    condition: Condition


class PreviewBody(ConditionBody):
    """A condition to be counted."""

    community_id: uuid.UUID | None = Field(None, description="Whose days are meant; the workspace's when not said.")
    segment_id: uuid.UUID | None = Field(None, description="The segment that is being edited.")
    exact: bool = Field(False, description="Count everybody, where the first answer would come from a sample.")


class Sentence(Schema):
    """A condition in words."""

    zh: str = Field(examples=["最近 7 天内发言至少 3 次"])
    en: str = Field(examples=["message sent at least 3 times in the last 7 days"])


class Example(Schema):
    """A member for whom it holds."""

    id: uuid.UUID
    name: str = Field(examples=["小满"])


class ConditionPreviewOut(Schema):
    """How many it would hold for. Bots and anonymous visitors do not count."""

    count: int = Field(examples=[412])
    of: int = Field(description="All members who count.", examples=[3000])
    share: float = Field(description="0 to 1.", examples=[0.1373])
    is_exact: bool
    examples: list[Example]
    seconds: float
