"""Segments as lists and pages show them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hutong.foundation import clock, pages
from hutong.foundation.errors import NotFound
from hutong.members.models import AttributeValue, Identity, Member
from hutong.segments import vocabulary
from hutong.segments.conditions import reading, sentences
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.vocabulary import Vocabulary
from hutong.segments.errors import ExportNotReady
from hutong.segments.models import Segment, SegmentDay, SegmentExport, SegmentVersion
from hutong.segments.queries import uses
from hutong.workspaces.models import Workspace

TREND_DAYS = 8  # sizes in lists: a week ago until today
LOOKED_UP_MAX = 5_000
SHOWN_OF_SEVERAL = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A segment with what is said beside it. `state` is stale as soon as its condition names something that is gone."""

    segment: Segment
    state: str
    problems: list[dict[str, Any]]
    sentence: dict[str, str] | None
    uses_count: int
    trend: list[int]


def every(workspace: Workspace) -> list[Shown]:
    """All segments, the latest changed first."""
    rows = list(Segment.objects.in_workspace(workspace).select_related("community").order_by("-updated_at", "-pk"))
    return _shown(workspace, rows)


def one(workspace: Workspace, segment_id: uuid.UUID) -> Shown:
    """One segment. Raises NotFound."""
    row = Segment.objects.in_workspace(workspace).select_related("community").filter(pk=segment_id).first()
    if row is None:
        raise NotFound("segment")
    return _shown(workspace, [row])[0]


def _shown(workspace: Workspace, rows: Sequence[Segment]) -> list[Shown]:
    words = vocabulary.of(workspace)
    used = uses.counts(workspace)
    trends = _trends(workspace, rows)
    found = []
    for row in rows:
        sentence, problems = _said(row.condition, words) if row.kind == "live" else (None, [])
        state = "stale" if problems else "building" if row.state == "stale" else row.state
        found.append(Shown(row, state, problems, sentence, used.get(str(row.pk), 0), trends[row.pk]))
    return found


def _said(condition: Any, words: Vocabulary) -> tuple[dict[str, str] | None, list[dict[str, Any]]]:
    try:
        read = reading.read(condition, words)
    except ConditionRefused as error:
        return None, error.errors
    return {language: sentences.sentence(read, words, language) for language in ("zh", "en")}, []


def _trends(workspace: Workspace, rows: Sequence[Segment]) -> dict[uuid.UUID, list[int]]:
    """The size at the end of each of the last days, gaps filled with the day before; today's is the present one."""
    today = clock.local_date(clock.now(), workspace.time_zone)
    first = today - dt.timedelta(days=TREND_DAYS - 1)
    kept: dict[uuid.UUID, dict[dt.date, int]] = {}
    days = SegmentDay.objects.in_workspace(workspace).filter(segment__in=rows, day__gte=first)
    for segment_id, day, members in days.values_list("segment_id", "day", "members"):
        kept.setdefault(segment_id, {})[day] = members
    found = {}
    for row in rows:
        of, sizes, last = kept.get(row.pk, {}), [], 0
        for number in range(TREND_DAYS - 1):
            last = of.get(first + dt.timedelta(days=number), last)
            sizes.append(last)
        found[row.pk] = [*sizes, row.members_count]
    return found


def versions(workspace: Workspace, segment_id: uuid.UUID, *, cursor: str | None, limit: int) -> pages.Page[SegmentVersion]:
    """The conditions it has had and whose days they meant, the latest first."""
    one(workspace, segment_id)
    rows = SegmentVersion.objects.in_workspace(workspace).select_related("community").filter(segment_id=segment_id)
    return pages.paginate(rows, order=["-version", "-id"], cursor=cursor, limit=limit)


def sentence_of(workspace: Workspace, condition: Any) -> dict[str, str] | None:
    """A former condition in words; None where it names something that is gone, or there is none."""
    return None if condition is None else _said(condition, vocabulary.of(workspace))[0]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What one line names: nobody, one member, or several."""

    line: str
    members: list[tuple[uuid.UUID, str]]


def look_up(workspace: Workspace, lines: Sequence[str]) -> list[LookedUp]:
    """Members by id, identity on a channel, e-mail or phone, or by their whole name; in the order given, each line once."""
    wanted = list(dict.fromkeys(clean for line in lines if (clean := line.strip())))[:LOOKED_UP_MAX]
    found: dict[str, dict[uuid.UUID, None]] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        uuids = {parsed: line for line in some if (parsed := _uuid(line)) is not None}
        members = Member.objects.in_workspace(workspace).filter(merged_into=None)
        pairs: list[tuple[str, uuid.UUID]] = [(uuids[pk], pk) for pk in members.filter(pk__in=list(uuids)).values_list("pk", flat=True)]
        pairs += Identity.objects.in_workspace(workspace).filter(external_id__in=some).values_list("external_id", "member_id")
        pairs += (
            AttributeValue.objects.in_workspace(workspace)
            .filter(attribute__key__in=["email", "phone"], value__in=some)
            .values_list("value", "member_id")
        )
        pairs += members.filter(name__in=some).values_list("name", "pk")
        for line, member_id in pairs:
            found.setdefault(line, {})[member_id] = None
    ids = {member_id for members_of in found.values() for member_id in members_of}
    names: dict[uuid.UUID, str] = {}
    for chunk in [list(ids)[start : start + 500] for start in range(0, len(ids), 500)]:
        names.update(Member.objects.in_workspace(workspace).filter(pk__in=chunk).values_list("pk", "name"))
    return [LookedUp(line, [(pk, names[pk]) for pk in list(found.get(line, {}))[:SHOWN_OF_SEVERAL] if pk in names]) for line in wanted]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def export(workspace: Workspace, export_id: uuid.UUID) -> SegmentExport:
    """One export. Raises NotFound."""
    found = SegmentExport.objects.in_workspace(workspace).select_related("segment").filter(pk=export_id).first()
    if found is None:
        raise NotFound("export")
    return found


def finished_export(workspace: Workspace, export_id: uuid.UUID) -> SegmentExport:
    """One whose file is there. Raises ExportNotReady."""
    found = export(workspace, export_id)
    if found.state != "done":
        raise ExportNotReady()
    return found
