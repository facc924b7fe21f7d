"""A workspace's own settings."""

from __future__ import annotations

from hutong.workspaces import schemas
from hutong.workspaces.access import Request
from hutong.workspaces.actions import settings
from hutong.workspaces.api.routing import router


@router.get("", permission="workspace.read", response=schemas.WorkspaceOut, operation_id="workspace_get", summary="The workspace")
def workspace_get(request: Request) -> object:
    return request.workspace


@router.patch(
    "", permission="workspace.change", response=schemas.WorkspaceOut, operation_id="workspace_change", summary="Change the workspace's settings"
)
def workspace_change(request: Request, body: schemas.WorkspaceChange) -> object:
    return settings.change(request.workspace, actor=request.actor, name=body.name, time_zone=body.time_zone, language=body.language)
