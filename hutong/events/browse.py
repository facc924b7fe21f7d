"""Reading events one by one: a member's timeline, and what came in lately."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec

from hutong.events import catalogue
from hutong.events.models import EventType
from hutong.events.warehouse import engine
from hutong.events.warehouse.schema import NONE
from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

PAGE_EVENTS_MAX = 200

_SELECT = """
    SELECT id, name, occurred_at, received_at, member_id, community_id, group_id, channel, source, is_history, text,
        toJSONString(properties), ordinal
    FROM events
    WHERE workspace_id = {workspace:UUID}
"""
_NONE = UUID(NONE)


def event(workspace: Workspace, event_id: str) -> dict[str, Any]:
    """One event of the warehouse, with whom it was of before any merge. Raises NotFound."""
    bound = {"workspace": str(workspace.pk), "id": event_id}
    found = engine.rows(_SELECT + " AND id = {id:String} LIMIT 1", bound)
    if not found:
        raise NotFound("event")
    (origin,) = engine.rows("SELECT origin_id FROM events WHERE workspace_id = {workspace:UUID} AND id = {id:String} LIMIT 1", bound)[0]
    return _event(found[0]) | {"origin_id": origin}


def events(
    workspace: Workspace,
    *,
    member_id: UUID | None = None,
    community_id: UUID | None = None,
    group_id: UUID | None = None,
    source_id: UUID | None = None,
    name: str | None = None,
    from_day: dt.date | None = None,
    to_day: dt.date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], str | None]:
    """Events that meet every filter given, newest first, and the cursor of the next page."""
    limit = max(1, min(limit, PAGE_EVENTS_MAX))
    bound: dict[str, Any] = {"workspace": str(workspace.pk), "limit": limit + 1}
    statement = _SELECT
    filters = {"member_id": (member_id, "UUID"), "community_id": (community_id, "UUID"), "group_id": (group_id, "UUID"), "name": (name, "String")}
    for column, (value, kind) in filters.items():
        if value is not None:
            statement += f" AND {column} = {{{column}:{kind}}}"
            bound[column] = str(value)
    if source_id is not None:
        statement += " AND source = {source:String}"
        bound["source"] = f"tracker:{source_id}"
    if from_day is not None:
        statement += " AND local_day >= {from_day:Date}"
        bound["from_day"] = from_day.isoformat()
    if to_day is not None:
        statement += " AND local_day <= {to_day:Date}"
        bound["to_day"] = to_day.isoformat()
    if cursor:
        at_ms, ordinal, last_id = pages.decode(cursor, length=3)
        statement += " AND (occurred_at, ordinal, id) < (fromUnixTimestamp64Milli({at:Int64}), {ordinal:UInt32}, {last:String})"
        bound |= {"at": int(at_ms), "ordinal": int(ordinal), "last": str(last_id)}
    statement += " ORDER BY occurred_at DESC, ordinal DESC, id DESC LIMIT {limit:UInt32}"
    found = engine.rows(statement, bound)
    items = [_event(row) for row in found[:limit]]
    if len(found) <= limit:
        return items, None
    last = found[limit - 1]
    return items, pages.encode([clock.to_ms(last[2]), last[12], last[0]])


def _event(row: Any) -> dict[str, Any]:
    definition = catalogue.declared().get(row[1])
    return {
        "id": row[0],
        "name": row[1],
        "name_zh": definition.zh if definition else row[1],
        "name_en": definition.en if definition else row[1],
        "occurred_at": row[2],
        "received_at": row[3],
        "member_id": _id(row[4]),
        "community_id": _id(row[5]),
        "group_id": _id(row[6]),
        "channel": row[7],
        "source": row[8],
        "is_history": row[9],
        "text": row[10],
        "properties": msgspec.json.decode(row[11]),
    }


def _id(value: UUID) -> UUID | None:
    return None if value == _NONE else value


def types(workspace: Workspace) -> list[dict[str, Any]]:
    """The catalogue: declared events, then those seen, most frequent first."""
    known = [
        {
            "name": one.name,
            "name_zh": one.zh,
            "name_en": one.en,
            "is_declared": True,
            "is_activity": one.is_activity,
            "review": "declared",
            "description": "",
            "properties": [{"name": p.name, "type": p.type, "name_zh": p.zh, "name_en": p.en} for p in one.properties],
            "events": None,
            "first_seen_at": None,
            "last_seen_at": None,
        }
        for one in catalogue.declared().values()
    ]
    return known + [_type(row) for row in EventType.objects.in_workspace(workspace).order_by("-events", "name")]


def _type(row: EventType) -> dict[str, Any]:
    return {
        "name": row.name,
        "name_zh": row.name,
        "name_en": row.name,
        "is_declared": False,
        "is_activity": True,
        "review": row.review,
        "description": row.description,
        "properties": [{"name": key, "type": kind, "name_zh": "", "name_en": ""} for key, kind in sorted(row.properties.items())],
        "events": row.events,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
    }


def review(workspace: Workspace, *, actor: Actor, name: str, verdict: str | None, description: str | None) -> dict[str, Any]:
    """Say what an event is, or that it is to be left out of lists."""
    row = EventType.objects.in_workspace(workspace).filter(name=name).first()
    if row is None:
        raise NotFound("event")
    if verdict is not None:
        row.review = verdict
    if description is not None:
        row.description = description
    row.save(update_fields=["review", "description"])
    audit.write(workspace, actor=actor, action="event_type.review", target_kind="event_type", target_name=name, details={"review": row.review})
    return _type(row)
