"""Reads of imports, shaped for whoever shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from hutong.communities.models import Group
from hutong.foundation import clock
from hutong.foundation.errors import NotFound
from hutong.foundation.pages import Page, paginate
from hutong.foundation.spreadsheets import csv_chunks
from hutong.imports import formats
from hutong.imports.actions import choices, steps
from hutong.imports.models import HISTORY, Import, ImportReject
from hutong.imports.tables import choices as lists
from hutong.imports.tables import shown
from hutong.imports.wording import text
from hutong.workspaces.models import Workspace

FILES_SHOWN = 20
REJECT_HEADER = {"zh": ("文件", "行", "原因", "原文"), "en": ("file", "line", "reason", "excerpt")}


def recent(workspace: Workspace, *, cursor: str | None, limit: int) -> Page[Import]:
    """Imports, newest first."""
    rows = Import.objects.in_workspace(workspace).select_related("community", "group")
    return paginate(rows, order=["-created_at", "-id"], cursor=cursor, limit=limit)


def get(workspace: Workspace, *, import_id: UUID) -> Import:
    """One import. Raises NotFound."""
    batch = Import.objects.in_workspace(workspace).select_related("community", "group").filter(pk=import_id).first()
    if batch is None:
        raise NotFound("import")
    return batch


def formats_known(language: str) -> list[dict[str, Any]]:
    """Every format that can be read."""
    return [
        {
            "name": one.name,
            "title": one.title[language],
            "channel": "" if choices.is_table(one.name) else one.channel,
            "extensions": list(one.extensions),
            "needs_mapping": choices.is_table(one.name),
        }
        for one in formats.FORMATS
    ]


def brief(batch: Import, language: str) -> dict[str, Any]:
    """An import as a list shows it."""
    group_ids = (batch.made.get("groups") or {}).values()
    groups = (
        Group.objects.in_workspace(batch.workspace_id).filter(pk__in=set(list(group_ids)[: choices.GROUPS_SHOWN_MAX])).order_by("name")
        if group_ids
        else ()
    )
    return {
        "id": batch.pk,
        "kind": batch.kind,
        "state": batch.state,
        "files": batch.files[:FILES_SHOWN],
        "file_count": len(batch.files),
        "bytes": sum(one["bytes"] for one in batch.files),
        "format": batch.format,
        "title": _title(batch, language),
        "community": _named(batch.community),
        "group": _named(batch.group),
        "groups": [_named(group) for group in groups],
        "progress": _progress(batch),
        "error": {"code": batch.error_code, "message": text(batch.error_code, batch.error_params, language)} if batch.error_code else None,
        "steps": steps.possible(batch),
        "created_by_name": batch.created_by_name,
        "created_at": batch.created_at,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
    }


def detail(batch: Import, language: str) -> dict[str, Any]:
    """An import with everything needed to decide about it."""
    preview = batch.detection["preview"]
    return brief(batch, language) | {
        "detection": batch.detection | {"title": _title(batch, language)},
        "options": batch.options,
        "keep_good_rows": batch.keep_good_rows,
        "missing": choices.missing(batch),
        "preview": {
            "records": [record | {"at": clock.from_ms(record["at_ms"])} for record in preview["records"]],
            "rejects": [_reject(one["file"], one["line"], one["code"], one["params"], one["excerpt"], language) for one in preview["rejects"]],
        },
        "checked": _checked(batch, language) if batch.kind == HISTORY else None,
        "table": None if batch.kind == HISTORY else shown.detail(batch, language),
    }


def rejects_page(batch: Import, *, language: str, cursor: str | None, limit: int) -> dict[str, Any]:
    """What could not be read, in the order of the files."""
    page = paginate(ImportReject.objects.filter(batch=batch), order=["id"], cursor=cursor, limit=limit)
    return {
        "items": [_reject(one.file, one.line, one.code, one.params, one.excerpt, language) for one in page.items],
        "next_cursor": page.next_cursor,
    }


def rejects_csv(batch: Import, language: str) -> Iterator[str]:
    """The whole report as a spreadsheet; the last line says how many more there are than are kept."""
    return csv_chunks(REJECT_HEADER[language], _reject_rows(batch, language))


def _reject_rows(batch: Import, language: str) -> Iterator[tuple[str, int | str, str, str]]:
    rows = ImportReject.objects.filter(batch=batch).order_by("id")
    kept = 0
    for one in rows.iterator(chunk_size=1000):
        kept += 1
        yield one.file, one.line, text(one.code, one.params, language), one.excerpt
    more = (shown.listed(batch) if batch.kind != HISTORY else batch.checked.get("rejected", 0)) - kept
    if more > 0:
        yield "", "", {"zh": f"另有 {more} 处未列出", "en": f"{more} more are not listed"}[language], ""


def _title(batch: Import, language: str) -> str:
    return formats.format_named(batch.format).title[language] if batch.kind == HISTORY else lists.title(batch, language)


def _named(row: Any) -> dict[str, Any] | None:
    return None if row is None else {"id": row.pk, "name": row.name}


def _reject(file: str, line: int, code: str, params: dict[str, Any], excerpt: str, language: str) -> dict[str, Any]:
    return {"file": file, "line": line, "code": code, "message": text(code, params, language), "excerpt": excerpt}


def _checked(batch: Import, language: str) -> dict[str, Any] | None:
    found: dict[str, Any] = batch.checked
    if not found:
        return None
    reasons = [{"code": code, "message": text(code, one["params"], language), "count": one["count"]} for code, one in found["reasons"].items()]
    return found | {
        "first_at": None if found["first_ms"] is None else clock.from_ms(found["first_ms"]),
        "last_at": None if found["last_ms"] is None else clock.from_ms(found["last_ms"]),
        "reasons": sorted(reasons, key=lambda reason: -int(reason["count"])),
        "groups": [{"name": name} | counts for name, counts in found["groups"].items()],
    }


def _progress(batch: Import) -> dict[str, Any] | None:
    found = batch.progress
    if "phase" not in found:
        return None
    seconds = found["seconds"]
    share = found["bytes_read"] / found["bytes_total"] if found["bytes_total"] else 0.0
    left = round(seconds / share - seconds) if 0.02 < share < 1 and batch.state in steps.WORKING else None
    return {
        **{name: found[name] for name in ("phase", "bytes_read", "bytes_total", "records_read", "added", "already_there", "rejected")},
        "percent": 100.0 if batch.state == "done" else min(99.9, round(share * 100, 1)),
        "records_per_second": round(found["records_read"] / seconds) if seconds > 0 else 0,
        "seconds_left": left,
        "seconds": round(seconds, 1),
    }
