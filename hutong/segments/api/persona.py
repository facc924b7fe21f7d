"""Personas of segments, at HTTP."""

from __future__ import annotations

import uuid

from hutong.segments.api import router
from hutong.segments.queries import persona
from hutong.segments.schemas import persona as schemas
from hutong.workspaces.access import Request


@router.get(
    "/segments/{uuid:segment_id}/persona",
    permission="segments.read",
    response=schemas.PersonaOut,
    operation_id="segments_persona",
    summary="Who the people of a segment are, what they do and what interests them",
)
def segments_persona(request: Request, segment_id: uuid.UUID) -> object:
    return persona.persona(request.workspace, segment_id)
