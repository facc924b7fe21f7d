"""Which tags there are: made, changed, merged, deleted; their groups and the order of those."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from hutong.foundation import clock
from hutong.foundation.errors import Invalid, NotFound
from hutong.foundation.text import many_lines, one_line
from hutong.segments import projection
from hutong.segments.actions.tags import SEGMENT
from hutong.segments.errors import SameTag, TagGroupNameTaken, TagInUse, TagNameTaken, TagRuleCircular, TooManyTags
from hutong.segments.models import COLORS, MemberTag, Segment, SegmentVersion, Tag, TagGroup
from hutong.segments.queries import tags as queries
from hutong.segments.tasks import build, sync_tag
from hutong.workspaces import audit
from hutong.workspaces.access import Actor
from hutong.workspaces.models import Workspace

NAME_LENGTH_MAX = 60
DESCRIPTION_LENGTH_MAX = 300
TAGS_MAX = 1_000
GROUPS_MAX = 100


def create(
    workspace: Workspace, *, actor: Actor, name: str, color: str = "gray", group_id: uuid.UUID | None = None, description: str = "",
    segment_id: uuid.UUID | None = None, is_removed_on_leave: bool = True, is_sample: bool = False,
) -> Tag:  # fmt: skip
    """Add a tag; with a segment everybody in it gets it. Raises TagNameTaken, TooManyTags, Invalid, NotFound."""
    with transaction.atomic():
        clean = _free_name(workspace, name)
        made = Tag(
            workspace=workspace, name=clean, color=_color(color), group=_group(workspace, group_id), segment=_segment(workspace, segment_id),
            description=many_lines("description", description, length_max=DESCRIPTION_LENGTH_MAX), is_removed_on_leave=is_removed_on_leave,
            is_sample=is_sample,
        )  # fmt: skip
        made.save()
        if made.segment is not None:
            sync_tag.enqueue(str(made.pk), made.updated_at.isoformat())
        audit.write(workspace, actor=actor, action="tag.create", target=made)
    return made


def change(workspace: Workspace, *, actor: Actor, tag_id: uuid.UUID, given: dict[str, Any]) -> Tag:
    """Change what is given (fields as of `create`). With another rule, or none, members get and lose the tag by and by."""
    with transaction.atomic():
        tag = _tag(workspace, tag_id)
        before = {field: getattr(tag, field) for field in ("name", "color", "group_id", "description", "segment_id", "is_removed_on_leave")}
        if given.get("name") is not None:
            tag.name = _free_name(workspace, given["name"], own=tag)
        if given.get("color") is not None:
            tag.color = _color(given["color"])
        if given.get("description") is not None:
            tag.description = many_lines("description", given["description"], length_max=DESCRIPTION_LENGTH_MAX)
        if "group_id" in given:
            tag.group = _group(workspace, given["group_id"])
        if "segment_id" in given:
            tag.segment = _segment(workspace, given["segment_id"], tag=tag)
        if given.get("is_removed_on_leave") is not None:
            tag.is_removed_on_leave = given["is_removed_on_leave"]
        changed = {field: [_plain(old), _plain(getattr(tag, field))] for field, old in before.items() if old != getattr(tag, field)}
        if changed:
            tag.updated_at = clock.now()
            tag.save()
            if "segment_id" in changed or "is_removed_on_leave" in changed:
                sync_tag.enqueue(str(tag.pk), tag.updated_at.isoformat())
            audit.write(workspace, actor=actor, action="tag.change", target=tag, details={"changed": changed})
    return tag


def delete(workspace: Workspace, *, actor: Actor, tag_id: uuid.UUID) -> int:
    """Delete a tag and take it off everybody; how many members had it. Raises TagInUse while conditions name it."""
    with transaction.atomic():
        tag = _tag(workspace, tag_id)
        users = queries.naming(workspace).get(str(tag.pk), [])
        if users:
            raise TagInUse(name=tag.name, segments="、".join(f"「{one.name}」" for one in users), segment_ids=[str(one.pk) for one in users])
        holders = _holders(workspace, tag)
        audit.write(workspace, actor=actor, action="tag.delete", target=tag, details={"members": len(holders)})
        key = tag.pk
        tag.delete()
        projection.mark_tag(workspace.pk, key, holders)
    return len(holders)


def merge(workspace: Workspace, *, actor: Actor, tag_id: uuid.UUID, into_id: uuid.UUID) -> Tag:
    """Members of one tag get the other, conditions that name it name the other, and it is deleted. What its rule gave counts as given by hand."""
    with transaction.atomic():
        if tag_id == into_id:
            raise SameTag()
        tag, into = _tag(workspace, tag_id), _tag(workspace, into_id)
        if into.segment is not None and queries.rests_on(workspace, into.segment.pk, tag.pk):
            raise TagRuleCircular(segment=into.segment.name, name=into.name)
        holders = _holders(workspace, tag)
        rows = MemberTag.objects.in_workspace(workspace).filter(tag=tag)
        has_it = MemberTag.objects.in_workspace(workspace).filter(tag=into).values("origin_id")
        if tag.segment_id != into.segment_id:
            rows.filter(source__startswith=SEGMENT).update(source=actor.source, source_name=actor.name)
        rows.exclude(origin_id__in=has_it).update(tag=into)
        changed = _rename_in_conditions(workspace, actor=actor, tag=tag, into=into)
        audit.write(
            workspace, actor=actor, action="tag.merge", target=into,
            details={"merged_id": str(tag.pk), "merged": tag.name, "members": len(holders), "segments": [one.name for one in changed]},
        )  # fmt: skip
        tag.delete()
        projection.mark_tag(workspace.pk, tag_id, holders)
        projection.mark_tag(workspace.pk, into_id, holders)
    return into


def _rename_in_conditions(workspace: Workspace, *, actor: Actor, tag: Tag, into: Tag) -> list[Segment]:
    """Conditions that name one tag name the other, as a new version whose members are to be counted."""
    changed = queries.naming(workspace).get(str(tag.pk), [])
    for segment in changed:
        segment.condition = _renamed(segment.condition, str(tag.pk), str(into.pk))
        segment.version += 1
        segment.state, segment.changed_by_name, segment.updated_at = "building", actor.name, clock.now()
        segment.save(update_fields=["condition", "version", "state", "changed_by_name", "updated_at"])
        SegmentVersion.objects.create(
            workspace=workspace, segment=segment, version=segment.version, condition=segment.condition, community_id=segment.community_id,
            by_name=actor.name, at=segment.updated_at,
        )  # fmt: skip
        build.enqueue(str(segment.pk), "edit", clock.now_ms())
    return changed


def _renamed(condition: Any, old: str, new: str) -> Any:
    if isinstance(condition, list):
        return [_renamed(one, old, new) for one in condition]
    if not isinstance(condition, dict):
        return condition
    if condition.get("kind") == "tag" and condition.get("tag") == old:
        return condition | {"tag": new}
    return condition | {"of": _renamed(condition["of"], old, new)} if "of" in condition else condition


def ensure(workspace: Workspace, names: Iterable[str], *, actor: Actor) -> dict[str, Tag]:
    """Tags by name, as an import names them; those that are not there are made. Capital letters make no difference. Raises TooManyTags, Invalid."""
    with transaction.atomic():
        known = {tag.name.casefold(): tag for tag in Tag.objects.in_workspace(workspace)}
        found: dict[str, Tag] = {}
        for name in names:
            clean = one_line("tags", name, length_max=NAME_LENGTH_MAX)
            tag = known.get(clean.casefold())
            if tag is None:
                tag = known[clean.casefold()] = create(workspace, actor=actor, name=clean)
            found[name] = tag
    return found


def create_group(workspace: Workspace, *, actor: Actor, name: str, is_sample: bool = False) -> TagGroup:
    """Add a group of tags after the others. Raises TagGroupNameTaken, TooManyTags, Invalid."""
    with transaction.atomic():
        count = TagGroup.objects.in_workspace(workspace).count()
        if count >= GROUPS_MAX:
            raise TooManyTags(limit=TAGS_MAX, groups=GROUPS_MAX)
        made = TagGroup(workspace=workspace, name=one_line("name", name, length_max=NAME_LENGTH_MAX), position=count, is_sample=is_sample)
        _save_group(made)
        audit.write(workspace, actor=actor, action="tag_group.create", target=made, target_name=made.name)
    return made


def change_group(workspace: Workspace, *, actor: Actor, group_id: uuid.UUID, name: str | None = None, position: int | None = None) -> TagGroup:
    """Rename a group, or move it to a place among the groups (0 is the first; beyond the end is the last)."""
    with transaction.atomic():
        group = _existing_group(workspace, group_id)
        before = {"name": group.name, "position": group.position}
        if name is not None:
            group.name = one_line("name", name, length_max=NAME_LENGTH_MAX)
            _save_group(group)
        if position is not None:
            order = [one for one in queries.groups(workspace) if one.pk != group.pk]
            order.insert(position, group)
            _number(order)
        changed = {field: [old, getattr(group, field)] for field, old in before.items() if old != getattr(group, field)}
        if changed:
            audit.write(workspace, actor=actor, action="tag_group.change", target=group, target_name=group.name, details={"changed": changed})
    return group


def delete_group(workspace: Workspace, *, actor: Actor, group_id: uuid.UUID) -> None:
    """Delete a group; its tags stay, in no group."""
    with transaction.atomic():
        group = _existing_group(workspace, group_id)
        audit.write(workspace, actor=actor, action="tag_group.delete", target=group, target_name=group.name)
        group.delete()
        _number(queries.groups(workspace))


def _number(order: list[TagGroup]) -> None:
    for position, one in enumerate(order):
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])


def _save_group(group: TagGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise TagGroupNameTaken(name=group.name) from error


def _holders(workspace: Workspace, tag: Tag) -> list[uuid.UUID]:
    return list(MemberTag.objects.in_workspace(workspace).filter(tag=tag).order_by().values_list("member_id", flat=True).distinct())


def _free_name(workspace: Workspace, name: str, *, own: Tag | None = None) -> str:
    clean = one_line("name", name, length_max=NAME_LENGTH_MAX)
    others = {tag.name.casefold(): tag.name for tag in Tag.objects.in_workspace(workspace) if own is None or tag.pk != own.pk}
    if clean.casefold() in others:
        raise TagNameTaken(name=others[clean.casefold()])
    if own is None and len(others) >= TAGS_MAX:
        raise TooManyTags(limit=TAGS_MAX, groups=GROUPS_MAX)
    return clean


def _color(color: str) -> str:
    if color not in COLORS:
        raise Invalid.field("color", f"只能是 {'、'.join(COLORS)}。", f"Must be one of {', '.join(COLORS)}.")
    return color


def _group(workspace: Workspace, group_id: uuid.UUID | None) -> TagGroup | None:
    return None if group_id is None else _existing_group(workspace, group_id)


def _existing_group(workspace: Workspace, group_id: uuid.UUID) -> TagGroup:
    found = TagGroup.objects.in_workspace(workspace).select_for_update().filter(pk=group_id).first()
    if found is None:
        raise NotFound("tag group")
    return found


def _segment(workspace: Workspace, segment_id: uuid.UUID | None, *, tag: Tag | None = None) -> Segment | None:
    if segment_id is None:
        return None
    found = Segment.objects.in_workspace(workspace).filter(pk=segment_id).first()
    if found is None:
        raise NotFound("segment")
    if tag is not None and queries.rests_on(workspace, found.pk, tag.pk):
        raise TagRuleCircular(segment=found.name, name=tag.name)
    return found


def _tag(workspace: Workspace, tag_id: uuid.UUID) -> Tag:
    found = Tag.objects.in_workspace(workspace).select_for_update().filter(pk=tag_id).first()
    if found is None:
        raise NotFound("tag")
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value
