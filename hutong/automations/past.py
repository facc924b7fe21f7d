"""What happened lately, from the warehouse, for trying automations on it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from hutong.events import queries
from hutong.events.responders import Happening
from hutong.events.warehouse.schema import NONE
from hutong.members.bulk import chunks

COLUMNS = (
    "id, name, toFloat64(occurred_at), toFloat64(received_at), community_id, group_id, member_id, origin_id, channel, source, text, reply_to,"
    " addressed_id, is_reply, is_question, toJSONString(properties)"
)
_SELECT = (
    f"SELECT {COLUMNS}"
    """
    FROM events
    WHERE workspace_id = {workspace:UUID} AND local_day >= {first:Date} AND occurred_at >= fromUnixTimestamp64Milli({since:Int64})
        AND name IN {names:Array(String)} AND member_id != {none:UUID} AND NOT is_history
"""
)
MEMBERS_TOGETHER = 2_000


def happened(
    workspace_id: uuid.UUID,
    names: Sequence[str],
    *,
    since: dt.datetime,
    members: Sequence[uuid.UUID] | None = None,
    to_them: bool = False,
    limit: int,
) -> list[Happening]:
    """Events of these names since a moment, the newest `limit` of them, in the order in which they happened; of some members, or of everybody.

    `to_them`: those of others that are addressed to these members.
    """
    bound: dict[str, Any] = {
        "workspace": str(workspace_id), "first": (since.date() - dt.timedelta(days=1)).isoformat(), "since": round(since.timestamp() * 1000),
        "names": list(names), "none": NONE, "limit": limit,
    }  # fmt: skip
    found: list[Happening] = []
    for some in [None] if members is None else chunks(members, size=MEMBERS_TOGETHER):
        statement = (
            _SELECT
            + ("" if some is None else f" AND {'addressed_id' if to_them else 'member_id'} IN {{members:Array(UUID)}}")
            + " ORDER BY occurred_at DESC LIMIT {limit:UInt32}"
        )
        rows = queries.rows(statement, bound if some is None else bound | {"members": [str(one) for one in some]})
        found += [event(workspace_id, row) for row in rows]
    return sorted(found, key=lambda one: one.occurred_at)


def event(workspace_id: uuid.UUID, row: Sequence[Any]) -> Happening:
    """A row of `COLUMNS` as listeners see events."""
    pk, name, occurred, received, community, group, member, origin, channel, source, text, reply_to, addressed, is_reply, is_question, properties = (
        row
    )
    return Happening(
        id=pk, workspace_id=str(workspace_id), name=name, occurred_at=occurred, received_at=received, community_id=str(community), group_id=str(group),
        member_id=str(member), origin_id=str(origin), channel=channel, source=source, text=text, reply_to=reply_to, addressed_id=str(addressed), is_reply=is_reply,
        is_question=is_question, properties=msgspec.json.decode(properties) if properties else {},
    )  # fmt: skip
