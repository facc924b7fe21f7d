"""The shapes of the life cycle at HTTP. Days are local days of the community."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from hutong.segments.queries.life_cycle import MONTHS_MAX
from hutong.segments.stages import RANGES, Kind, Thresholds

EXAMPLE_ID = "01920000-0000-7000-8000-000000000001"
_PLAIN = Thresholds()


def _days(field: str, description: str) -> int:
    low, high = RANGES[field]
    plain: int = getattr(_PLAIN, field)
    return Field(plain, description=f"{description} From {low} to {high}.", examples=[plain])


class Body(Schema):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class CommunityQuery(Schema):
    """Of which community."""

    community_id: UUID = Field(..., examples=[EXAMPLE_ID])


class FlowQuery(CommunityQuery):
    """Which stages, over how many months."""

    kind: Kind = Field("activity", examples=["activity"])
    months: int = Field(6, description=f"Ends of months, the present one included: 2 to {MONTHS_MAX}.", examples=[6])


class ThresholdsBody(Body):
    """Where stages begin and end. What is left out takes its default. Lapsed begins later than active ends; returned is no longer than lapsed."""

    new_days: int = _days("new_days", "New: first seen within so many days.")
    active_days: int = _days("active_days", "Active: did something within so many days.")
    lapsed_days: int = _days("lapsed_days", "Lapsed: nothing for so many days or more; quiet lies between.")
    returned_days: int = _days("returned_days", "Returned: for so many days after coming back from at least `lapsed_days` of silence.")
    repeat_orders: int = _days("repeat_orders", "Repeat: so many orders that hold, or more.")
    value_days: int = _days("value_days", "High-value looks at the orders of so many days.")
    high_value_amount: float = Field(_PLAIN.high_value_amount, description="High-value: so much or more, refunds taken off.", examples=[1000])
    currency: str = Field(
        _PLAIN.currency, max_length=10, description="Amounts in another currency count as none; their orders count.", examples=["CNY"]
    )


class LifeCycleBody(Body):
    """Thresholds for one community."""

    community_id: UUID = Field(..., examples=[EXAMPLE_ID])
    thresholds: ThresholdsBody


class StageWordsOut(Schema):
    """A sentence in both languages."""

    zh: str = Field(..., examples=["最近 14 天内活跃。"])
    en: str = Field(..., examples=["Active within the last 14 days."])


class StageCommunityOut(Schema):
    """Which community."""

    id: UUID = Field(..., examples=[EXAMPLE_ID])
    name: str = Field(..., examples=["胡同读书会"])


class StageOut(Schema):
    """One stage and how many are at it."""

    stage: str = Field(..., examples=["active"])
    zh: str = Field(..., examples=["活跃"])
    en: str = Field(..., examples=["Active"])
    meaning: StageWordsOut
    members: int = Field(..., examples=[420])
    share: float | None = Field(..., description="Of all members counted; null where there are none.", examples=[0.33])
    before: int | None = Field(..., description="At the end of `before_day`; null until first counted.", examples=[390])


class StageKindsOut(Schema):
    """The stages of each kind, in order of precedence: who fits several is at the first."""

    activity: list[StageOut]
    purchase: list[StageOut]


class LifeCycleOut(Schema):
    """How many members are at which stage now."""

    community: StageCommunityOut
    thresholds: ThresholdsBody
    defaults: ThresholdsBody
    state: Literal["counting", "ready"] = Field(
        ..., description="`counting`: what was changed is being counted; the numbers are those before.", examples=["ready"]
    )
    kinds: StageKindsOut
    members: int = Field(..., description="Everybody ever seen in the community who is no bot.", examples=[1280])
    before_day: dt.date | None = Field(..., examples=["2026-10-23"])
    computed_day: dt.date | None = Field(
        ..., description="The day for which everybody was last counted; who does something is followed live.", examples=["2026-11-22"]
    )
    computed_at: dt.datetime | None = Field(..., examples=["2026-11-21T16:00:04Z"])
    changed_by_name: str = Field(..., examples=["王芳"])
    updated_at: dt.datetime | None = Field(..., description="When thresholds or bands were last changed.", examples=["2026-11-20T08:00:00Z"])


class StageMoveOut(Schema):
    """How many would go from one stage to another."""

    kind: Kind = Field(..., examples=["activity"])
    from_: str = Field(..., alias="from", examples=["active"])
    to: str = Field(..., examples=["quiet"])
    members: int = Field(..., examples=[37])


class StageMovesOut(Schema):
    """Whom other thresholds would move today. Nothing is changed."""

    moves: list[StageMoveOut]
    members: int = Field(..., description="Everybody who would be at another stage of a kind, summed over both kinds.", examples=[52])


class StageNodeOut(Schema):
    """A stage at the end of a month; `stage` is empty for those not seen by then."""

    month: dt.date = Field(..., description="The last day of the month; for the present one, today.", examples=["2026-10-31"])
    stage: str = Field(..., examples=["active"])
    members: int = Field(..., examples=[420])


class StageLinkOut(Schema):
    """From a stage at the end of a month to one at the end of the next."""

    month: dt.date = Field(..., description="Where it begins.", examples=["2026-10-31"])
    from_: str = Field(..., alias="from", examples=["active"])
    to: str = Field(..., examples=["quiet"])
    members: int = Field(..., examples=[37])


class StageFlowOut(Schema):
    """How everybody known today moved between stages, by the thresholds of today."""

    community: StageCommunityOut
    kind: Kind = Field(..., examples=["activity"])
    months: list[dt.date] = Field(..., examples=[["2026-09-30", "2026-10-31", "2026-11-22"]])
    nodes: list[StageNodeOut]
    links: list[StageLinkOut]


class MemberStageOut(Schema):
    """At which stage of a community a member is."""

    community: StageCommunityOut
    kind: Kind = Field(..., examples=["activity"])
    stage: str = Field(..., examples=["active"])
    zh: str = Field(..., examples=["活跃"])
    en: str = Field(..., examples=["Active"])
    since: dt.date | None = Field(..., description="The local day it was entered; null: it was so when first counted.", examples=["2026-11-02"])
