"""The shape of an event as the warehouse keeps it, and as the log carries it there."""

from __future__ import annotations

from typing import Any

import msgspec

from hutong.events.warehouse.schema import NONE


class EventRow(msgspec.Struct, omit_defaults=True, kw_only=True, gc=False):
    """One event. Times are Unix seconds with milliseconds; ids are UUID text, `NONE` for none. A column left out is its default."""

    workspace_id: str
    id: str
    name: str
    occurred_at: float
    received_at: float
    local_day: str
    local_hour: int = 0
    community_id: str = NONE
    group_id: str = NONE
    member_id: str = NONE
    origin_id: str = NONE
    ordinal: int = 0
    channel: str = ""
    source: str = ""
    is_history: bool = False
    is_activity: int = 0
    text: str = ""
    characters: int = 0
    reply_to: str = ""
    addressed_id: str = NONE
    addressed_origin_id: str = NONE  # left out: the same as `addressed_id`
    is_reply: int = 0
    is_question: int = 0
    properties: dict[str, Any] | msgspec.Raw = {}


_encoder = msgspec.json.Encoder()
encode = _encoder.encode
encode_lines = _encoder.encode_lines
decode = msgspec.json.Decoder(EventRow).decode
