"""The HTTP operations of communities and groups."""

from __future__ import annotations

import uuid
from typing import Any

from ninja import Query, Status

from hutong.communities import actions, queries, schemas
from hutong.workspaces.access import Request, Router

router = Router(tags=["communities"])


@router.get(
    "/communities", permission="communities.read", response=schemas.CommunityPage, operation_id="communities_list", summary="Communities, by name"
)
def communities_list(request: Request, query: Query[schemas.ListQuery]) -> object:
    page = queries.communities(request.workspace, q=query.q, show=query.show, cursor=query.cursor, limit=query.limit)
    return {"items": [_community(one) for one in page.items], "next_cursor": page.next_cursor}


@router.post(
    "/communities",
    permission="communities.manage",
    response={201: schemas.CommunityOut},
    operation_id="communities_create",
    summary="Add a community",
)
def communities_create(request: Request, body: schemas.CommunityBody) -> Status[object]:
    made = actions.create_community(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _community(queries.community(request.workspace, made.pk)))


@router.get(
    "/communities/{uuid:community_id}",
    permission="communities.read",
    response=schemas.CommunityOut,
    operation_id="communities_get",
    summary="One community",
)
def communities_get(request: Request, community_id: uuid.UUID) -> object:
    return _community(queries.community(request.workspace, community_id))


@router.patch(
    "/communities/{uuid:community_id}",
    permission="communities.manage",
    response=schemas.CommunityOut,
    operation_id="communities_change",
    summary="Change a community; a new time zone counts its days anew and must be confirmed",
)
def communities_change(request: Request, community_id: uuid.UUID, body: schemas.CommunityChange) -> object:
    actions.change_community(request.workspace, actor=request.actor, community_id=community_id, **body.dict())
    return _community(queries.community(request.workspace, community_id))


@router.put(
    "/communities/{uuid:community_id}/archival",
    permission="communities.manage",
    response=schemas.CommunityOut,
    operation_id="communities_archive",
    summary="Put a community away; its numbers stay",
)
def communities_archive(request: Request, community_id: uuid.UUID) -> object:
    actions.archive_community(request.workspace, actor=request.actor, community_id=community_id)
    return _community(queries.community(request.workspace, community_id))


@router.delete(
    "/communities/{uuid:community_id}/archival",
    permission="communities.manage",
    response=schemas.CommunityOut,
    operation_id="communities_restore",
    summary="Take a community back from the archive",
)
def communities_restore(request: Request, community_id: uuid.UUID) -> object:
    actions.restore_community(request.workspace, actor=request.actor, community_id=community_id)
    return _community(queries.community(request.workspace, community_id))


@router.get("/groups", permission="communities.read", response=schemas.GroupPage, operation_id="groups_list", summary="Groups, by name")
def groups_list(request: Request, query: Query[schemas.GroupQuery]) -> object:
    page = queries.groups(
        request.workspace, community_id=query.community_id, channel=query.channel, q=query.q, show=query.show, cursor=query.cursor, limit=query.limit
    )
    return {"items": [_group(one) for one in page.items], "next_cursor": page.next_cursor}


@router.post(
    "/groups", permission="communities.manage", response={201: schemas.GroupOut}, operation_id="groups_create", summary="Add a group to a community"
)
def groups_create(request: Request, body: schemas.GroupBody) -> Status[object]:
    made = actions.create_group(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _group(queries.group(request.workspace, made.pk)))


@router.get("/groups/{uuid:group_id}", permission="communities.read", response=schemas.GroupOut, operation_id="groups_get", summary="One group")
def groups_get(request: Request, group_id: uuid.UUID) -> object:
    return _group(queries.group(request.workspace, group_id))


@router.patch(
    "/groups/{uuid:group_id}", permission="communities.manage", response=schemas.GroupOut, operation_id="groups_change", summary="Rename a group"
)
def groups_change(request: Request, group_id: uuid.UUID, body: schemas.GroupChange) -> object:
    actions.rename_group(request.workspace, actor=request.actor, group_id=group_id, name=body.name)
    return _group(queries.group(request.workspace, group_id))


@router.put(
    "/groups/{uuid:group_id}/archival",
    permission="communities.manage",
    response=schemas.GroupOut,
    operation_id="groups_archive",
    summary="Put a group away; its numbers stay",
)
def groups_archive(request: Request, group_id: uuid.UUID) -> object:
    actions.archive_group(request.workspace, actor=request.actor, group_id=group_id)
    return _group(queries.group(request.workspace, group_id))


@router.delete(
    "/groups/{uuid:group_id}/archival",
    permission="communities.manage",
    response=schemas.GroupOut,
    operation_id="groups_restore",
    summary="Take a group back from the archive",
)
def groups_restore(request: Request, group_id: uuid.UUID) -> object:
    actions.restore_group(request.workspace, actor=request.actor, group_id=group_id)
    return _group(queries.group(request.workspace, group_id))


def _community(row: Any) -> dict[str, object]:
    names = ("id", "name", "kind", "description", "time_zone", "is_sample", "created_at", "updated_at", "archived_at")
    return {name: getattr(row, name) for name in names} | {"groups": row.groups_count, "members": row.members_count}


def _group(row: Any) -> dict[str, object]:
    names = ("id", "community_id", "name", "channel", "external_id", "created_at", "updated_at", "archived_at")
    return {name: getattr(row, name) for name in names} | {"community_name": row.community.name, "members": row.members_count}
