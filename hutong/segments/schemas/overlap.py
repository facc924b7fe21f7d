"""The shapes of overlaps at HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated

from ninja import Schema
from pydantic import Field


class OverlapQuery(Schema):
    """Which segments."""

    ids: list[uuid.UUID] = Field(min_length=1, max_length=10, description="Two or three segments.")


class OverlapSegment(Schema):
    """One circle."""

    id: uuid.UUID
    name: str = Field(examples=["咖啡常客"])
    members: int = Field(examples=[480])


class OverlapRegion(Schema):
    """Members who are in exactly these of the segments."""

    ids: list[uuid.UUID]
    members: int = Field(examples=[120])


class OverlapOut(Schema):
    """Every region of the picture, empty ones too: first those in one segment only, last those in all."""

    segments: list[OverlapSegment]
    regions: Annotated[list[OverlapRegion], Field(min_length=3, max_length=7)]
    members: int = Field(description="In at least one of the segments.", examples=[900])
