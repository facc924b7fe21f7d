"""How segments grew, at HTTP."""

from __future__ import annotations

import uuid

from ninja import Query

from hutong.segments.api import router
from hutong.segments.queries import growth
from hutong.segments.schemas import growth as schemas
from hutong.workspaces.access import Request


@router.get(
    "/segments/{uuid:segment_id}/growth",
    permission="segments.read",
    response=schemas.GrowthOut,
    operation_id="segments_growth",
    summary="The size of a segment day by day",
)
def segments_growth(request: Request, segment_id: uuid.UUID, asked: Query[schemas.GrowthQuery]) -> object:
    return growth.growth(request.workspace, segment_id, first=asked.from_, last=asked.to)
