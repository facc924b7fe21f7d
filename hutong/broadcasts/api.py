"""The HTTP operations of broadcasts."""

from __future__ import annotations

import uuid

import msgspec
from django.http import StreamingHttpResponse
from ninja import Query, Status

from hutong.broadcasts import audience, checking, schemas
from hutong.broadcasts.actions import checks, drafts, runs
from hutong.broadcasts.queries import broadcasts as queries
from hutong.broadcasts.queries import recipients
from hutong.foundation import timing
from hutong.workspaces.access import Request, Router

router = Router(tags=["broadcasts"])
READ, MANAGE, SEND = "broadcasts.read", "broadcasts.manage", "broadcasts.send"
ONE = "/broadcasts/{uuid:broadcast_id}"
RUN = "/broadcasts/{uuid:broadcast_id}/runs/{uuid:run_id}"


@router.get("/broadcasts", permission=READ, response=schemas.BroadcastPage, operation_id="broadcasts_list", summary="Broadcasts, the newest first")
def broadcasts_list(request: Request, query: Query[schemas.BroadcastQuery]) -> object:
    page = queries.broadcasts(request.workspace, state=query.state, cursor=query.cursor, limit=query.limit)
    return {"items": queries.lines(request.workspace, page.items), "next_cursor": page.next_cursor}


@router.post("/broadcasts", permission=MANAGE, response={201: schemas.BroadcastOut}, operation_id="broadcasts_create", summary="Begin a draft")
def broadcasts_create(request: Request, body: schemas.BroadcastIn) -> Status[object]:
    made = drafts.create(request.workspace, actor=request.actor, name=body.name)
    return Status(201, queries.broadcast(request.workspace, made.pk))


@router.post(
    "/broadcasts/dates",
    permission=READ,
    response=schemas.BroadcastDatesOut,
    operation_id="broadcasts_dates",
    summary="When a repeated broadcast would go next",
)
def broadcasts_dates(request: Request, body: schemas.BroadcastDatesIn) -> object:
    return queries.dates(timing.read(body.timing.dict()))


@router.get(ONE, permission=READ, response=schemas.BroadcastOut, operation_id="broadcasts_get", summary="One broadcast with its runs")
def broadcasts_get(request: Request, broadcast_id: uuid.UUID) -> object:
    return queries.broadcast(request.workspace, broadcast_id)


@router.put(ONE, permission=MANAGE, response=schemas.BroadcastOut, operation_id="broadcasts_change", summary="Say what a draft is now")
def broadcasts_change(request: Request, broadcast_id: uuid.UUID, body: schemas.BroadcastChange) -> object:
    drafts.change(
        request.workspace,
        actor=request.actor,
        broadcast_id=broadcast_id,
        version=body.version,
        name=body.name,
        purpose=body.purpose,
        parts=body.parts,
        audience=audience.read(msgspec.to_builtins(body.audience.dict())),
        timing=timing.read(body.timing.dict()),
        per_minute=body.per_minute,
        tracks_links=body.tracks_links,
    )
    return queries.broadcast(request.workspace, broadcast_id)


@router.delete(ONE, permission=MANAGE, response={204: None}, operation_id="broadcasts_delete", summary="Throw away a draft that never went")
def broadcasts_delete(request: Request, broadcast_id: uuid.UUID) -> Status[None]:
    drafts.delete(request.workspace, actor=request.actor, broadcast_id=broadcast_id)
    return Status(204, None)


@router.put(
    f"{ONE}/check",
    permission=MANAGE,
    response=schemas.BroadcastCheckOut,
    operation_id="broadcasts_check",
    summary="Count what sending it now would do; a large audience goes on being counted",
)
def broadcasts_check(request: Request, broadcast_id: uuid.UUID) -> object:
    checks.begin(request.workspace, broadcast_id=broadcast_id)
    return checking.said(request.workspace, broadcast_id)


@router.get(
    f"{ONE}/check",
    permission=READ,
    response=schemas.BroadcastCheckOut,
    operation_id="broadcasts_check_get",
    summary="How far the count is, and what sending it now would do",
)
def broadcasts_check_get(request: Request, broadcast_id: uuid.UUID) -> object:
    return checking.said(request.workspace, broadcast_id)


@router.delete(f"{ONE}/check", permission=MANAGE, response={204: None}, operation_id="broadcasts_check_cancel", summary="Count no further")
def broadcasts_check_cancel(request: Request, broadcast_id: uuid.UUID) -> Status[None]:
    checks.cancel(request.workspace, broadcast_id=broadcast_id)
    return Status(204, None)


@router.put(
    f"{ONE}/schedule", permission=SEND, response=schemas.BroadcastOut, operation_id="broadcasts_schedule", summary="Send it now, or at its time"
)
def broadcasts_schedule(request: Request, broadcast_id: uuid.UUID, body: schemas.BroadcastScheduleIn) -> object:
    runs.schedule(request.workspace, actor=request.actor, broadcast_id=broadcast_id, version=body.version, recipients=body.recipients)
    return queries.broadcast(request.workspace, broadcast_id)


@router.delete(
    f"{ONE}/schedule", permission=SEND, response=schemas.BroadcastOut, operation_id="broadcasts_unschedule", summary="Make it a draft again"
)
def broadcasts_unschedule(request: Request, broadcast_id: uuid.UUID) -> object:
    runs.unschedule(request.workspace, actor=request.actor, broadcast_id=broadcast_id)
    return queries.broadcast(request.workspace, broadcast_id)


@router.put(f"{ONE}/pause", permission=SEND, response=schemas.BroadcastOut, operation_id="broadcasts_pause", summary="Hold it back at once")
def broadcasts_pause(request: Request, broadcast_id: uuid.UUID) -> object:
    runs.pause(request.workspace, actor=request.actor, broadcast_id=broadcast_id)
    return queries.broadcast(request.workspace, broadcast_id)


@router.delete(f"{ONE}/pause", permission=SEND, response=schemas.BroadcastOut, operation_id="broadcasts_resume", summary="Go on with it")
def broadcasts_resume(request: Request, broadcast_id: uuid.UUID) -> object:
    runs.resume(request.workspace, actor=request.actor, broadcast_id=broadcast_id)
    return queries.broadcast(request.workspace, broadcast_id)


@router.put(
    f"{ONE}/cancellation",
    permission=SEND,
    response=schemas.BroadcastOut,
    operation_id="broadcasts_cancel",
    summary="End it: what has not gone never goes",
)
def broadcasts_cancel(request: Request, broadcast_id: uuid.UUID) -> object:
    runs.cancel(request.workspace, actor=request.actor, broadcast_id=broadcast_id)
    return queries.broadcast(request.workspace, broadcast_id)


@router.get(
    f"{RUN}/recipients",
    permission=READ,
    response=schemas.BroadcastRecipientPage,
    operation_id="broadcast_recipients_list",
    summary="What became of each recipient, or who reacted",
)
def broadcast_recipients_list(request: Request, broadcast_id: uuid.UUID, run_id: uuid.UUID, query: Query[schemas.BroadcastRecipientQuery]) -> object:
    return recipients.recipients(request.workspace, broadcast_id, run_id, show=query.show, cursor=query.cursor, limit=query.limit)


@router.get(
    f"{RUN}/recipients.csv",
    permission="members.export",
    operation_id="broadcast_recipients_csv",
    summary="What became of each recipient, as a file",
    openapi_extra={"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def broadcast_recipients_csv(
    request: Request, broadcast_id: uuid.UUID, run_id: uuid.UUID, query: Query[schemas.BroadcastFileQuery]
) -> StreamingHttpResponse:
    found = runs.export(request.workspace, actor=request.actor, broadcast_id=broadcast_id, run_id=run_id, show=query.show, language=request.language)
    response = StreamingHttpResponse(found, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="recipients.csv"'
    return response


@router.put(
    f"{RUN}/resending", permission=SEND, response=schemas.BroadcastOut, operation_id="broadcasts_resend", summary="Send again what failed or expired"
)
def broadcasts_resend(request: Request, broadcast_id: uuid.UUID, run_id: uuid.UUID) -> object:
    runs.resend(request.workspace, actor=request.actor, broadcast_id=broadcast_id, run_id=run_id)
    return queries.broadcast(request.workspace, broadcast_id)
