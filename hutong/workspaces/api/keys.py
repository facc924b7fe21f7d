"""API keys."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.workspaces import queries, schemas
from hutong.workspaces.access import Request
from hutong.workspaces.actions import keys
from hutong.workspaces.api.routing import router


@router.get("/keys", permission="keys.manage", response=schemas.KeyPage, operation_id="keys_list", summary="API keys")
def keys_list(request: Request, page: Query[schemas.PageQuery]) -> object:
    return queries.keys(request.workspace, cursor=page.cursor, limit=page.limit)


@router.post("/keys", permission="keys.manage", response={201: schemas.KeyMade}, operation_id="keys_create", summary="Make an API key")
def keys_create(request: Request, body: schemas.KeyBody) -> Status[object]:
    key, secret = keys.create(request.workspace, actor=request.actor, name=body.name, scopes=body.scopes, expires_at=body.expires_at)
    return Status(201, {"key": key, "secret": secret})


@router.delete("/keys/{uuid:key_id}", permission="keys.manage", response={204: None}, operation_id="keys_revoke", summary="Revoke an API key")
def keys_revoke(request: Request, key_id: uuid.UUID) -> Status[None]:
    keys.revoke(request.workspace, actor=request.actor, key_id=key_id)
    return Status(204, None)
