"""The shapes of distinctions at HTTP, and what comparisons share."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Schema
from pydantic import Field

from hutong.members.schemas import Ref
from hutong.segments.queries.distinctions import SHOWN_MAX


class InBothLanguages(Schema):
    """The same in both languages."""

    zh: str = Field(examples=["城市"])
    en: str = Field(examples=["City"])


class ComparedWith(Schema):
    """Whose people a segment's are compared with."""

    kind: Literal["community", "workspace"]
    community: Ref | None


class Distinction(Schema):
    """Something that people of the segment have, are or do more often than the others, or less."""

    kind: Literal["attribute", "tag", "channel", "group", "stage", "score", "band", "event", "property"]
    key: str = Field(
        description="Of an attribute or event, or an id; of a property, event and property; of a stage, score or band as conditions name it.",
        examples=["city"],
    )
    name: InBothLanguages
    value: InBothLanguages | None = Field(description="null: an event.")
    people: int = Field(description="Of the segment, of whom it is so.", examples=[120])
    rest_people: int = Field(examples=[80])
    share: float = Field(description="Of the segment's people.", examples=[0.48])
    rest_share: float = Field(examples=[0.16])
    difference: float = Field(description="`share` minus `rest_share`.", examples=[0.32])
    lift: float | None = Field(description="`share` divided by `rest_share`; null: none of the others.", examples=[3.0])
    effect: float = Field(description="How far the shares are apart: Cohen's h.", examples=[0.71])
    is_more_than_chance: bool = Field(description="By a test of two proportions, all comparisons judged together (Holm, 5%).")
    is_in_condition: bool = Field(description="The segment's own condition asks for it.")


class DistinctionsOut(Schema):
    """The strongest differences each way, those that may be chance last."""

    segment: Ref
    compared_with: ComparedWith
    people: int = Field(description="Of the segment: members who are neither bots nor anonymous visitors.", examples=[250])
    rest_people: int = Field(description="All others.", examples=[500])
    people_min: int = Field(description="Needed on either side.", examples=[20])
    is_too_small: bool = Field(description="True: one side has too few people, nothing was compared.")
    compared: int = Field(description="How many things enough people share were compared.", examples=[85])
    days: int = Field(description="Events are those of so many last days.", examples=[90])
    computed_at: dt.datetime
    more: list[Distinction] = Field(max_length=SHOWN_MAX)
    less: list[Distinction] = Field(max_length=SHOWN_MAX)
