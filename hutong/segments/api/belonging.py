"""What a member belongs to."""

from __future__ import annotations

import uuid

from hutong.segments.api import router
from hutong.segments.api.tags import worn
from hutong.segments.queries import life_cycle, rfm
from hutong.segments.queries import tags as queries
from hutong.segments.schemas import tags as schemas
from hutong.workspaces.access import Request


@router.get(
    "/members/{uuid:member_id}/belonging",
    permission="segments.read",
    response=schemas.BelongingOut,
    operation_id="members_belonging",
    summary="The tags, segments, stages and RFM scores of a member",
)
def members_belonging(request: Request, member_id: uuid.UUID) -> object:
    segments = queries.segments_of_member(request.workspace, member_id)
    return {
        "tags": worn(request, member_id),
        "segments": [{"id": one.segment.pk, "name": one.segment.name, "kind": one.segment.kind, "entered_at": one.entered_at} for one in segments],
        "stages": life_cycle.of_member(request.workspace, member_id),
        "rfm": rfm.of_member(request.workspace, member_id),
    }
