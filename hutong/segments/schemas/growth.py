"""The shapes of growth at HTTP."""

from __future__ import annotations

import datetime as dt

from ninja import Schema
from pydantic import Field

from hutong.members.schemas import Ref
from hutong.segments.queries.growth import DAYS_DEFAULT, DAYS_MAX


class GrowthQuery(Schema):
    """Which local days; the last ones where nothing is said."""

    from_: dt.date | None = Field(
        None, alias="from", description=f"First day; {DAYS_DEFAULT} days when left out, at most {DAYS_MAX}.", examples=["2026-11-01"]
    )
    to: dt.date | None = Field(None, description="Last day; today when left out or later.", examples=["2026-11-30"])


class GrowthDay(Schema):
    """A local day: the size at its end, and who came and went on it."""

    day: dt.date
    members: int | None = Field(description="null: not known, the segment was not counted yet.", examples=[480])
    entered: int = Field(examples=[12])
    left: int = Field(examples=[5])


class GrowthOut(Schema):
    """How a segment grew. A day of which nothing was kept is as the day before; today is as the segment is now."""

    segment: Ref
    zone: str = Field(examples=["Asia/Shanghai"])
    today: dt.date
    first: dt.date
    last: dt.date
    items: list[GrowthDay]
    change: int | None = Field(description="From the first known size to the last.", examples=[7])
    entered: int = Field(examples=[60])
    left: int = Field(examples=[53])
