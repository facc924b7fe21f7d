"""Tags put on members and taken off: by staff, by rules, by imports, and moved when members merge.

`MemberTag.origin` is the member a tag was put on. A member shows the tags of everybody merged into them; taking one off takes it off them all.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from hutong.foundation import clock, ids, stream
from hutong.foundation.errors import NotFound
from hutong.foundation.jobs.running import checkpoint
from hutong.foundation.stream import Fact
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.errors import MemberGone
from hutong.members.models import Member
from hutong.segments import projection
from hutong.segments.errors import TagFollowsSegment
from hutong.segments.models import MemberTag, SegmentMember, Tag
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

SYNCED_TOGETHER = 1_000
SEGMENT = "segment:"  # before a segment's id, as the source of a tag its rule gave
_COLUMNS = ("id", "workspace", "tag", "member", "origin", "source", "source_name", "set_at")

Pair = tuple[uuid.UUID, uuid.UUID]  # tag, member


@dataclass(frozen=True, slots=True)
class Given:
    """A tag an origin has, with who gave it."""

    tag_id: uuid.UUID
    origin_id: uuid.UUID
    source: str
    source_name: str
    set_at: Any


def put(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, tag_id: uuid.UUID) -> None:
    """Put a tag on a member by hand. One that a rule gave is from now on there by hand, and stays when the rule lets go."""
    with transaction.atomic():
        member, tag = _member(workspace, member_id), _tag(workspace, tag_id)
        rows = MemberTag.objects.in_workspace(workspace).filter(tag=tag, origin=member)
        taken_over = rows.filter(source__startswith=SEGMENT).update(source=actor.source, source_name=actor.name, set_at=clock.now())
        added = add_many(workspace.pk, {member.pk: [tag.pk]}, source=actor.source, source_name=actor.name, told_by=actor.source)
        if added or taken_over:
            audit.write(workspace, actor=actor, action="member.tag", target=member, details={"tag_id": str(tag.pk), "tag": tag.name})


def take(workspace: Workspace, *, actor: Actor, member_id: uuid.UUID, tag_id: uuid.UUID) -> None:
    """Take a tag off a member; nothing happens when it is not there. Raises TagFollowsSegment while a rule gives it."""
    with transaction.atomic():
        member, tag = _member(workspace, member_id), _tag(workspace, tag_id)
        if tag.segment is not None and SegmentMember.objects.in_workspace(workspace).filter(segment=tag.segment, member=member).exists():
            raise TagFollowsSegment(name=tag.name, segment=tag.segment.name)
        if take_many(workspace.pk, [member.pk], [tag.pk], source=actor.source, told_by=actor.source):
            audit.write(workspace, actor=actor, action="member.untag", target=member, details={"tag_id": str(tag.pk), "tag": tag.name})


def add_many(
    workspace_id: uuid.UUID, given: Mapping[uuid.UUID, Iterable[uuid.UUID]], *, source: str, source_name: str, told_by: str | None = None
) -> list[Pair]:
    """Put tags on members, by member; one in merges may be given as an origin. Within a transaction.

    Gives the (tag, origin) pairs that are new. With `told_by` (who did it, as facts say) each member who now shows a tag is told of
    in the stream; imports are silent.
    """
    now = clock.now()
    rows = [
        Given(tag_id, origin_id, source, source_name, now) for origin_id, tag_ids in given.items() for tag_id in dict.fromkeys(tag_ids)
    ]  # fmt: skip
    return insert(workspace_id, rows, told_by=told_by)


def take_many(
    workspace_id: uuid.UUID, member_ids: Collection[uuid.UUID], tag_ids: Iterable[uuid.UUID], *, source: str, told_by: str | None = None
) -> list[Given]:
    """Take tags off members who show, and off everybody merged into them. Within a transaction. What a rule gives a member in its segment stays.

    `source` says who takes them, as the event's property. Gives what was taken.
    """
    wanted = list(Tag.objects.in_workspace(workspace_id).filter(pk__in=list(tag_ids)).order_by("pk"))
    if not wanted:
        return []
    everybody = [one for some in origins.families(workspace_id, member_ids).values() for one in some]
    taken = []
    for tag in wanted:
        for chunk in bulk.chunks(everybody):
            rows = MemberTag.objects.in_workspace(workspace_id).filter(tag=tag, origin_id__in=chunk)
            if tag.segment_id is not None:
                inside = SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=tag.segment_id, member_id=OuterRef("member_id"))
                rows = rows.exclude(Q(Exists(inside), source=f"{SEGMENT}{tag.segment_id}"))
            taken += remove(workspace_id, tag, rows, source=source, told_by=told_by)
    return taken


def insert(workspace_id: uuid.UUID, given: Sequence[Given], *, told_by: str | None, told: Collection[uuid.UUID] | None = None) -> list[Pair]:
    """Keep tags of origins that have them not yet; gives those. Within a transaction. `told`: tell of these members only."""
    heads = origins.heads(workspace_id, {one.origin_id for one in given})
    by_tag: dict[uuid.UUID, dict[uuid.UUID, Given]] = {}
    for one in given:
        if one.origin_id in heads:
            by_tag.setdefault(one.tag_id, {})[one.origin_id] = one
    tags = Tag.objects.in_workspace(workspace_id).in_bulk(list(by_tag))
    added: list[Pair] = []
    for tag_id, tag in sorted(tags.items()):
        there: set[uuid.UUID] = set()
        showing: set[uuid.UUID] = set()
        for chunk in bulk.chunks(by_tag[tag_id]):
            rows = MemberTag.objects.in_workspace(workspace_id).filter(tag=tag)
            there.update(rows.filter(origin_id__in=chunk).values_list("origin_id", flat=True))
            showing.update(rows.filter(member_id__in=[heads[one] for one in chunk]).values_list("member_id", flat=True))
        new = [one for one in by_tag[tag_id].values() if one.origin_id not in there]
        bulk.insert(
            MemberTag,
            _COLUMNS,
            [
                (ids.new(), workspace_id, tag_id, heads[one.origin_id], one.origin_id, one.source, one.source_name, one.set_at)
                for one in new
            ],
            is_skipping=True,
        )  # fmt: skip
        gained = {heads[one.origin_id]: one.source for one in new if heads[one.origin_id] not in showing}
        _changed(workspace_id, tag, "tag_added", gained, told_by=told_by, told=told)
        added += [(tag_id, one.origin_id) for one in new]
    return added


def remove(
    workspace_id: uuid.UUID, tag: Tag, rows: Any, *, source: str, told_by: str | None, told: Collection[uuid.UUID] | None = None
) -> list[Given]:
    """Delete rows of one tag; gives what they said. Members who show it by another origin are not told of. Within a transaction."""
    found = list(rows.order_by("origin_id").values_list("pk", "member_id", "origin_id", "source", "source_name", "set_at"))
    for chunk in bulk.chunks(pk for pk, *_ in found):
        MemberTag.objects.in_workspace(workspace_id).filter(pk__in=chunk).delete()
    members = list(dict.fromkeys(member_id for _, member_id, *_ in found))
    showing: set[uuid.UUID] = set()
    for chunk in bulk.chunks(members):
        still = MemberTag.objects.in_workspace(workspace_id).filter(tag=tag, member_id__in=chunk)
        showing.update(still.values_list("member_id", flat=True))
    _changed(workspace_id, tag, "tag_removed", {one: source for one in members if one not in showing}, told_by=told_by, told=told)
    return [Given(tag.pk, *facts) for _, _, *facts in found]


def _changed(
    workspace_id: uuid.UUID, tag: Tag, fact: str, members: Mapping[uuid.UUID, str], *, told_by: str | None, told: Collection[uuid.UUID] | None
) -> None:
    """Members who show a tag now and did not, or did and do not, each with the source of that."""
    projection.mark_tag(workspace_id, tag.pk, members)
    if told_by is None:
        return
    facts = [
        Fact(
            workspace_id=workspace_id,
            name=fact,
            member_id=member_id,
            source=told_by,
            properties={"tag_id": str(tag.pk), "tag": tag.name, "source": source},
        )
        for member_id, source in members.items()
        if told is None or member_id in told
    ]
    if facts:
        stream.record(*facts)


def follow_segment(
    workspace_id: uuid.UUID,
    segment_id: uuid.UUID,
    *,
    entered: Collection[uuid.UUID],
    left: Collection[uuid.UUID],
    told: Collection[uuid.UUID] = frozenset(),
    told_by: str = "system",
) -> None:
    """Members came into a segment or went: tags that follow it do the same. Within the transaction that changes the membership.

    `told` are those for whom the stream says so: as with segments themselves, history and new definitions tell nobody.
    """
    for tag in Tag.objects.in_workspace(workspace_id).select_related("segment").filter(segment_id=segment_id).order_by("pk"):
        _give(workspace_id, tag, entered, told=told, told_by=told_by)
        if tag.is_removed_on_leave:
            for chunk in bulk.chunks(left):
                rows = MemberTag.objects.in_workspace(workspace_id).filter(tag=tag, source=f"{SEGMENT}{segment_id}")
                # By origin too: whoever was merged away has left, though the tag moved on to the member kept.
                gone = rows.filter(Q(origin_id__in=chunk) | Q(member_id__in=chunk))
                remove(workspace_id, tag, gone, source=f"{SEGMENT}{segment_id}", told_by=told_by, told=told)


def _give(
    workspace_id: uuid.UUID, tag: Tag, member_ids: Iterable[uuid.UUID], *, told: Collection[uuid.UUID] = frozenset(), told_by: str = "system"
) -> None:
    name, now = "" if tag.segment is None else tag.segment.name, clock.now()
    given = [Given(tag.pk, member_id, f"{SEGMENT}{tag.segment_id}", name, now) for member_id in member_ids]
    insert(workspace_id, given, told_by=told_by, told=told)


def sync(workspace_id: uuid.UUID, tag_id: uuid.UUID) -> None:
    """Bring a tag in line with its rule, or with having none: what rules gave and no longer give goes, members of the segment get it.

    In batches, each a transaction that reads the rule anew: it may be stopped and run again, and run twice at once. Nobody is told of it.
    """
    after: uuid.UUID | None = None
    while True:
        with transaction.atomic():
            after = _let_go(workspace_id, tag_id, after)
        if after is None:
            break
        checkpoint()
    while True:
        with transaction.atomic():
            after = _take_in(workspace_id, tag_id, after)
        if after is None:
            return
        checkpoint()


def _let_go(workspace_id: uuid.UUID, tag_id: uuid.UUID, after: uuid.UUID | None) -> uuid.UUID | None:
    tag = Tag.objects.in_workspace(workspace_id).filter(pk=tag_id, is_removed_on_leave=True).first()
    if tag is None:
        return None
    rows = MemberTag.objects.in_workspace(workspace_id).filter(tag=tag)
    if after is not None:
        rows = rows.filter(origin_id__gt=after)
    batch = list(rows.order_by("origin_id").values_list("pk", "origin_id", "member_id", "source")[:SYNCED_TOGETHER])
    inside: set[uuid.UUID] = set()
    if tag.segment_id is not None:
        for chunk in bulk.chunks(member_id for _, _, member_id, _ in batch):
            there = SegmentMember.objects.in_workspace(workspace_id).filter(segment_id=tag.segment_id, member_id__in=chunk)
            inside.update(there.values_list("member_id", flat=True))
    for source in sorted({source for *_, source in batch if source.startswith(SEGMENT)}):
        is_rule = source == f"{SEGMENT}{tag.segment_id}"
        gone = [pk for pk, _, member_id, given_by in batch if given_by == source and not (is_rule and member_id in inside)]
        for chunk in bulk.chunks(gone):
            remove(workspace_id, tag, MemberTag.objects.in_workspace(workspace_id).filter(pk__in=chunk), source=source, told_by=None)
    return batch[-1][1] if len(batch) == SYNCED_TOGETHER else None


def _take_in(workspace_id: uuid.UUID, tag_id: uuid.UUID, after: uuid.UUID | None) -> uuid.UUID | None:
    tag = Tag.objects.in_workspace(workspace_id).select_related("segment").filter(pk=tag_id, segment__isnull=False).first()
    if tag is None or tag.segment is None:
        return None
    rows = SegmentMember.objects.in_workspace(workspace_id).filter(segment=tag.segment)
    if after is not None:
        rows = rows.filter(member_id__gt=after)
    batch = list(rows.order_by("member_id").values_list("member_id", flat=True)[:SYNCED_TOGETHER])
    _give(workspace_id, tag, batch)
    return batch[-1] if len(batch) == SYNCED_TOGETHER else None


def move(workspace_id: uuid.UUID, origin_ids: Iterable[uuid.UUID]) -> None:
    """Members were merged, or set apart again: the tags of these origins belong to whoever shows them now. Within a transaction."""
    heads = origins.heads(workspace_id, origin_ids)
    moved: dict[uuid.UUID, dict[uuid.UUID, None]] = {}
    for chunk in bulk.chunks(heads):
        rows = MemberTag.objects.in_workspace(workspace_id).filter(origin_id__in=chunk)
        for pk, tag_id, member_id, origin_id in list(rows.values_list("pk", "tag_id", "member_id", "origin_id")):
            if member_id != heads[origin_id]:
                MemberTag.objects.in_workspace(workspace_id).filter(pk=pk).update(member_id=heads[origin_id])
                moved.setdefault(tag_id, {}).update({member_id: None, heads[origin_id]: None})
    for tag_id, member_ids in moved.items():
        projection.mark_tag(workspace_id, tag_id, member_ids)


def _member(workspace: Workspace, member_id: uuid.UUID) -> Member:
    found = Member.objects.in_workspace(workspace).select_for_update().filter(pk=member_id).first()
    if found is None:
        raise NotFound("member")
    if found.merged_into_id is not None:
        raise MemberGone()
    return found


def _tag(workspace: Workspace, tag_id: uuid.UUID) -> Tag:
    found = Tag.objects.in_workspace(workspace).select_related("segment").filter(pk=tag_id).first()
    if found is None:
        raise NotFound("tag")
    return found
