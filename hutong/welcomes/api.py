"""The HTTP operations of welcomes."""

from __future__ import annotations

import uuid

from ninja import Status

from hutong.welcomes import queries, schemas
from hutong.welcomes.actions import definitions
from hutong.workspaces.access import Request, Router

router = Router(tags=["welcomes"])
READ, MANAGE = "welcomes.read", "welcomes.manage"


@router.get("/welcomes", permission=READ, response=schemas.WelcomeList, operation_id="welcomes_list", summary="Every welcome")
def welcomes_list(request: Request) -> object:
    return {"items": queries.welcomes(request.workspace)}


@router.post("/welcomes", permission=MANAGE, response={201: schemas.WelcomeOut}, operation_id="welcomes_create", summary="Add a welcome")
def welcomes_create(request: Request, body: schemas.WelcomeIn) -> Status[object]:
    made = definitions.create(request.workspace, actor=request.actor, given=body.dict())
    return Status(201, queries.welcome(request.workspace, made.pk))


@router.post(
    "/welcomes/trials",
    permission=MANAGE,
    response={201: schemas.WelcomeTrialOut},
    operation_id="welcomes_try",
    summary="Send a welcome's messages into a chat of yours, to see them",
)
def welcomes_try(request: Request, body: schemas.WelcomeTrialIn) -> Status[object]:
    sent = definitions.try_out(request.workspace, actor=request.actor, **body.dict())
    return Status(201, {"messages": sent})


@router.get("/welcomes/{uuid:welcome_id}", permission=READ, response=schemas.WelcomeOut, operation_id="welcomes_read", summary="One welcome")
def welcomes_read(request: Request, welcome_id: uuid.UUID) -> object:
    return queries.welcome(request.workspace, welcome_id)


@router.patch(
    "/welcomes/{uuid:welcome_id}", permission=MANAGE, response=schemas.WelcomeOut, operation_id="welcomes_change", summary="Change a welcome"
)
def welcomes_change(request: Request, welcome_id: uuid.UUID, body: schemas.WelcomePatch) -> object:
    # Only the community may be taken away; null elsewhere says nothing.
    given = {name: value for name, value in body.dict(exclude_unset=True, exclude={"version"}).items() if value is not None or name == "community_id"}
    if "messages" in given:
        given["messages"] = [one.dict() for one in body.messages or []]
    if "actions" in given:
        given["actions"] = [one.dict() for one in body.actions or []]
    definitions.change(request.workspace, actor=request.actor, welcome_id=welcome_id, given=given, version=body.version)
    return queries.welcome(request.workspace, welcome_id)


@router.delete(
    "/welcomes/{uuid:welcome_id}",
    permission=MANAGE,
    response=schemas.WelcomeRemoved,
    operation_id="welcomes_delete",
    summary="Delete a welcome; what has not gone is not sent",
)
def welcomes_delete(request: Request, welcome_id: uuid.UUID) -> object:
    return {"withdrawn": definitions.delete(request.workspace, actor=request.actor, welcome_id=welcome_id)}


@router.get(
    "/welcomes/{uuid:welcome_id}/statistics",
    permission=READ,
    response=schemas.WelcomeStatistics,
    operation_id="welcomes_statistics",
    summary="How many were welcomed, and how many of them spoke soon",
)
def welcomes_statistics(request: Request, welcome_id: uuid.UUID) -> object:
    return queries.statistics(request.workspace, welcome_id)
