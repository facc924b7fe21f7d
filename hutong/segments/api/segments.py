"""Segments: made, changed, copied, removed; members of static ones; files."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse
from ninja import Query, Status

from hutong.segments.actions import exports, segments
from hutong.segments.api import router
from hutong.segments.queries import segments as queries
from hutong.segments.queries import uses
from hutong.segments.schemas import segments as schemas
from hutong.segments.work import exporting
from hutong.workspaces.access import Request

_FIELDS = (
    "id", "name", "description", "kind", "condition", "version", "members_count", "built_at", "build_seconds", "is_sample", "created_by_name",
    "changed_by_name", "created_at", "updated_at",
)  # fmt: skip
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@router.get("/segments", permission="segments.read", response=schemas.SegmentList, operation_id="segments_list", summary="All segments")
def segments_list(request: Request) -> object:
    return {"items": [_out(request, one) for one in queries.every(request.workspace)]}


@router.post("/segments", permission="segments.manage", response={201: schemas.SegmentOut}, operation_id="segments_create", summary="Add a segment")
def segments_create(request: Request, body: schemas.SegmentBody) -> Status[object]:
    made = segments.create(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _one(request, made.pk))


@router.post(
    "/segments/lookup", permission="segments.manage", response=schemas.LookUpOut, operation_id="segments_look_up", summary="Whom some lines name"
)
def segments_look_up(request: Request, body: schemas.LookUpBody) -> object:
    found = queries.look_up(request.workspace, body.lines)
    return {"items": [{"line": one.line, "members": [{"id": pk, "name": name} for pk, name in one.members]} for one in found]}


@router.get(
    "/segments/{uuid:segment_id}", permission="segments.read", response=schemas.SegmentOut, operation_id="segments_get", summary="One segment"
)
def segments_get(request: Request, segment_id: uuid.UUID) -> object:
    return _one(request, segment_id)


@router.patch(
    "/segments/{uuid:segment_id}",
    permission="segments.manage",
    response=schemas.SegmentOut,
    operation_id="segments_change",
    summary="Change a segment",
)
def segments_change(request: Request, segment_id: uuid.UUID, body: schemas.SegmentChange) -> object:
    segments.change(request.workspace, actor=request.actor, segment_id=segment_id, **body.dict(exclude_unset=True))
    return _one(request, segment_id)


@router.delete(
    "/segments/{uuid:segment_id}", permission="segments.manage", response={204: None}, operation_id="segments_delete", summary="Delete a segment"
)
def segments_delete(request: Request, segment_id: uuid.UUID) -> Status[None]:
    segments.remove(request.workspace, actor=request.actor, segment_id=segment_id)
    return Status(204, None)


@router.post(
    "/segments/{uuid:segment_id}/copy",
    permission="segments.manage",
    response={201: schemas.SegmentOut},
    operation_id="segments_copy",
    summary="Another segment of the same definition",
)
def segments_copy(request: Request, segment_id: uuid.UUID, body: schemas.CopyBody) -> Status[object]:
    made = segments.copy(request.workspace, actor=request.actor, segment_id=segment_id, name=body.name)
    return Status(201, _one(request, made.pk))


@router.post(
    "/segments/{uuid:segment_id}/build",
    permission="segments.manage",
    response={202: schemas.SegmentOut},
    operation_id="segments_build",
    summary="Count a live segment in full now",
)
def segments_build(request: Request, segment_id: uuid.UUID) -> Status[object]:
    segments.rebuild(request.workspace, segment_id=segment_id)
    return Status(202, _one(request, segment_id))


@router.get(
    "/segments/{uuid:segment_id}/uses", permission="segments.read", response=schemas.UseList, operation_id="segments_uses", summary="What rests on it"
)
def segments_uses(request: Request, segment_id: uuid.UUID) -> object:
    segment = queries.one(request.workspace, segment_id).segment
    return {"items": [one.named() for one in uses.of(request.workspace, segment)]}


@router.get(
    "/segments/{uuid:segment_id}/versions",
    permission="segments.read",
    response=schemas.VersionPage,
    operation_id="segments_versions",
    summary="The conditions it has had",
)
def segments_versions(request: Request, segment_id: uuid.UUID, query: Query[schemas.PageQuery]) -> object:
    page = queries.versions(request.workspace, segment_id, cursor=query.cursor, limit=query.limit)
    names = ("version", "condition", "by_name", "at", "members_count")
    items = [
        {name: getattr(one, name) for name in names}
        | {"sentence": queries.sentence_of(request.workspace, one.condition), "community": _named(one.community)}
        for one in page.items
    ]
    return {"items": items, "next_cursor": page.next_cursor}


@router.post(
    "/segments/{uuid:segment_id}/members",
    permission="segments.manage",
    response=schemas.MembersMoved,
    operation_id="segments_put_in",
    summary="Put members into a static segment",
)
def segments_put_in(request: Request, segment_id: uuid.UUID, body: schemas.MembersBody) -> object:
    return {"members": segments.put_in(request.workspace, actor=request.actor, segment_id=segment_id, member_ids=body.member_ids)}


@router.delete(
    "/segments/{uuid:segment_id}/members",
    permission="segments.manage",
    response=schemas.MembersMoved,
    operation_id="segments_take_out",
    summary="Take members out of a static segment",
)
def segments_take_out(request: Request, segment_id: uuid.UUID, body: schemas.MembersBody) -> object:
    return {"members": segments.take_out(request.workspace, actor=request.actor, segment_id=segment_id, member_ids=body.member_ids)}


@router.post(
    "/segments/{uuid:segment_id}/exports",
    permission="members.export",
    response={202: schemas.ExportOut},
    operation_id="segments_export",
    summary="Ask for its members as a file",
)
def segments_export(request: Request, segment_id: uuid.UUID, body: schemas.ExportBody) -> Status[object]:
    return Status(202, exports.begin(request.workspace, actor=request.actor, segment_id=segment_id, kind=body.format, language=request.language))


@router.get(
    "/segment-exports/{uuid:export_id}",
    permission="members.export",
    response=schemas.ExportOut,
    operation_id="segment_exports_get",
    summary="How far a file is",
)
def segment_exports_get(request: Request, export_id: uuid.UUID) -> object:
    return queries.export(request.workspace, export_id)


@router.delete(
    "/segment-exports/{uuid:export_id}",
    permission="members.export",
    response=schemas.ExportOut,
    operation_id="segment_exports_cancel",
    summary="Stop writing a file",
)
def segment_exports_cancel(request: Request, export_id: uuid.UUID) -> object:
    exports.cancel(request.workspace, export_id=export_id)
    return queries.export(request.workspace, export_id)


@router.get(
    "/segment-exports/{uuid:export_id}/file",
    permission="members.export",
    operation_id="segment_exports_file",
    summary="The file",
    openapi_extra={
        "responses": {
            200: {"description": "CSV or XLSX", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def segment_exports_file(request: Request, export_id: uuid.UUID) -> FileResponse:
    found = queries.finished_export(request.workspace, export_id)
    name = f"segment-{found.created_at:%Y%m%d-%H%M}.{found.format}"
    return FileResponse(exporting.path_of(found).open("rb"), as_attachment=True, filename=name, content_type=_TYPES[found.format])


def _one(request: Request, segment_id: uuid.UUID) -> dict[str, object]:
    return _out(request, queries.one(request.workspace, segment_id))


def _named(community: Any) -> dict[str, object] | None:
    return None if community is None else {"id": community.pk, "name": community.name}


def _out(request: Request, shown: queries.Shown) -> dict[str, object]:
    segment = shown.segment
    return {name: getattr(segment, name) for name in _FIELDS} | {
        "sentence": shown.sentence,
        "community": _named(segment.community),
        "state": shown.state,
        "problems": [{"field": one["field"], "message": one["message"][request.language]} for one in shown.problems],
        "uses_count": shown.uses_count,
        "trend": shown.trend,
    }
