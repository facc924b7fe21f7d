"""Writing a segment's members into a file, with progress; files are kept for a day."""

from __future__ import annotations

import csv
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from hutong.foundation import clock, spreadsheets
from hutong.foundation.jobs.running import JobCancelled, checkpoint
from hutong.members.actions import attributes
from hutong.members.models import Attribute, AttributeValue
from hutong.members.queries import lists
from hutong.segments import belonging
from hutong.segments.models import SegmentExport

WRITTEN_TOGETHER = 500
KEPT_HOURS = 24
XLSX_TEXT_MAX = 32_767
COLUMNS = {
    "zh": ("编号", "名字", "渠道", "社群", "加入时间", "离开时间", "最近活跃", "消息数", "标签"),
    "en": ("Id", "Name", "Channels", "Communities", "Joined", "Left", "Last active", "Messages", "Tags"),
}

Line = list[Any]


def perform(export_id: uuid.UUID) -> None:
    """Write the file, from the start if that was broken off."""
    export = SegmentExport.objects.across_workspaces().select_related("segment", "workspace").filter(pk=export_id, state="running").first()
    if export is None:
        return
    rows = SegmentExport.objects.in_workspace(export.workspace_id).filter(pk=export.pk)

    def written(count: int) -> None:
        checkpoint()
        if not rows.filter(state="running").update(members_written=count):
            raise JobCancelled("segment.export")

    place = path_of(export)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    writing = place.with_suffix(".writing")
    try:
        (_xlsx if export.format == "xlsx" else _csv)(writing, _lines(export), written)
        writing.replace(place)
        rows.filter(state="running").update(state="done", finished_at=clock.now())
    except JobCancelled:
        rows.filter(state="running").update(state="cancelled", finished_at=clock.now())
    finally:
        writing.unlink(missing_ok=True)


def path_of(export: SegmentExport) -> Path:
    """Where the file lies."""
    return Path(settings.DATA_DIR) / "exports" / f"{export.pk}.{export.format}"


def sweep() -> None:
    """Every hour: files older than a day go."""
    before = clock.now() - dt.timedelta(hours=KEPT_HOURS)
    for export in SegmentExport.objects.across_workspaces().filter(created_at__lt=before, state__in=["done", "failed", "running"]):
        path_of(export).unlink(missing_ok=True)
        SegmentExport.objects.in_workspace(export.workspace_id).filter(pk=export.pk).update(state="expired")


def _lines(export: SegmentExport) -> Iterator[Line]:
    workspace, language = export.workspace, export.language
    attributes.ensure_standard(workspace.pk)
    kinds = list(Attribute.objects.in_workspace(workspace).order_by("-is_standard", "created_at", "key"))
    yield [*COLUMNS[language], *((one.name_en if language == "en" else one.name_zh) for one in kinds)]
    found = lists.every(workspace, wanted=lists.MemberFilter(among=[f"segment:{export.segment_id}"]))
    while some := list(islice(found, WRITTEN_TOGETHER)):
        members = [line.member.pk for line in some]
        values: dict[tuple[uuid.UUID, uuid.UUID], Any] = {}
        rows = AttributeValue.objects.in_workspace(workspace).filter(member_id__in=members)
        for member_id, attribute_id, value in rows.values_list("member_id", "attribute_id", "value"):
            values[member_id, attribute_id] = value
        tags = belonging.tag_names(workspace, members)
        for line in some:
            member = line.member
            yield [
                str(member.pk), member.name, ", ".join(line.channels), ", ".join(name for _, name in line.communities),
                _iso(line.joined_at), _iso(line.left_at), _iso(line.last_active_at), line.messages, tags.get(member.pk, ""),
                *(_said(values.get((member.pk, one.pk))) for one in kinds),
            ]  # fmt: skip


def _csv(place: Path, lines: Iterator[Line], written: Callable[[int], None]) -> None:
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for number, line in enumerate(lines):
            writer.writerow([spreadsheets.cell(one) for one in line])
            if number % WRITTEN_TOGETHER == 0:
                written(number)
    written(number)


def _xlsx(place: Path, lines: Iterator[Line], written: Callable[[int], None]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("members")
    for number, line in enumerate(lines):
        sheet.append([spreadsheets.sheet_cell(one)[:XLSX_TEXT_MAX] if isinstance(one, str) else one for one in line])
        if number % WRITTEN_TOGETHER == 0:
            written(number)
    written(number)
    book.save(place)


def _said(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _iso(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat().replace("+00:00", "Z")
