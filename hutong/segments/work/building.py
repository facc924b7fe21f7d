"""Counting a live segment in full: after its definition changed, after history changed, and on each new day.

Written in batches that leave other writers room; broken off, it is begun anew and writes what is still missing.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Iterable

from django.db import transaction

from hutong.events import queries
from hutong.foundation import clock
from hutong.foundation.jobs.running import JobCancelled, JobInterrupted, checkpoint
from hutong.members import projection
from hutong.members.bulk import chunks
from hutong.segments import vocabulary, watching
from hutong.segments.actions import membership
from hutong.segments.conditions import every, reading
from hutong.segments.conditions.reading import ConditionRefused
from hutong.segments.conditions.values import Today
from hutong.segments.models import Segment, SegmentDay, SegmentMember, SegmentVersion

WRITTEN_TOGETHER = 5_000
COUNT_SECONDS_MAX = 120

logger = logging.getLogger("hutong.segments")
_alone = threading.Lock()


def perform(segment_id: uuid.UUID, *, because: str, asked_ms: int) -> None:
    """Count one live segment. `because`: edit | history | time. Nothing is done when a count of this version began after it was asked for."""
    with _alone:
        row = Segment.objects.across_workspaces().select_related("workspace", "community").filter(pk=segment_id, kind="live").first()
        if row is None or _is_counted_since(row, asked_ms):
            return
        words = vocabulary.of(row.workspace)
        try:
            condition = reading.read(row.condition, words, own_segment=str(row.pk))
        except ConditionRefused as error:
            Segment.objects.in_workspace(row.workspace_id).filter(pk=row.pk).update(state="stale", problems=error.errors)
            return
        asked = watching.begin(row.pk)
        try:
            _count(
                row,
                every.members(
                    condition,
                    words,
                    workspace_id=str(row.workspace_id),
                    time_zone=row.workspace.time_zone,
                    today=Today(_today(row)),
                    among=every.PEOPLE,
                ),
                because,
                asked,
            )
        except (JobCancelled, JobInterrupted):  # it made way, and is taken up again: still being counted
            raise
        except Exception:  # whatever it was, the page says that the members shown are the last ones; the job tries again
            Segment.objects.in_workspace(row.workspace_id).filter(pk=row.pk, version=row.version).update(state="failed")
            raise
        finally:
            watching.end(row.pk, asked)


def _is_counted_since(row: Segment, asked_ms: int) -> bool:
    if row.built_version != row.version or row.built_at is None or row.state != "ready":
        return False
    return clock.to_ms(row.built_at) - row.build_seconds * 1000 >= asked_ms


def _count(row: Segment, statement: every.Statement, because: str, asked: set[str]) -> None:
    began, day = clock.monotonic_seconds(), _today(row)
    queries.await_shipped()
    text = f"SELECT replaceAll(toString(member_id), '-', '') FROM ({statement.text})"
    found = {member for (member,) in queries.rows(text, statement.parameters, timeout_seconds=COUNT_SECONDS_MAX)}
    there = _present(row)
    entered, left = found - there, there - found
    size = len(found)
    del found, there
    kind = "time" if because == "time" else "edit"
    changed = 0
    for members, is_entering in ((entered, True), (left, False)):
        for some in chunks(sorted(members), size=WRITTEN_TOGETHER):
            checkpoint()
            changed += _write(row, some, is_entering=is_entering, kind=kind, asked=asked)
    if because == "check" and changed:
        logger.error("a segment had to be corrected", extra={"segment": str(row.pk), "members": changed})
    _finish(row, size=size, seconds=clock.monotonic_seconds() - began, day=day)


def _present(row: Segment) -> set[str]:
    rows = SegmentMember.objects.in_workspace(row.workspace_id).filter(segment=row).values_list("member_id", flat=True)
    return {member_id.hex for member_id in rows.iterator(chunk_size=20_000)}


def _write(row: Segment, some: Iterable[str], *, is_entering: bool, kind: str, asked: set[str]) -> int:
    """Members who were asked meanwhile are left as that answer has them; who is asked in this very moment is asked once more."""
    now = clock.now()
    members = [uuid.UUID(one) for one in some]
    with transaction.atomic():
        if asked:
            members = [member_id for member_id in members if str(member_id) not in asked]
        changed = membership.change(
            membership.Outcome(
                workspace_id=row.workspace_id, segment_id=row.pk, day=_today(row), at=now,
                entered=members if is_entering else [], left=[] if is_entering else members,
                told=frozenset(members) if kind == "time" else frozenset(), because=kind,
            )
        )  # fmt: skip
    if asked and (overlap := [member_id for member_id in members if str(member_id) in asked]):
        projection.mark_people(row.workspace_id, overlap)
    return changed


def _finish(row: Segment, *, size: int, seconds: float, day: dt.date) -> None:
    now = clock.now()
    with transaction.atomic():
        rows = Segment.objects.in_workspace(row.workspace_id).filter(pk=row.pk)
        count = SegmentMember.objects.in_workspace(row.workspace_id).filter(segment=row).count()
        rows.update(members_count=count)
        done = {"built_version": row.version, "built_day": day, "built_at": now, "build_seconds": seconds, "state": "ready", "problems": []}
        rows.filter(version=row.version).update(**done)
        SegmentVersion.objects.in_workspace(row.workspace_id).filter(segment=row, version=row.version).update(members_count=count)
        days = SegmentDay.objects.in_workspace(row.workspace_id)
        days.update_or_create(workspace_id=row.workspace_id, segment=row, day=_today(row), defaults={"members": count})
    logger.info("segment counted", extra={"segment": str(row.pk), "members": size, "seconds": round(seconds, 3)})


def _today(row: Segment) -> dt.date:
    return clock.local_date(clock.now(), row.community.time_zone if row.community else row.workspace.time_zone)
