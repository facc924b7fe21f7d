"""Files of rules, in and out."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, StreamingHttpResponse
from ninja import File, Query, Status
from ninja.files import UploadedFile

from hutong.foundation import spreadsheets
from hutong.replies import schemas
from hutong.replies.actions import files
from hutong.replies.api import MANAGE, READ, router
from hutong.replies.queries import rules as queries
from hutong.workspaces.access import Request

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.post(
    "/keyword-replies/files",
    permission=MANAGE,
    response={202: schemas.ReplyFileOut},
    operation_id="reply_files_upload",
    summary="Have a file of rules checked; nothing is taken in yet",
)
def reply_files_upload(request: Request, file: File[UploadedFile]) -> Status[object]:
    made = files.upload(request.workspace, actor=request.actor, file=file)
    return Status(202, queries.file(request.workspace, made.pk))


@router.get(
    "/keyword-replies/files/{uuid:reply_file_id}",
    permission=READ,
    response=schemas.ReplyFileOut,
    operation_id="reply_files_get",
    summary="How far a file is, and what is wrong in it",
)
def reply_files_get(request: Request, reply_file_id: uuid.UUID) -> object:
    return queries.file(request.workspace, reply_file_id)


@router.put(
    "/keyword-replies/files/{uuid:reply_file_id}/import",
    permission=MANAGE,
    response={202: schemas.ReplyFileOut},
    operation_id="reply_files_import",
    summary="Take in a file that was checked, whole or not at all",
)
def reply_files_import(request: Request, reply_file_id: uuid.UUID) -> Status[object]:
    files.begin(request.workspace, actor=request.actor, file_id=reply_file_id)
    return Status(202, queries.file(request.workspace, reply_file_id))


@router.get(
    "/keyword-replies/export",
    permission=READ,
    operation_id="replies_export",
    summary="Every rule as a file, which can be imported again",
    openapi_extra={
        "responses": {
            200: {"description": "CSV or XLSX", "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/csv", _XLSX)}}
        }
    },
)
def replies_export(request: Request, query: Query[schemas.ReplyExportQuery]) -> HttpResponse | StreamingHttpResponse:
    name = {"Content-Disposition": f'attachment; filename="keyword-replies.{query.format}"'}
    if query.format == "xlsx":
        return HttpResponse(files.exported_xlsx(request.workspace, language=request.language), content_type=_XLSX, headers=name)
    rows = files.exported(request.workspace, language=request.language)
    return StreamingHttpResponse(spreadsheets.csv_chunks(next(rows), rows), content_type="text/csv; charset=utf-8", headers=name)
