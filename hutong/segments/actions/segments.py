"""Making, changing and removing segments, and putting members into static ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Literal

from django.db import IntegrityError, transaction

from hutong.communities.models import Community
from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines, one_line
from hutong.members import bulk
from hutong.members.actions import origins
from hutong.members.models import Member
from hutong.segments import tasks, vocabulary
from hutong.segments.actions import placing
from hutong.segments.conditions import reading
from hutong.segments.errors import SegmentChanged, SegmentInUse, SegmentIsLive, SegmentIsStatic, SegmentNameTaken, TooManySegments
from hutong.segments.models import PlacedMember, Segment, SegmentDay, SegmentMember, SegmentVersion
from hutong.segments.queries import uses
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NAME_LENGTH_MAX = 60
DESCRIPTION_LENGTH_MAX = 300
SEGMENTS_MAX = 500
PUT_TOGETHER_MAX = 50_000
COPY_SUFFIX = {"zh": "（副本）", "en": " (copy)"}


def create(
    workspace: Workspace, *, actor: Actor, name: str, description: str = "", community_id: uuid.UUID | None = None, condition: Any = None,
    member_ids: Sequence[uuid.UUID] = (), from_segment_id: uuid.UUID | None = None,
) -> Segment:  # fmt: skip
    """Add a segment: live with a condition, else static with those members, or with those who are in another segment now."""
    if condition is not None:
        reading.read(condition, vocabulary.of(workspace))
    kind = "static" if condition is None else "live"
    with transaction.atomic():
        if Segment.objects.in_workspace(workspace).count() >= SEGMENTS_MAX:
            raise TooManySegments(limit=SEGMENTS_MAX)
        made = Segment(
            workspace=workspace, name=one_line("name", name, length_max=NAME_LENGTH_MAX),
            description=many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX), kind=kind, condition=condition,
            community=_community(workspace, community_id), state="ready" if condition is None else "building",
            created_by_name=actor.name, changed_by_name=actor.name,
        )  # fmt: skip
        _save(made, force_insert=True)
        _keep_version(made, by_name=actor.name)
        audit.write(workspace, actor=actor, action="segment.create", target=made, details={"kind": kind})
        if condition is not None:
            _ask_for_count(made, "edit")
        else:
            chosen = list(member_ids) if from_segment_id is None else _members_of(workspace, from_segment_id)
            _put(made, chosen)
    return made


def change(
    workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID, version: int | None = None, name: str | None = None, description: str | None = None,
    condition: Any = None, community_id: uuid.UUID | Literal["same"] | None = "same",
) -> Segment:  # fmt: skip
    """Change what is given; a community decides whose days are meant, None: the workspace's. A live segment is then another version.

    `version` is the one the change was made from: SegmentChanged when it is no longer the last.
    """
    with transaction.atomic():
        segment = _segment(workspace, segment_id)
        changed: dict[str, Any] = {}
        if name is not None and (clean := one_line("name", name, length_max=NAME_LENGTH_MAX)) != segment.name:
            changed["name"], segment.name = [segment.name, clean], clean
        if description is not None:
            clean = many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX)
            if clean != segment.description:
                changed["description"], segment.description = [segment.description, clean], clean
        moved = community_id not in ("same", segment.community_id)
        if moved or (condition is not None and condition != segment.condition):
            SegmentChanged.unless(version, segment.version, by=segment.changed_by_name, version=segment.version)
            if community_id != "same" and moved:
                had, segment.community = segment.community, _community(workspace, community_id)
                changed["community"] = [one and one.name for one in (had, segment.community)]
            if condition is not None or segment.kind == "live":
                _redefine(workspace, segment, segment.condition if condition is None else condition, by_name=actor.name)
                changed["version"] = segment.version
        if changed:
            segment.changed_by_name, segment.updated_at = actor.name, clock.now()
            _save(segment)
            audit.write(workspace, actor=actor, action="segment.change", target=segment, details={"changed": changed})
        if "version" in changed:
            _ask_for_count(segment, "edit")
    return segment


def _redefine(workspace: Workspace, segment: Segment, condition: Any, *, by_name: str) -> None:
    if segment.kind == "static":
        raise SegmentIsStatic(name=segment.name)
    reading.read(condition, vocabulary.of(workspace), own_segment=str(segment.pk))
    segment.condition, segment.version, segment.state, segment.problems = condition, segment.version + 1, "building", []
    _keep_version(segment, by_name=by_name)


def _keep_version(segment: Segment, *, by_name: str) -> None:
    SegmentVersion.objects.create(
        workspace=segment.workspace, segment=segment, version=segment.version, condition=segment.condition, community=segment.community, by_name=by_name
    )  # fmt: skip


def remove(workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID) -> None:
    """Delete a segment. Raises SegmentInUse while something rests on it."""
    with transaction.atomic():
        segment = _segment(workspace, segment_id)
        used = uses.of(workspace, segment)
        if used:
            raise SegmentInUse(name=segment.name, used_by="、".join(one.name for one in used), uses=[one.named() for one in used])
        audit.write(workspace, actor=actor, action="segment.delete", target=segment, details={"members": segment.members_count})
        for model in (SegmentMember, PlacedMember):
            model.objects.in_workspace(workspace).filter(segment=segment)._raw_delete("default")
        SegmentDay.objects.in_workspace(workspace).filter(segment=segment)._raw_delete("default")
        segment.delete()


def copy(workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID, name: str | None = None) -> Segment:
    """Another segment of the same definition, or with the same members."""
    segment = _segment(workspace, segment_id)
    wanted = name or _free_name(workspace, segment.name)
    return create(
        workspace, actor=actor, name=wanted, description=segment.description, community_id=segment.community_id, condition=segment.condition,
        from_segment_id=segment.pk if segment.kind == "static" else None,
    )  # fmt: skip


def _free_name(workspace: Workspace, name: str) -> str:
    taken = set(Segment.objects.in_workspace(workspace).values_list("name", flat=True))
    suffix = COPY_SUFFIX["en" if workspace.language == "en" else "zh"]
    number = 1
    while True:
        tail = suffix if number == 1 else f"{suffix}{number}"
        wanted = name[: NAME_LENGTH_MAX - len(tail)] + tail
        if wanted not in taken:
            return wanted
        number += 1


def put_in(workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID, member_ids: Sequence[uuid.UUID]) -> int:
    """Put members into a static segment; how many were not in it."""
    with transaction.atomic():
        segment = _static(workspace, segment_id)
        before = segment.members_count
        _put(segment, member_ids)
        segment.refresh_from_db()
        audit.write(workspace, actor=actor, action="segment.put_in", target=segment, details={"members": segment.members_count - before})
    return segment.members_count - before


def take_out(workspace: Workspace, *, actor: Actor, segment_id: uuid.UUID, member_ids: Sequence[uuid.UUID]) -> int:
    """Take members out of a static segment; how many were in it."""
    with transaction.atomic():
        segment = _static(workspace, segment_id)
        before = segment.members_count
        placing.take(segment, member_ids)
        segment.refresh_from_db()
        audit.write(workspace, actor=actor, action="segment.take_out", target=segment, details={"members": before - segment.members_count})
    return before - segment.members_count


def rebuild(workspace: Workspace, *, segment_id: uuid.UUID) -> Segment:
    """Count a live segment in full now."""
    with transaction.atomic():
        segment = _segment(workspace, segment_id)
        if segment.kind == "static":
            raise SegmentIsStatic(name=segment.name)
        _ask_for_count(segment, "history")
    return segment


def history_changed(workspace_id: uuid.UUID) -> None:
    """Events or members came or went that the stream did not tell of (an import, its undoing): every live segment is counted in full."""
    with transaction.atomic():
        for segment in Segment.objects.in_workspace(workspace_id).filter(kind="live"):
            _ask_for_count(segment, "history")


def _ask_for_count(segment: Segment, because: str) -> None:
    tasks.build.enqueue(str(segment.pk), because, clock.now_ms())


def _put(segment: Segment, member_ids: Sequence[uuid.UUID]) -> None:
    if len(member_ids) > PUT_TOGETHER_MAX:
        raise Invalid.field("member_ids", f"一次最多 {PUT_TOGETHER_MAX:,} 位成员。", f"At most {PUT_TOGETHER_MAX:,} members at once.")
    known: set[uuid.UUID] = set()
    for chunk in bulk.chunks(dict.fromkeys(member_ids)):
        known.update(Member.objects.in_workspace(segment.workspace_id).filter(pk__in=chunk, merged_into=None).values_list("pk", flat=True))
    if missing := [one for one in member_ids if one not in known]:
        raise Invalid.field(
            "member_ids", f"有 {len(missing)} 位成员不存在或已被合并。", f"{len(missing)} of the members do not exist or were merged away."
        )
    placing.put(segment, list(dict.fromkeys(member_ids)))


def _members_of(workspace: Workspace, segment_id: uuid.UUID) -> list[uuid.UUID]:
    _segment(workspace, segment_id)
    inside = SegmentMember.objects.in_workspace(workspace).filter(segment_id=segment_id).values_list("member_id", flat=True)
    return list(dict.fromkeys(origins.heads(workspace.pk, inside).values()))  # one merged away a moment ago is in it as whom they show


def _segment(workspace: Workspace, segment_id: uuid.UUID) -> Segment:
    found = (
        Segment.objects.in_workspace(workspace).select_for_update(of=("self",)).select_related("community", "workspace").filter(pk=segment_id).first()
    )
    if found is None:
        raise NotFound("segment")
    return found


def _static(workspace: Workspace, segment_id: uuid.UUID) -> Segment:
    segment = _segment(workspace, segment_id)
    if segment.kind == "live":
        raise SegmentIsLive(name=segment.name)
    return segment


def _community(workspace: Workspace, community_id: uuid.UUID | None) -> Community | None:
    if community_id is None:
        return None
    found = Community.objects.in_workspace(workspace).filter(pk=community_id).first()
    if found is None:
        raise NotFound("community")
    return found


def _save(segment: Segment, *, force_insert: bool = False) -> None:
    try:
        with transaction.atomic():
            segment.save(force_insert=force_insert)
    except IntegrityError as error:
        raise SegmentNameTaken(name=segment.name) from error
