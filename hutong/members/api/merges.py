"""Merging members, and taking it back."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.foundation.text import one_line
from hutong.members import schemas
from hutong.members.actions import merges
from hutong.members.api import router
from hutong.members.queries import profile
from hutong.workspaces.access import Request


@router.get("/merges", permission="members.read", response=schemas.MergePage, operation_id="merges_list", summary="Merges, newest first")
def merges_list(request: Request, query: Query[schemas.MergeQuery]) -> object:
    page = profile.merges(request.workspace, member_id=query.member_id, cursor=query.cursor, limit=query.limit)
    return {"items": page.items, "next_cursor": page.next_cursor}


@router.post(
    "/merges", permission="members.merge", response={201: schemas.MergeDetail}, operation_id="merges_create", summary="Merge two members into one"
)
def merges_create(request: Request, body: schemas.MergeBody) -> Status[object]:
    reason = one_line("reason", body.reason, length_max=200, required=False)
    made = merges.merge(request.workspace, actor=request.actor, kept_id=body.kept_id, absorbed_id=body.absorbed_id, reason=reason)
    return Status(201, profile.merge(request.workspace, made.pk))


@router.get(
    "/merges/{uuid:merge_id}",
    permission="members.read",
    response=schemas.MergeDetail,
    operation_id="merges_get",
    summary="One merge, with how both looked",
)
def merges_get(request: Request, merge_id: uuid.UUID) -> object:
    return profile.merge(request.workspace, merge_id)


@router.delete(
    "/merges/{uuid:merge_id}",
    permission="members.merge",
    response=schemas.MergeDetail,
    operation_id="merges_undo",
    summary="Take a merge back; the record of it stays",
)
def merges_undo(request: Request, merge_id: uuid.UUID) -> object:
    merges.undo(request.workspace, actor=request.actor, merge_id=merge_id)
    return profile.merge(request.workspace, merge_id)
