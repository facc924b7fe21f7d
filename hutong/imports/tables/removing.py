"""Taking a list out again: orders leave the warehouse, then every change is taken back, the latest first, each batch in one transaction.

What somebody has changed since stays as it is, and is told with the reason.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from hutong.events import actions as events
from hutong.events.queries import history as warehouse
from hutong.foundation import clock
from hutong.imports.models import ORDERS, Import, ImportReject, ImportTouch
from hutong.imports.records import Reject
from hutong.imports.tables import cells, journal
from hutong.imports.tables.checking import keep_rejects
from hutong.imports.tables.journal import Touches
from hutong.imports.uploads import remove_files
from hutong.imports.work import finishing
from hutong.imports.work.places import alone
from hutong.members import bulk
from hutong.members.actions import bulk_values, in_bulk
from hutong.members.models import Attribute, AttributeValue, Member
from hutong.segments import projection
from hutong.segments.actions import segments, tags
from hutong.segments.models import EditedMember, MemberTag, SegmentMember, Tag

ENDS = {"cancelling": "cancelled", "undoing": "undone"}
COUNTED = (
    "members_removed",
    "members_kept",
    "values_back",
    "values_kept",
    "names_back",
    "names_kept",
    "identities_removed",
    "identities_kept",
    "orders_removed",
    "tags_back",
)


def perform(import_id: UUID) -> None:
    """Take out what a list brought that is in the state `cancelling` or `undoing`."""
    found = Import.objects.across_workspaces().filter(pk=import_id, state__in=list(ENDS)).first()
    if found is None:
        return
    with alone(found.workspace_id):
        batch = Import.objects.across_workspaces().select_related("workspace").filter(pk=import_id, state__in=list(ENDS)).first()
        if batch is not None:
            _take_out(batch)


def _take_out(batch: Import) -> None:
    if not batch.undone:
        with transaction.atomic():
            ImportReject.objects.filter(batch=batch).delete()
            batch.undone = dict.fromkeys(COUNTED, 0)
            batch.save(update_fields=["undone"])
    if batch.kind == ORDERS:
        finishing.perform(batch, without=True, sights=False)
        events.remove_history(batch.workspace_id, source=f"import:{batch.pk}")
        counts = batch.progress.get("tally", {}).get("counts", {})
        batch.undone["orders_removed"] = counts.get("paid", 0) + counts.get("refunded", 0)
    while (touches := journal.last(batch)) is not None:
        with transaction.atomic():
            kept = _take_back(batch, touches)
            keep_rejects(batch, "", kept, kept=ImportReject.objects.filter(batch=batch).count())
            ImportTouch.objects.filter(batch=batch, id__gte=touches.rows[0].pk).delete()
            batch.save(update_fields=["undone"])
    with transaction.atomic():
        _remove_attributes(batch)
        Import.objects.in_workspace(batch.workspace_id).filter(pk=batch.pk).update(
            state=ENDS[batch.state], finished_at=clock.now(), made={}, undone=batch.undone
        )
    segments.history_changed(batch.workspace_id)
    remove_files(batch.pk)


def _take_back(batch: Import, touches: Touches) -> list[Reject]:
    """Undo some changes; what had to stay."""
    workspace_id, source = batch.workspace_id, f"import:{batch.pk}"
    undone = batch.undone
    kept: list[Reject] = []
    stayed = bulk_values.take_back(workspace_id, touches.puts, source=source)
    undone["values_back"] += len(touches.puts) - touches.puts_of_new - sum(1 for one in stayed if one.origin_id not in touches.made)
    undone["values_kept"] += len(stayed)
    names = dict(Attribute.objects.in_workspace(workspace_id).values_list("pk", "name_zh"))
    kept += [
        _left("kept_value", _name(batch, one.origin_id), attribute=names.get(one.attribute_id, "?"), value=cells.shown(str(one.after)))
        for one in stayed
    ]
    renamed = in_bulk.rename_back(workspace_id, touches.names)
    undone["names_back"] += len(touches.names) - len(renamed)
    undone["names_kept"] += len(renamed)
    kept += [_left("kept_name", _name(batch, one.member_id), name=one.after) for one in renamed]
    in_bulk.narrow(workspace_id, touches.widened)
    undone["tags_back"] += _untag(batch, touches)
    kept += _detach(batch, touches)
    kept += _remove_made(batch, touches)
    return kept


def _untag(batch: Import, touches: Touches) -> int:
    """Tags that the list gave and nobody else has given since; how many."""
    source = f"import:{batch.pk}"
    taken = 0
    for tag in Tag.objects.in_workspace(batch.workspace_id).filter(pk__in=list(touches.tags)):
        for chunk in bulk.chunks(touches.tags[tag.pk]):
            rows = MemberTag.objects.in_workspace(batch.workspace_id).filter(tag=tag, origin_id__in=chunk, source=source)
            taken += len(tags.remove(batch.workspace_id, tag, rows, source=source, told_by=None))
    return taken


def _detach(batch: Import, touches: Touches) -> list[Reject]:
    """Identities given to members who were there."""
    if not touches.attached:
        return []
    begun = batch.started_at or batch.created_at
    used = warehouse.touched(
        str(batch.workspace_id), origin_ids=list({origin for origin, _, _ in touches.attached.values()}), except_source=f"import:{batch.pk}", since=begun.timestamp()
    )  # fmt: skip
    free = [pk for pk, (origin, channel, _) in touches.attached.items() if (origin, channel) not in used]
    stayed = (touches.attached.keys() - set(free)) | in_bulk.detach(batch.workspace_id, free, seen_before_ms=clock.to_ms(begun))
    batch.undone["identities_removed"] += len(touches.attached) - len(stayed)
    batch.undone["identities_kept"] += len(stayed)
    return [
        _left("kept_identity", _name(batch, touches.attached[pk][0]), channel=touches.attached[pk][1], value=touches.attached[pk][2])
        for pk in sorted(stayed)
    ]


def _remove_made(batch: Import, touches: Touches) -> list[Reject]:
    """Members made by the list, where nothing has come to them since."""
    if not touches.made:
        return []
    workspace_id = batch.workspace_id
    free = in_bulk.untouched(workspace_id, touches.made, identity_ids=touches.identities_of_new)
    free -= _placed(workspace_id, free)
    if free:
        free -= {origin for origin, _ in warehouse.touched(str(workspace_id), origin_ids=sorted(free), except_source=f"import:{batch.pk}")}
    batch.undone["members_removed"] += in_bulk.remove(workspace_id, sorted(free))
    stayed = [one for one in touches.made if one not in free and _is_there(batch, one)]
    batch.undone["members_kept"] += len(stayed)
    return [_left("kept_member", _name(batch, one)) for one in stayed]


def _placed(workspace_id: UUID, member_ids: set[UUID]) -> set[UUID]:
    """Which of them staff have tagged, edited or put into a segment. Segments that live leave by themselves."""
    found: set[UUID] = set()
    for chunk in bulk.chunks(member_ids):
        found.update(MemberTag.objects.in_workspace(workspace_id).filter(origin_id__in=chunk).values_list("origin_id", flat=True))
        found.update(EditedMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk).values_list("member_id", flat=True))
        inside = SegmentMember.objects.in_workspace(workspace_id).filter(member_id__in=chunk)
        found.update(inside.filter(segment__kind="static").values_list("member_id", flat=True))
        by_segment: dict[UUID, list[UUID]] = {}
        for segment_id, member_id in inside.values_list("segment_id", "member_id"):
            by_segment.setdefault(segment_id, []).append(member_id)
        for segment_id, some in by_segment.items():
            projection.mark_segment(workspace_id, segment_id, some)
    return found


def _is_there(batch: Import, member_id: UUID) -> bool:
    return Member.objects.in_workspace(batch.workspace_id).filter(pk=member_id).exists()


def _name(batch: Import, member_id: UUID) -> str:
    return Member.objects.in_workspace(batch.workspace_id).filter(pk=member_id).values_list("name", flat=True).first() or "?"


def _left(code: str, member: str, **params: str | int) -> Reject:
    return Reject(0, code, {"member": member, **params}, "")


def _remove_attributes(batch: Import) -> None:
    """Attributes made for this list that nobody has a value of."""
    for key in batch.made.get("attributes", {}).values():
        rows = Attribute.objects.in_workspace(batch.workspace_id).filter(key=key, is_standard=False)
        if not AttributeValue.objects.in_workspace(batch.workspace_id).filter(attribute__in=rows).exists():
            rows.delete()
    # And tags nobody has, that no rule gives.
    for tag in Tag.objects.in_workspace(batch.workspace_id).filter(pk__in=batch.made.get("tags", []), segment=None):
        if not MemberTag.objects.in_workspace(batch.workspace_id).filter(tag=tag).exists():
            tag.delete()
