"""The HTTP operation of the system status."""

from __future__ import annotations

from typing import Any

from hutong.config.operations import schemas, status
from hutong.workspaces.access import Request, Router

router = Router(tags=["system"])


@router.get("/system", permission="system.read", response=schemas.SystemOut, operation_id="system_get", summary="How the installation is doing")
def system_get(request: Request) -> Any:
    return status.status(request.language)
