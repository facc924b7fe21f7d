"""Tags, their groups, and putting them on members."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.segments.actions import tag_kinds, tags
from hutong.segments.api import router
from hutong.segments.queries import tags as queries
from hutong.segments.schemas import tags as schemas
from hutong.workspaces.access import Request


@router.get("/tags", permission="segments.read", response=schemas.TagList, operation_id="tags_list", summary="Every tag, with who uses it; groups")
def tags_list(request: Request) -> object:
    return {"groups": queries.groups(request.workspace), "items": [_tag(one) for one in queries.tags(request.workspace)]}


@router.post("/tags", permission="tags.manage", response={201: schemas.TagOut}, operation_id="tags_create", summary="Add a tag")
def tags_create(request: Request, body: schemas.TagBody) -> Status[object]:
    made = tag_kinds.create(request.workspace, actor=request.actor, **body.dict())
    return Status(201, _tag(queries.tag(request.workspace, made.pk)))


@router.patch(
    "/tags/{uuid:tag_id}", permission="tags.manage", response=schemas.TagOut, operation_id="tags_change", summary="Change a tag or its rule"
)
def tags_change(request: Request, tag_id: uuid.UUID, body: schemas.TagChange) -> object:
    tag_kinds.change(request.workspace, actor=request.actor, tag_id=tag_id, given=body.dict(exclude_unset=True))
    return _tag(queries.tag(request.workspace, tag_id))


@router.delete(
    "/tags/{uuid:tag_id}",
    permission="tags.manage",
    response=schemas.TagRemoved,
    operation_id="tags_delete",
    summary="Delete a tag; refused while conditions name it",
)
def tags_delete(request: Request, tag_id: uuid.UUID) -> object:
    return {"members": tag_kinds.delete(request.workspace, actor=request.actor, tag_id=tag_id)}


@router.post(
    "/tags/{uuid:tag_id}/merge",
    permission="tags.manage",
    response=schemas.TagOut,
    operation_id="tags_merge",
    summary="Merge a tag into another: members and conditions go over, the tag is deleted",
)
def tags_merge(request: Request, tag_id: uuid.UUID, body: schemas.TagMerge) -> object:
    kept = tag_kinds.merge(request.workspace, actor=request.actor, tag_id=tag_id, into_id=body.into_id)
    return _tag(queries.tag(request.workspace, kept.pk))


@router.post(
    "/tag-groups", permission="tags.manage", response={201: schemas.TagGroupOut}, operation_id="tag_groups_create", summary="Add a group of tags"
)
def tag_groups_create(request: Request, body: schemas.TagGroupBody) -> Status[object]:
    return Status(201, tag_kinds.create_group(request.workspace, actor=request.actor, name=body.name))


@router.patch(
    "/tag-groups/{uuid:tag_group_id}",
    permission="tags.manage",
    response=schemas.TagGroupOut,
    operation_id="tag_groups_change",
    summary="Rename a group of tags, or move it",
)
def tag_groups_change(request: Request, tag_group_id: uuid.UUID, body: schemas.TagGroupChange) -> object:
    tag_kinds.change_group(request.workspace, actor=request.actor, group_id=tag_group_id, name=body.name, position=body.position)
    return queries.group(request.workspace, tag_group_id)


@router.delete(
    "/tag-groups/{uuid:tag_group_id}",
    permission="tags.manage",
    response={204: None},
    operation_id="tag_groups_delete",
    summary="Delete a group; its tags stay",
)
def tag_groups_delete(request: Request, tag_group_id: uuid.UUID) -> Status[None]:
    tag_kinds.delete_group(request.workspace, actor=request.actor, group_id=tag_group_id)
    return Status(204, None)


@router.get(
    "/member-tags",
    permission="segments.read",
    response=schemas.MemberTagsList,
    operation_id="member_tags_list",
    summary="The tags of several members, for a list",
)
def member_tags_list(request: Request, query: Query[schemas.WornQuery]) -> object:
    found = queries.of_members(request.workspace, query.member_ids)
    return {
        "items": [
            {"member_id": member_id, "tags": [{"id": one.tag_id, "name": one.name, "color": one.color} for one in some]}
            for member_id, some in found.items()
        ]
    }


@router.put(
    "/members/{uuid:member_id}/tags/{uuid:tag_id}",
    permission="members.tag",
    response=schemas.WornList,
    operation_id="members_put_tag",
    summary="Put a tag on a member",
)
def members_put_tag(request: Request, member_id: uuid.UUID, tag_id: uuid.UUID) -> object:
    tags.put(request.workspace, actor=request.actor, member_id=member_id, tag_id=tag_id)
    return {"items": worn(request, member_id)}


@router.delete(
    "/members/{uuid:member_id}/tags/{uuid:tag_id}",
    permission="members.tag",
    response=schemas.WornList,
    operation_id="members_take_tag",
    summary="Take a tag off a member",
)
def members_take_tag(request: Request, member_id: uuid.UUID, tag_id: uuid.UUID) -> object:
    tags.take(request.workspace, actor=request.actor, member_id=member_id, tag_id=tag_id)
    return {"items": worn(request, member_id)}


@router.get(
    "/attribute-usage",
    permission="segments.read",
    response=schemas.AttributeUsage,
    operation_id="attribute_usage",
    summary="How many members have a value of each attribute, and which segments name it",
)
def attribute_usage(request: Request) -> object:
    members, segments = queries.attribute_usage(request.workspace)
    return {"items": [{"key": key, "members": members.get(key, 0), "segments": segments.get(key, [])} for key in sorted({**members, **segments})]}


def worn(request: Request, member_id: uuid.UUID) -> list[dict[str, object]]:
    """A member's tags as answered everywhere."""
    return [
        {"id": one.tag_id, "name": one.name, "color": one.color, "source": one.source, "source_name": one.source_name, "set_at": one.set_at}
        for one in queries.of_member(request.workspace, member_id)
    ]


def _tag(known: queries.Known) -> dict[str, object]:
    names = ("id", "name", "color", "group_id", "description", "segment", "is_removed_on_leave", "is_sample", "created_at", "updated_at")
    return {name: getattr(known.tag, name) for name in names} | {"members_count": known.members, "named_by": known.named_by}
