"""What sets segments apart, at HTTP."""

from __future__ import annotations

import uuid

from hutong.segments.api import router
from hutong.segments.queries import distinctions
from hutong.segments.schemas import distinctions as schemas
from hutong.workspaces.access import Request


@router.get(
    "/segments/{uuid:segment_id}/distinctions",
    permission="segments.read",
    response=schemas.DistinctionsOut,
    operation_id="segments_distinctions",
    summary="What distinguishes a segment from everybody else",
)
def segments_distinctions(request: Request, segment_id: uuid.UUID) -> object:
    return distinctions.distinctions(request.workspace, segment_id)
