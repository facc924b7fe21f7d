"""The shapes of RFM at HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from hutong.segments.queries.rfm import Basis
from hutong.segments.schemas.life_cycle import EXAMPLE_ID, Body, CommunityQuery, StageCommunityOut, StageWordsOut

Score = Annotated[int, Field(ge=1, le=5, examples=[5])]


class RFMQuery(CommunityQuery):
    """On which day, by what."""

    date: dt.date | None = Field(None, description="A local day of the community; yesterday when not said.", examples=["2026-11-21"])
    basis: Basis | None = Field(
        None,
        description="`orders`, or `activity`: last active day, active days and messages of the last 180 days. Orders where there are any.",
        examples=["orders"],
    )


class RFMBandNameBody(Body):
    """What a band is called."""

    zh: str = Field(..., max_length=60, examples=["冠军客户"])
    en: str = Field(..., max_length=60, examples=["Champions"])


class RFMBandsBody(Body):
    """Names and cells. Bands left out keep their names; every cell needs a band."""

    community_id: UUID = Field(..., examples=[EXAMPLE_ID])
    names: dict[str, RFMBandNameBody] = Field({}, max_length=20, examples=[{"champions": {"zh": "铁杆", "en": "Champions"}}])
    cells: dict[str, str] = Field(..., max_length=50, description="Cell `r-f` to band, all 25.", examples=[{"5-5": "champions"}])


class RFMBandNameOut(Schema):
    """A band as it is now and as it comes."""

    band: str = Field(..., examples=["champions"])
    zh: str = Field(..., examples=["冠军客户"])
    en: str = Field(..., examples=["Champions"])
    color: str = Field(..., description="One of the design's series: teal, red, purple, gold, blue, green, gray.", examples=["teal"])
    advice: StageWordsOut


class RFMBandsOut(Schema):
    """Names and cells of a community, and the defaults to go back to."""

    community: StageCommunityOut
    bands: list[RFMBandNameOut]
    cells: dict[str, str] = Field(..., examples=[{"5-5": "champions"}])
    default_names: dict[str, StageWordsOut]
    default_cells: dict[str, str] = Field(..., examples=[{"5-5": "champions"}])
    is_default: bool = Field(..., examples=[True])


class RFMCellOut(Schema):
    """The members of one recency and one frequency."""

    r: Score
    f: Score
    band: str = Field(..., examples=["champions"])
    members: int = Field(..., examples=[42])
    monetary: float = Field(..., description="Net amount of their orders, or their messages, in sum.", examples=[8400.0])
    monetary_average: float | None = Field(..., description="Of one member; null where there is none.", examples=[200.0])


class RFMBandOut(RFMBandNameOut):
    """A band and who is in it."""

    members: int = Field(..., examples=[42])
    share: float | None = Field(..., description="Of all scored; null where there are none.", examples=[0.08])
    monetary: float = Field(..., examples=[8400.0])
    monetary_share: float | None = Field(..., description="Of the whole amount; null where that is nothing.", examples=[0.31])


class RFMEdgeOut(Schema):
    """The least and the greatest value with a score. Scores nobody has are left out."""

    score: Score
    from_: dt.date | float = Field(..., alias="from", examples=["2026-11-01"])
    to: dt.date | float = Field(..., examples=["2026-11-21"])


class RFMEdgesOut(Schema):
    """Of each score: days, times (orders, or active days), amounts (or messages)."""

    recency: list[RFMEdgeOut]
    frequency: list[RFMEdgeOut]
    monetary: list[RFMEdgeOut]


class RFMOut(Schema):
    """A community's members by recency and frequency on a day."""

    community: StageCommunityOut
    date: dt.date = Field(..., examples=["2026-11-21"])
    basis: Basis = Field(..., examples=["orders"])
    currency: str = Field(..., examples=["CNY"])
    is_kept: bool = Field(..., description="Whether these are the scores lists of members are narrowed by (`among=rfm:...`).", examples=[True])
    kept_date: dt.date | None = Field(..., description="The day of the scores kept.", examples=["2026-11-21"])
    kept_basis: Basis = Field(..., examples=["orders"])
    members: int = Field(..., description="Everybody scored.", examples=[512])
    cells: list[RFMCellOut] = Field(..., description="All 25.")
    bands: list[RFMBandOut] = Field(..., description="All eleven.")
    edges: RFMEdgesOut


class MemberRFMOut(Schema):
    """A member's scores in a community, and the band they make."""

    community: StageCommunityOut
    recency: Score
    frequency: Score
    monetary: Score
    band: str = Field(..., examples=["champions"])
    zh: str = Field(..., examples=["冠军客户"])
    en: str = Field(..., examples=["Champions"])
    color: str = Field(..., examples=["teal"])
    date: dt.date | None = Field(..., description="The day the scores are of.", examples=["2026-11-21"])
    basis: Basis = Field(..., examples=["orders"])
