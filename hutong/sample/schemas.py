"""What the sample's operations give."""

from __future__ import annotations

import datetime as dt
import uuid

from ninja import Schema
from pydantic import ConfigDict


class SampleStatus(Schema):
    """Whether the sample community is loaded, and its size."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "is_loaded": True,
                    "community_id": "0197a5b0-7f3c-7c51-9d2e-4b6f0a1c2d3e",
                    "community_name": "槐序咖啡会员社群",
                    "members": 3000,
                    "events": 199574,
                    "first_day": "2026-05-26",
                    "last_day": "2026-11-21",
                }
            ]
        }
    )

    is_loaded: bool
    community_id: uuid.UUID | None
    community_name: str
    members: int
    events: int
    first_day: dt.date | None
    last_day: dt.date | None
