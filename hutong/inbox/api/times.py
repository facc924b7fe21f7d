"""Response times, as JSON or as a CSV file with a line for each person, channel and day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import Query

from hutong.inbox import schemas
from hutong.inbox.api import router
from hutong.inbox.queries import times as queries
from hutong.inbox.queries.times import Line, Times, Whose
from hutong.reports import files
from hutong.reports.schemas import RangeFilters
from hutong.workspaces.access import Request

CSV: dict[str, Any] = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
HEADINGS = (
    "by",
    "name",
    "opened",
    "answered",
    "first_response_median",
    "first_response_p90",
    "closed",
    "resolution_median",
    "resolution_p90",
    "waiting",
)


@router.get(
    "/inbox/times",
    permission="reports.read",
    response=schemas.TimesOut,
    operation_id="inbox_times",
    summary="First response and resolution: median and 90th percentile by staff, channel and day; who waits now",
    openapi_extra=CSV,
)
def inbox_times(request: Request, asked: Query[RangeFilters]) -> Any:
    whose = Whose(community_id=asked.community, group_ids=asked.group, channel=asked.channel)
    found = queries.times(request.workspace, whose, first=asked.from_, last=asked.to)
    if files.is_wanted(request, asked.format):
        return files.file(request, "response-times", HEADINGS, _lines(found))
    return {
        "first": found.range.first,
        "last": found.range.last,
        "time_zone": request.workspace.time_zone,
        "unit": found.unit,
        "total": _line(found.total),
        "longest_waiting_since": found.longest_since,
        "staff": [{"staff": {"id": pk, "name": name} if pk else None, **_line(line)} for pk, name, line in found.staff],
        "channels": [{"channel": channel, **_line(line)} for channel, line in found.channels],
        "days": [{"first": one.first, "last": one.last, **_line(line)} for one, line in found.days],
    }


def _line(line: Line) -> dict[str, Any]:
    return {"opened": line.opened, "first_response": line.first_response, "resolution": line.resolution, "waiting": line.waiting}


def _lines(found: Times) -> Iterator[tuple[Any, ...]]:
    yield "total", "", *_cells(found.total)
    for _, name, line in found.staff:
        yield "staff", name, *_cells(line)
    for channel, line in found.channels:
        yield "channel", channel, *_cells(line)
    for one, line in found.days:
        yield found.unit, one.first.isoformat(), *_cells(line)


def _cells(line: Line) -> tuple[Any, ...]:
    first, closing = line.first_response, line.resolution
    return line.opened, first.count, first.median, first.p90, closing.count, closing.median, closing.p90, line.waiting
