"""The shapes of personas at HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Schema
from pydantic import Field

from hutong.members.schemas import Ref
from hutong.segments.comparing.headlines import HEADLINES_MAX
from hutong.segments.comparing.interests import PAGES_MAX, WORDS_MAX
from hutong.segments.queries.persona import PARTS_MAX
from hutong.segments.schemas.distinctions import ComparedWith, InBothLanguages


class PersonaPart(Schema):
    """A part of the people of whom something is known, beside everybody's."""

    value: str = Field(examples=["北京"])
    label: InBothLanguages
    people: int = Field(examples=[120])
    share: float = Field(examples=[0.48])
    compared_share: float = Field(examples=[0.33])
    difference: float = Field(examples=[0.15])
    index: float | None = Field(description="100: the same share.", examples=[145.5])
    is_more_than_chance: bool


class Demographic(Schema):
    """What is known of people under one heading. Values of too few people are among the others."""

    key: Literal["gender", "age", "city", "company", "title", "language"]
    name: InBothLanguages
    known_people: int = Field(examples=[200])
    known: float = Field(description="Share of the segment's people of whom it is known.", examples=[0.8])
    compared_known: float = Field(examples=[0.7])
    parts: list[PersonaPart]
    others: float = Field(description="Share of what is known and stands under no name here.", examples=[0.1])
    compared_others: float = Field(examples=[0.2])


class PersonaFigure(Schema):
    """One number of what people do."""

    key: Literal["active_share", "messages", "replies", "reactions", "active_days"] = Field(
        description="`active_share`: of all, did anything. The rest is of each of those: in all the days; `active_days` in a week."
    )
    value: float | None = Field(examples=[12.5])
    compared: float | None = Field(examples=[8.2])
    index: float | None = Field(examples=[152.4])
    is_more_than_chance: bool


class PersonaHour(Schema):
    """One hour of the week: 1 is Monday."""

    weekday: int = Field(ge=1, le=7)
    hour: int = Field(ge=0, le=23)
    activities: int
    share: float
    compared_share: float


class PersonaWord(Schema):
    """A word that speakers of the segment use more than the others."""

    word: str = Field(examples=["手冲"])
    speakers: int = Field(examples=[31])
    share: float = Field(description="Of the speakers of the segment.", examples=[0.25])
    rest_share: float = Field(examples=[0.06])
    distance: float = Field(description="Log-odds in standard deviations.", examples=[4.2])


class PersonaSample(Schema):
    """What was read to find the words."""

    texts: int
    rest_texts: int
    speakers: int
    rest_speakers: int
    texts_max: int = Field(description="Of each side at most.")
    is_whole: bool = Field(description="Every message was read.")


class Portrait(Schema):
    """Who they are, what they do, what interests them."""

    headlines: list[InBothLanguages] = Field(max_length=HEADLINES_MAX)
    demographics: list[Demographic]
    figures: list[PersonaFigure]
    hours: list[PersonaHour] = Field(min_length=168, max_length=168)
    activities: int
    channels: list[PersonaPart] = Field(max_length=PARTS_MAX)
    groups: list[PersonaPart] = Field(max_length=PARTS_MAX)
    tenures: list[PersonaPart]
    words: list[PersonaWord] = Field(max_length=WORDS_MAX)
    sample: PersonaSample
    pages: list[PersonaPart] = Field(max_length=PAGES_MAX)


class PersonaOut(Schema):
    """The persona of a segment, compared with everybody of its community or workspace."""

    segment: Ref
    compared_with: ComparedWith
    zone: str = Field(examples=["Asia/Shanghai"])
    today: dt.date
    days: int = Field(description="What people did is that of so many last days.", examples=[90])
    people: int = Field(description="Of the segment: members who are neither bots nor anonymous visitors.", examples=[250])
    compared_people: int = Field(description="Everybody, the segment's people among them.", examples=[750])
    people_min: int = Field(examples=[20])
    people_each_min: int = Field(description="What fewer people of the segment share is not told by name.", examples=[3])
    is_too_small: bool
    computed_at: dt.datetime
    portrait: Portrait | None = Field(description="null: too few people.")
