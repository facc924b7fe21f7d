"""The audit log: read, filtered, exported."""

from __future__ import annotations

import json

from django.http import StreamingHttpResponse
from ninja import Query

from hutong.foundation import clock, spreadsheets
from hutong.workspaces import queries, schemas
from hutong.workspaces.access import Request
from hutong.workspaces.api.routing import router

CSV_COLUMNS = ("at", "actor_kind", "actor_id", "actor_name", "action", "target_kind", "target_id", "target_name", "details")


@router.get("/audit", permission="audit.read", response=schemas.AuditPage, operation_id="audit_list", summary="The audit log, newest first")
def audit_list(request: Request, query: Query[schemas.AuditPageQuery]) -> object:
    return queries.audit_entries(request.workspace, wanted=_wanted(query), cursor=query.cursor, limit=query.limit)


@router.get(
    "/audit/names", permission="audit.read", response=schemas.AuditNames, operation_id="audit_names", summary="What the audit log can be filtered by"
)
def audit_names(request: Request) -> object:
    return queries.audit_names(request.workspace)


@router.get(
    "/audit/export",
    permission="audit.read",
    operation_id="audit_export",
    summary="The audit log as CSV (at most 100,000 entries)",
    openapi_extra={"responses": {200: {"description": "CSV", "content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def audit_export(request: Request, query: Query[schemas.AuditQuery]) -> StreamingHttpResponse:
    entries = queries.audit_export(request.workspace, wanted=_wanted(query))
    rows = (
        (
            one.at.isoformat(),
            one.actor_kind,
            one.actor_id,
            one.actor_name,
            one.action,
            one.target_kind,
            one.target_id,
            one.target_name,
            _flat(one.details),
        )
        for one in entries
    )
    response = StreamingHttpResponse(spreadsheets.csv_chunks(CSV_COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-{clock.now():%Y%m%d}.csv"'
    return response


def _wanted(query: schemas.AuditQuery) -> queries.AuditFilter:
    return queries.AuditFilter(
        actor_id=query.actor_id,
        action=query.action,
        target_kind=query.target_kind,
        target_id=query.target_id,
        from_day=query.from_day,
        to_day=query.to_day,
    )


def _flat(details: dict[str, object]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True) if details else ""
