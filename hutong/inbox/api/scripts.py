"""Scripts."""

from __future__ import annotations

import uuid
from typing import Any

from ninja import Query, Status

from hutong.channels import messages
from hutong.inbox import schemas
from hutong.inbox.actions import scripts
from hutong.inbox.api import SCRIPTS, router
from hutong.inbox.queries import scripts as queries
from hutong.workspaces.access import Request


@router.get(
    "/scripts", permission=SCRIPTS, response=schemas.ScriptPage, operation_id="scripts_list", summary="Shared scripts and one's own, by folder"
)
def scripts_list(request: Request, query: Query[schemas.ScriptsQuery]) -> object:
    page = queries.page(request.workspace, actor=request.actor, q=query.q, folder=query.folder, cursor=query.cursor, limit=query.limit)
    return {
        "items": [_script(one) for one in page.items],
        "next_cursor": page.next_cursor,
        "folders": queries.folders(request.workspace, actor=request.actor),
    }


@router.get(
    "/scripts/picks", permission=SCRIPTS, response=schemas.ScriptList, operation_id="scripts_pick", summary="What was most likely meant by `/…`"
)
def scripts_pick(request: Request, query: Query[schemas.PickQuery]) -> object:
    return {"items": [_script(one) for one in queries.pick(request.workspace, actor=request.actor, q=query.q)]}


@router.post(
    "/scripts", permission=SCRIPTS, response={201: schemas.ScriptOut}, operation_id="scripts_create", summary="Add a script; shared ones need a right"
)
def scripts_create(request: Request, body: schemas.ScriptBody) -> Status[object]:
    made = scripts.create(
        request.workspace,
        actor=request.actor,
        title=body.title,
        shortcut=body.shortcut,
        folder=body.folder,
        parts=body.parts,
        is_personal=body.is_personal,
    )
    return Status(201, _script(made))


@router.patch(
    "/scripts/{uuid:script_id}",
    permission=SCRIPTS,
    response=schemas.ScriptOut,
    operation_id="scripts_change",
    summary="Change a script; what it said is kept as a version",
)
def scripts_change(request: Request, script_id: uuid.UUID, body: schemas.ScriptChange) -> object:
    found = scripts.change(
        request.workspace,
        actor=request.actor,
        script_id=script_id,
        title=body.title,
        shortcut=body.shortcut,
        folder=body.folder,
        parts=body.parts,
        is_personal=body.is_personal,
    )
    return _script(found)


@router.delete(
    "/scripts/{uuid:script_id}", permission=SCRIPTS, response={204: None}, operation_id="scripts_delete", summary="Delete a script and its versions"
)
def scripts_delete(request: Request, script_id: uuid.UUID) -> Status[None]:
    scripts.delete(request.workspace, actor=request.actor, script_id=script_id)
    return Status(204, None)


@router.get(
    "/scripts/{uuid:script_id}/versions",
    permission=SCRIPTS,
    response=schemas.ScriptVersionList,
    operation_id="scripts_versions",
    summary="What a script said before",
)
def scripts_versions(request: Request, script_id: uuid.UUID) -> object:
    found = queries.versions(request.workspace, script_id, actor=request.actor)
    return {
        "items": [
            {"number": one.number, "title": one.title, "parts": messages.said(messages.kept(one.parts)), "by": one.by, "at": one.at} for one in found
        ]
    }


def _script(one: Any) -> dict[str, Any]:
    names = ("id", "title", "shortcut", "folder", "text", "used", "last_used_at", "updated_by", "updated_at")
    return {name: getattr(one, name) for name in names} | {
        "parts": messages.said(messages.kept(one.parts)),
        "is_personal": one.owner_id is not None,
        "version": one.number,
    }
