"""Members of static segments: put in, taken out, and shown as whoever they were merged into.

Who was put in is written down by origin (`PlacedMember`). A member shows in a segment when they, or somebody merged into them, were put in.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence

from hutong.foundation import clock
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.segments.actions import membership
from hutong.segments.models import PlacedMember, Segment, SegmentMember


def put(segment: Segment, member_ids: Sequence[uuid.UUID], *, because: str = "staff", told_by: str = "system") -> None:
    """Put members who show into a static segment. Within a transaction. `told_by`: who did it, as facts say."""
    kept = {"workspace": segment.workspace_id, "segment": segment.pk, "placed_at": clock.now()}
    bulk.insert_known(PlacedMember, kept, Member, "member", member_ids, workspace_id=segment.workspace_id)
    membership.change(_outcome(segment, entered=member_ids, told=frozenset(member_ids), because=because, told_by=told_by))


def take(segment: Segment, member_ids: Collection[uuid.UUID], *, because: str = "staff", told_by: str = "system") -> None:
    """Take members who show out of a static segment, with everybody merged into them, or they would come back. Within a transaction."""
    showing: list[uuid.UUID] = []
    for chunk in bulk.chunks(dict.fromkeys(member_ids)):
        showing += Member.objects.in_workspace(segment.workspace_id).filter(pk__in=chunk, merged_into=None).values_list("pk", flat=True)
    everybody = [one for some in origins.families(segment.workspace_id, showing).values() for one in some]
    for chunk in bulk.chunks(everybody):
        PlacedMember.objects.in_workspace(segment.workspace_id).filter(segment=segment, member_id__in=chunk)._raw_delete("default")
    membership.change(_outcome(segment, left=everybody, told=frozenset(showing), because=because, told_by=told_by))


def follow_merges(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID], *, told: Collection[uuid.UUID]) -> None:
    """These took part in merges that were made or undone: who shows in static segments follows. Within a transaction.

    What is true now counts, so that it may be asked late, and again. The stream tells of the members in `told`.
    """
    heads = origins.heads(workspace_id, member_ids)
    wanted = _placed(workspace_id, dict.fromkeys(heads.values()))
    there = _there(workspace_id, dict.fromkeys([*heads, *heads.values()]))
    segments = Segment.objects.in_workspace(workspace_id).select_for_update(of=("self",)).select_related("community", "workspace")
    for segment in segments.filter(pk__in=[*wanted, *there]).order_by("pk"):
        since, inside = wanted.get(segment.pk, {}), there.get(segment.pk, set())
        entered, left = sorted(since.keys() - inside), sorted(inside - since.keys())
        if entered or left:
            membership.change(_outcome(segment, entered=entered, left=left, told=frozenset(told), because="events"))
        for member_id in entered:
            rows = SegmentMember.objects.in_workspace(workspace_id).filter(segment=segment, member_id=member_id)
            rows.update(entered_at=since[member_id])


def _placed(workspace_id: uuid.UUID, showing: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, dt.datetime]]:
    """By segment, which of these members show in it, and since when they, or the first of those merged into them, were put in."""
    shown_as = {one: head for head, some in origins.families(workspace_id, showing).items() for one in some}
    found: dict[uuid.UUID, dict[uuid.UUID, dt.datetime]] = {}
    for chunk in bulk.chunks(shown_as):
        rows = PlacedMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk)
        for segment_id, member_id, at in rows.values_list("segment_id", "member_id", "placed_at"):
            since = found.setdefault(segment_id, {})
            head = shown_as[member_id]
            since[head] = min(since.get(head, at), at)
    return found


def _there(workspace_id: uuid.UUID, member_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By static segment, which of these members show in it as yet."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for chunk in bulk.chunks(member_ids):
        rows = SegmentMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk, segment__kind="static")
        for segment_id, member_id in rows.values_list("segment_id", "member_id"):
            found.setdefault(segment_id, set()).add(member_id)
    return found


def _outcome(
    segment: Segment,
    *,
    entered: Sequence[uuid.UUID] = (),
    left: Sequence[uuid.UUID] = (),
    told: frozenset[uuid.UUID],
    because: str,
    told_by: str = "system",
) -> membership.Outcome:
    now = clock.now()
    zone = segment.community.time_zone if segment.community else segment.workspace.time_zone
    return membership.Outcome(
        workspace_id=segment.workspace_id, segment_id=segment.pk, day=clock.local_date(now, zone), at=now,
        entered=entered, left=left, told=told, because=because, told_by=told_by,
    )  # fmt: skip
