"""Subscriber: people on their way who were merged, or set apart again, go on as whoever they show as now. Of two on the same way one leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

import msgspec
from django.db.models import F

from hutong.automations.journeys import keeping, work
from hutong.automations.models import Enrolment, JourneyVersion
from hutong.events.subscribers import Entry, Write
from hutong.foundation import clock
from hutong.members import bulk
from hutong.members.actions import origins

MOVES = frozenset({"members_merged", "members_unmerged"})


class _Moved(msgspec.Struct):
    origin_ids: str


_decode = msgspec.json.Decoder(_Moved).decode


def prepare(entries: Sequence[Entry]) -> Write:
    """What is true now counts, not what each event says."""
    moved: dict[str, list[UUID]] = {}
    for entry in entries:
        event = entry.event
        if event is not None and event.name in MOVES:
            moved.setdefault(event.workspace_id, []).extend(UUID(one) for one in _decode(event.properties).origin_ids.split(","))
    return partial(_follow, moved)


def _follow(moved: dict[str, list[UUID]]) -> None:
    for workspace_id, origin_ids in moved.items():
        heads = origins.heads(UUID(workspace_id), origin_ids)
        changed: set[UUID] = set()
        for some in bulk.chunks(heads):
            rows = Enrolment.objects.in_workspace(workspace_id).filter(origin_id__in=some)
            for pk, member_id, origin_id in list(rows.values_list("pk", "member_id", "origin_id")):
                if member_id != heads[origin_id]:
                    Enrolment.objects.in_workspace(workspace_id).filter(pk=pk).update(member_id=heads[origin_id], revision=F("revision") + 1)
                    changed.add(heads[origin_id])
        _leave_twice(UUID(workspace_id), changed)


def _leave_twice(workspace_id: UUID, members: Iterable[UUID]) -> None:
    """Whoever is twice on their way through a journey goes on where they came in first."""
    for some in bulk.chunks(members):
        rows = Enrolment.objects.in_workspace(workspace_id).filter(member_id__in=some, state="waiting").order_by("entered_at", "pk")
        seen: set[tuple[UUID, UUID]] = set()
        for journey_id, version_id, *row in list(rows.values_list("journey_id", "version_id", *keeping.LOADED)):
            if (row[1], journey_id) not in seen:
                seen.add((row[1], journey_id))
                continue
            version = JourneyVersion.objects.in_workspace(workspace_id).select_related("journey", "workspace").get(pk=version_id)
            person = keeping.load(row, work.way_of(version), clock.now())
            person.end("merged", reason="merged", zh="与另一位成员合并，对方已在旅程中。", en="Merged with a member who is on the same way.")
            keeping.save([person])
