"""The HTTP operations of the stream: sources, the catalogue, events one by one."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Status

from hutong.events import browse, schemas, sources
from hutong.foundation.errors import NotFound
from hutong.members import queries as members
from hutong.workspaces.access import Request, Router

router = Router(tags=["events"])

Name = Annotated[str | None, Query(max_length=200)]
FromDay = Annotated[dt.date | None, Query(alias="from")]
ToDay = Annotated[dt.date | None, Query(alias="to")]
Limit = Annotated[int, Query(ge=1, le=browse.PAGE_EVENTS_MAX)]


@router.get("/sources", permission="events.read", response=schemas.SourceList, operation_id="sources_list")
def list_sources(request: Request) -> Any:
    """Data sources in use."""
    return {"items": sources.listed(request.workspace)}


@router.post("/sources", permission="sources.manage", response={201: schemas.SourceMade}, operation_id="sources_create")
def create_source(request: Request, body: schemas.SourceIn) -> Any:
    """Make a data source. The write key is in this answer only."""
    source, key = sources.create(request.workspace, actor=request.actor, name=body.name, community_id=body.community_id, group_id=body.group_id)
    return Status(201, {**schemas.SourceOut.from_orm(source).dict(), "write_key": key})


@router.put("/sources/{uuid:source_id}", permission="sources.manage", response=schemas.SourceOut, operation_id="sources_change")
def change_source(request: Request, source_id: UUID, body: schemas.SourceIn) -> Any:
    """Rename a source, or send its coming events to another community or group."""
    return sources.change(
        request.workspace, actor=request.actor, source_id=source_id, name=body.name, community_id=body.community_id, group_id=body.group_id
    )


@router.delete("/sources/{uuid:source_id}", permission="sources.manage", response={204: None}, operation_id="sources_revoke")
def revoke_source(request: Request, source_id: UUID) -> Any:
    """Revoke a source's write key. Its events stay."""
    sources.revoke(request.workspace, actor=request.actor, source_id=source_id)
    return Status(204, None)


@router.get("/event-types", permission="events.read", response=schemas.EventTypeList, operation_id="event_types_list")
def list_event_types(request: Request) -> Any:
    """The catalogue of events: declared ones, and those seen and waiting for review."""
    return {"items": browse.types(request.workspace)}


@router.patch("/event-types/{path:name}", permission="events.manage", response=schemas.EventTypeOut, operation_id="event_types_review")
def review_event_type(request: Request, name: str, body: schemas.EventTypePatch) -> Any:
    """Review an event that nobody declared."""
    return browse.review(request.workspace, actor=request.actor, name=name, verdict=body.review, description=body.description)


@router.get("/events", permission="events.read", response=schemas.EventPage, operation_id="events_list")
def list_events(
    request: Request,
    community_id: UUID | None = None,
    group_id: UUID | None = None,
    member_id: UUID | None = None,
    source_id: UUID | None = None,
    name: Name = None,
    from_day: FromDay = None,
    to_day: ToDay = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Events newest first; with `member_id` it is the member's timeline, with `source_id` what came from a data source."""
    items, next_cursor = browse.events(
        request.workspace,
        member_id=member_id,
        community_id=community_id,
        group_id=group_id,
        source_id=source_id,
        name=name,
        from_day=from_day,
        to_day=to_day,
        cursor=cursor,
        limit=limit,
    )
    return {"items": items, "next_cursor": next_cursor}


@router.get("/members/{uuid:member_id}/timeline", permission="members.read", response=schemas.EventPage, operation_id="members_timeline")
def member_timeline(
    request: Request,
    member_id: UUID,
    name: Name = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """All that a member did and that happened to them, newest first."""
    if not members.names(request.workspace.pk, [member_id]):
        raise NotFound("member")
    items, next_cursor = browse.events(request.workspace, member_id=member_id, name=name, cursor=cursor, limit=limit)
    return {"items": items, "next_cursor": next_cursor}
