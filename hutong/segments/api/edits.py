"""Bulk edits of members."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.segments.actions import edits
from hutong.segments.api import router
from hutong.segments.queries import edits as queries
from hutong.segments.schemas import edits as schemas
from hutong.workspaces.access import Request


@router.post(
    "/member-edits/preview",
    permission="members.edit_many",
    response=schemas.EditPreviewOut,
    operation_id="member_edits_preview",
    summary="How many members a bulk edit would be for",
)
def member_edits_preview(request: Request, body: schemas.EditPreviewBody) -> object:
    return {"count": edits.preview(request.workspace, body.members.plain()), "limit": edits.MEMBERS_MAX}


@router.post(
    "/member-edits",
    permission="members.edit_many",
    response={202: schemas.EditOut},
    operation_id="member_edits_create",
    summary="Change many members: tags and attribute values",
)
def member_edits_create(request: Request, body: schemas.EditBody) -> Status[object]:
    change = body.change
    made = edits.start(
        request.workspace,
        actor=request.actor,
        whom=body.members.plain(),
        add_tags=change.add_tags,
        remove_tags=change.remove_tags,
        given=change.set,
        clear=change.clear,
    )
    return Status(202, _shown(request, made.pk))


@router.get(
    "/member-edits",
    permission="members.read",
    response=schemas.EditPage,
    operation_id="member_edits_list",
    summary="Bulk edits, newest first",
)
def member_edits_list(request: Request, query: Query[schemas.EditQuery]) -> object:
    page = queries.edits(request.workspace, cursor=query.cursor, limit=query.limit)
    return {"items": queries.shown(request.workspace, page.items), "next_cursor": page.next_cursor}


@router.get(
    "/member-edits/{uuid:edit_id}",
    permission="members.read",
    response=schemas.EditOut,
    operation_id="member_edits_get",
    summary="One bulk edit, with its progress",
)
def member_edits_get(request: Request, edit_id: uuid.UUID) -> object:
    return _shown(request, edit_id)


@router.delete(
    "/member-edits/{uuid:edit_id}",
    permission="members.edit_many",
    response=schemas.EditOut,
    operation_id="member_edits_cancel",
    summary="Stop a bulk edit; what it changed stays and can be undone",
)
def member_edits_cancel(request: Request, edit_id: uuid.UUID) -> object:
    edits.cancel(request.workspace, actor=request.actor, edit_id=edit_id)
    return _shown(request, edit_id)


@router.post(
    "/member-edits/{uuid:edit_id}/undo",
    permission="members.edit_many",
    response={202: schemas.EditOut},
    operation_id="member_edits_undo",
    summary="Put back what was there before, but for what was changed again since",
)
def member_edits_undo(request: Request, edit_id: uuid.UUID) -> Status[object]:
    edits.undo(request.workspace, actor=request.actor, edit_id=edit_id)
    return Status(202, _shown(request, edit_id))


def _shown(request: Request, edit_id: uuid.UUID) -> dict[str, object]:
    return queries.shown(request.workspace, [queries.edit(request.workspace, edit_id)])[0]
