"""Long work on journeys, piece by piece, each piece one transaction with how far it is: it may be killed and goes on."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.db import transaction
from django.db.models import F

from hutong.automations.journeys import compiled, entering, keeping
from hutong.automations.journeys.compiled import Way
from hutong.automations.journeys.entering import Coming
from hutong.automations.models import DryRun, Enrolment, Journey, JourneyVersion, NodeCount, Start, Step
from hutong.channels.actions import lanes
from hutong.foundation import clock
from hutong.foundation.acting import NOTHING, Occasion
from hutong.foundation.jobs.running import checkpoint
from hutong.segments.models import SegmentMember

LET_IN_TOGETHER = 2_000
MOVED_TOGETHER = 1_000
REMOVED_TOGETHER = 5_000


def way_of(version: JourneyVersion) -> Way:
    """A version, compiled."""
    return compiled.of_version(version, now_seconds=clock.monotonic_seconds())


def start(start_id: uuid.UUID) -> None:
    """Let in whom somebody chose, until all were looked at."""
    while one_piece(start_id):
        checkpoint()


def one_piece(start_id: uuid.UUID) -> bool:
    """The next people of a start, in one transaction. False when there are no more."""
    before = Start.objects.across_workspaces().select_related("journey").filter(pk=start_id, state="running").first()
    if before is None:
        return False
    version = _published(before)
    if version is None:
        Start.objects.across_workspaces().filter(pk=start_id, state="running").update(state="cancelled", finished_at=clock.now())
        return False
    members = _next(before)
    now = clock.now()
    entry, occasion = before.pk.hex, _occasion(before)
    admitted = entering.admit(way_of(version), [Coming(one, entry, now, occasion) for one in members], now=now, knows_past=False)
    with transaction.atomic():
        row = Start.objects.across_workspaces().select_for_update().get(pk=start_id)
        if row.state != "running" or row.after != before.after:  # cancelled, or another process let them in
            return row.state == "running"
        left_out = entering.keep(admitted.people)
        entered = len(admitted.people) - left_out.total()
        refused = Counter(row.refused) + admitted.refused + left_out
        row.refused, row.entered, row.seen = dict(refused), row.entered + entered, row.seen + len(members)
        row.after = str(members[-1]) if members else row.after
        if len(members) < LET_IN_TOGETHER:
            row.state, row.finished_at = "done", clock.now()
        row.save(update_fields=["refused", "entered", "seen", "after", "state", "finished_at"])
    return row.state == "running"


def _published(row: Start) -> JourneyVersion | None:
    if row.journey.state != "on" or row.journey.published_id is None:
        return None
    return JourneyVersion.objects.across_workspaces().select_related("journey", "workspace").filter(pk=row.journey.published_id).first()


def _next(row: Start) -> list[uuid.UUID]:
    """The next members, in the order of their ids."""
    after = uuid.UUID(row.after) if row.after else None
    if "segment" in row.source:
        rows = SegmentMember.objects.in_workspace(row.workspace_id).filter(segment_id=row.source["segment"])
        rows = rows.filter(member_id__gt=after) if after else rows
        return list(rows.order_by("member_id").values_list("member_id", flat=True)[:LET_IN_TOGETHER])
    wanted = sorted({uuid.UUID(one) for one in row.source["members"]})
    return [one for one in wanted if after is None or one > after][:LET_IN_TOGETHER]


def _occasion(row: Start) -> Occasion:
    return (
        Occasion(event="journey_started", event_id=row.pk.hex, occurred_at=row.created_at.timestamp(), properties=row.occasion)
        if row.occasion
        else NOTHING
    )


def move(journey_id: uuid.UUID, version_id: uuid.UUID) -> None:
    """Have people on older versions go on by a newer one, where it has a node of the same id and kind; the others stay."""
    version = JourneyVersion.objects.across_workspaces().select_related("journey", "workspace").filter(pk=version_id).first()
    if version is None:
        return
    to = way_of(version)
    for older in JourneyVersion.objects.across_workspaces().filter(journey_id=journey_id, number__lt=version.number):
        here = {node.id: type(node) for node in compiled.read(older.graph).nodes}
        shared = [pk for pk, kind in here.items() if type(to.nodes.get(pk)) is kind]
        while _moved(older, version, shared):
            checkpoint()
    Journey.objects.across_workspaces().filter(pk=journey_id, moves_to=version_id).update(moves_to=None)


def _moved(older: JourneyVersion, newer: JourneyVersion, shared: list[str]) -> int:
    with transaction.atomic():
        if not Journey.objects.across_workspaces().filter(pk=newer.journey_id, moves_to=newer.pk).exists():
            return 0
        rows = Enrolment.objects.in_workspace(newer.workspace_id).filter(version=older, state="waiting", node__in=shared)
        some = list(rows.order_by("node", "pk").values_list("pk", "node")[:MOVED_TOGETHER])
        Enrolment.objects.in_workspace(newer.workspace_id).filter(pk__in=[pk for pk, _ in some]).update(version=newer, revision=F("revision") + 1)
        counts = Counter(node for _, node in some)
        keeping.count(newer.workspace_id, newer.pk, {(node, "in"): number for node, number in counts.items()})
        keeping.count(newer.workspace_id, older.pk, {(node, "out:moved"): number for node, number in counts.items()})
    return len(some)


def stop(journey_id: uuid.UUID) -> None:
    """Everybody leaves, and what has not been sent is not."""
    journey = Journey.objects.across_workspaces().filter(pk=journey_id, state="stopping").first()
    if journey is None:
        return
    while _left(journey):
        checkpoint()
    for version in JourneyVersion.objects.across_workspaces().filter(journey=journey):
        for lane in version.lanes.values():
            while lanes.cancel_some(journey.workspace_id, uuid.UUID(lane)):
                checkpoint()
    Start.objects.in_workspace(journey.workspace_id).filter(journey=journey, state="running").update(state="cancelled", finished_at=clock.now())
    Journey.objects.across_workspaces().filter(pk=journey_id, state="stopping").update(state="stopped")


def _left(journey: Journey) -> int:
    now = clock.now()
    with transaction.atomic():
        rows = Enrolment.objects.in_workspace(journey.workspace_id).filter(journey=journey, state="waiting")
        found = list(rows.order_by("pk").values_list("version_id", *keeping.LOADED)[:MOVED_TOGETHER])
        versions = JourneyVersion.objects.across_workspaces().filter(pk__in={pk for pk, *_ in found}).select_related("journey", "workspace")
        ways = {one.pk: way_of(one) for one in versions}
        people = [keeping.load(row, ways[pk], now) for pk, *row in found]
        for one in people:
            one.end("stopped", reason="stopped", zh="旅程已停止。", en="The journey was stopped.")
        keeping.save(people)
    return len(people)


def delete(journey_id: uuid.UUID) -> None:
    """Remove a deleted journey's rows."""
    journey = Journey.objects.across_workspaces().filter(pk=journey_id, deleted_at__isnull=False).first()
    if journey is None:
        return
    versions = list(JourneyVersion.objects.across_workspaces().filter(journey=journey).values_list("pk", flat=True))
    for rows in (
        Step.objects.across_workspaces().filter(version_id__in=versions),
        Enrolment.objects.across_workspaces().filter(journey=journey),
    ):
        while _removed(rows):
            checkpoint()
    with transaction.atomic():
        NodeCount.objects.across_workspaces().filter(version_id__in=versions)._raw_delete("default")
        DryRun.objects.across_workspaces().filter(journey=journey).delete()
        journey.delete()


def _removed(rows: Any) -> int:
    with transaction.atomic():
        some = list(rows.order_by("pk").values_list("pk", flat=True)[:REMOVED_TOGETHER])
        rows.model.objects.across_workspaces().filter(pk__in=some)._raw_delete("default")
    return len(some)
