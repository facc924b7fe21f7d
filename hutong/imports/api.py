"""The HTTP operations of imports."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Query, Status
from ninja.files import UploadedFile

from hutong.imports import actions, queries
from hutong.imports.schemas import CreateQuery, FormatOut, ImportChange, ImportDetail, ImportOut, ImportPage, PageQuery, RejectPage
from hutong.workspaces.access import Request, Router

router = Router(tags=["imports"])


@router.get("/imports", permission="imports.run", response={200: ImportPage}, operation_id="imports_list", summary="List imports, newest first")
def imports_list(request: Request, query: Query[PageQuery]) -> dict[str, object]:
    page = queries.recent(request.workspace, cursor=query.cursor, limit=query.limit)
    return {"items": [queries.brief(batch, request.language) for batch in page.items], "next_cursor": page.next_cursor}


@router.get(
    "/imports/formats",
    permission="imports.run",
    response={200: list[FormatOut]},
    operation_id="imports_formats",
    summary="List the formats that can be read",
)
def imports_formats(request: Request) -> list[dict[str, object]]:
    return queries.formats_known(request.language)


@router.post(
    "/imports",
    permission="imports.run",
    response={201: ImportDetail},
    operation_id="imports_create",
    summary="Drop the files of one history, or a list of members or orders",
    description="Multipart. A history may have many files, a list (CSV or xlsx) is one. The files are stored, their format is found out and the beginning is shown; nothing is added yet.",
)
def imports_create(request: Request, files: File[list[UploadedFile]], query: Query[CreateQuery]) -> Status[dict[str, object]]:
    batch = actions.create(request.workspace, actor=request.actor, files=files, encoding=query.encoding, kind=query.kind)
    return Status(201, queries.detail(batch, request.language))


@router.get(
    "/imports/{import_id}",
    permission="imports.run",
    response={200: ImportDetail},
    operation_id="imports_get",
    summary="One import with its preview, counts and progress",
)
def imports_get(request: Request, import_id: UUID) -> dict[str, object]:
    return queries.detail(queries.get(request.workspace, import_id=import_id), request.language)


@router.get(
    "/imports/{import_id}/progress",
    permission="imports.run",
    response={200: ImportOut},
    operation_id="imports_progress",
    summary="How far an import is (light, for polling)",
)
def imports_progress(request: Request, import_id: UUID) -> dict[str, object]:
    return queries.brief(queries.get(request.workspace, import_id=import_id), request.language)


@router.patch(
    "/imports/{import_id}",
    permission="imports.run",
    response={200: ImportDetail},
    operation_id="imports_change",
    summary="Change choices; the preview follows",
)
def imports_change(request: Request, import_id: UUID, body: ImportChange) -> dict[str, object]:
    batch = actions.change(request.workspace, actor=request.actor, import_id=import_id, changes=body.dict(exclude_unset=True))
    return queries.detail(batch, request.language)


@router.post(
    "/imports/{import_id}/check",
    permission="imports.run",
    response={202: ImportOut},
    operation_id="imports_check",
    summary="Read everything once and count; a job",
)
def imports_check(request: Request, import_id: UUID) -> Status[dict[str, object]]:
    return Status(202, queries.brief(actions.check(request.workspace, actor=request.actor, import_id=import_id), request.language))


@router.post(
    "/imports/{import_id}/run",
    permission="imports.run",
    response={202: ImportOut},
    operation_id="imports_run",
    summary="Start a checked import, or go on with a failed one; a job",
    description="Refused while something cannot be read, unless keep_good_rows is chosen. Imports of one workspace go one after the other.",
)
def imports_run(request: Request, import_id: UUID) -> Status[dict[str, object]]:
    return Status(202, queries.brief(actions.run(request.workspace, actor=request.actor, import_id=import_id), request.language))


@router.post(
    "/imports/{import_id}/cancel",
    permission="imports.run",
    response={202: ImportOut},
    operation_id="imports_cancel",
    summary="Stop and take out what this import added",
)
def imports_cancel(request: Request, import_id: UUID) -> Status[dict[str, object]]:
    return Status(202, queries.brief(actions.cancel(request.workspace, actor=request.actor, import_id=import_id), request.language))


@router.post(
    "/imports/{import_id}/undo",
    permission="imports.run",
    response={202: ImportOut},
    operation_id="imports_undo",
    summary="Take out what a finished import added; a job",
)
def imports_undo(request: Request, import_id: UUID) -> Status[dict[str, object]]:
    return Status(202, queries.brief(actions.undo(request.workspace, actor=request.actor, import_id=import_id), request.language))


@router.delete(
    "/imports/{import_id}",
    permission="imports.run",
    response={204: None},
    operation_id="imports_discard",
    summary="Discard an import that has not started, or forget one that left nothing",
)
def imports_discard(request: Request, import_id: UUID) -> Status[None]:
    actions.discard(request.workspace, actor=request.actor, import_id=import_id)
    return Status(204, None)


@router.get(
    "/imports/{import_id}/rejects",
    permission="imports.run",
    response={200: RejectPage},
    operation_id="imports_rejects",
    summary="What could not be read, in the order of the files",
)
def imports_rejects(request: Request, import_id: UUID, query: Query[PageQuery]) -> dict[str, object]:
    batch = queries.get(request.workspace, import_id=import_id)
    return queries.rejects_page(batch, language=request.language, cursor=query.cursor, limit=query.limit)


@router.get(
    "/imports/{import_id}/rejects.csv",
    permission="imports.run",
    operation_id="imports_rejects_csv",
    summary="What could not be read, as CSV for a spreadsheet",
    openapi_extra={
        "responses": {
            200: {"description": "file, line, reason, excerpt; safe in spreadsheets", "content": {"text/csv": {"schema": {"type": "string"}}}}
        }
    },
)
def imports_rejects_csv(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    batch = queries.get(request.workspace, import_id=import_id)  # type: ignore[attr-defined]
    response = StreamingHttpResponse(queries.rejects_csv(batch, request.language), content_type="text/csv; charset=utf-8")  # type: ignore[attr-defined]
    response.headers["Content-Disposition"] = f'attachment; filename="rejects-{batch.pk}.csv"'
    return response
