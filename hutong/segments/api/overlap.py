"""What segments have in common, at HTTP."""

from __future__ import annotations

from ninja import Query

from hutong.segments.api import router
from hutong.segments.queries import overlap
from hutong.segments.schemas import overlap as schemas
from hutong.workspaces.access import Request


@router.get(
    "/segments/overlap",
    permission="segments.read",
    response=schemas.OverlapOut,
    operation_id="segments_overlap",
    summary="Members of two or three segments by which of them they are in",
)
def segments_overlap(request: Request, asked: Query[schemas.OverlapQuery]) -> object:
    return overlap.overlap(request.workspace, asked.ids)
