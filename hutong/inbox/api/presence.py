"""Who is at which conversation."""

from __future__ import annotations

import uuid

from ninja import Status

from hutong.inbox import presence, schemas
from hutong.inbox.api import ANSWER, READ, router
from hutong.inbox.queries import conversations as queries
from hutong.workspaces.access import Request


@router.get(
    "/inbox/presence",
    permission=READ,
    response=schemas.PresenceOut,
    operation_id="inbox_presence",
    summary="Who looks at or writes in which conversation now",
)
def inbox_presence(request: Request) -> object:
    return {"items": presence.here(request.workspace.pk), "me": request.actor.source, "tell_every_seconds": presence.TOLD_EVERY_SECONDS}


@router.put(
    "/inbox/conversations/{uuid:conversation_id}/presence",
    permission=ANSWER,
    response={204: None},
    operation_id="conversations_present",
    summary="Say that one looks at a conversation or writes in it; forgotten after 25 seconds",
)
def conversations_present(request: Request, conversation_id: uuid.UUID, body: schemas.PresenceBody) -> Status[None]:
    queries.exists(request.workspace, conversation_id)
    actor = request.actor
    presence.tell(request.workspace.pk, conversation_id=conversation_id, who=actor.source, name=actor.name, doing=body.doing)
    return Status(204, None)


@router.delete(
    "/inbox/conversations/{uuid:conversation_id}/presence",
    permission=ANSWER,
    response={204: None},
    operation_id="conversations_absent",
    summary="Say that one has left a conversation",
)
def conversations_absent(request: Request, conversation_id: uuid.UUID) -> Status[None]:
    queries.exists(request.workspace, conversation_id)
    presence.leave(request.workspace.pk, conversation_id=conversation_id, who=request.actor.source)
    return Status(204, None)
