"""The tags of the sample's members: what they drink, and what they are to the shop. Taken away with the sample."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import msgspec

from hutong.communities.models import Community
from hutong.foundation import clock, ids
from hutong.members import bulk
from hutong.sample.dice import Dice
from hutong.sample.people import Person
from hutong.sample.story import Story
from hutong.segments import projection
from hutong.segments.actions import tags
from hutong.segments.models import MemberTag, Tag, TagGroup
from hutong.segments.queries import tags as queries
from hutong.workspaces.models import Workspace

SOURCE_NAME = "示例社群"


class Plan(msgspec.Struct, frozen=True):
    """One tag, and the share of which people have it."""

    group: str
    name: str
    color: str
    description: str
    share: float
    fits: Callable[[Person], bool]


def _talks(person: Person) -> bool:
    return person.kind != "bot" and person.appetite > 0


PLANS = (
    Plan("口味", "爱喝拿铁", "gold", "点单小问卷里选了拿铁", 0.34, _talks),
    Plan("口味", "手冲党", "teal", "聊手冲、买豆子的人", 0.16, _talks),
    Plan("口味", "燕麦奶", "green", "点单时换燕麦奶", 0.12, _talks),
    Plan("口味", "只喝低因", "gray", "晚上也想喝一杯的人", 0.05, _talks),
    Plan("关系", "种子用户", "red", "开店时就在群里的老朋友", 0.6, lambda person: person.kind == "seed"),
    Plan("关系", "乐于分享", "blue", "话多又愿意带朋友来", 0.7, lambda person: person.kind in ("seed", "friend", "map") and person.appetite > 8),
    Plan("关系", "咖啡地图来的", "purple", "集章送手冲课那几天进群", 0.9, lambda person: person.kind == "map"),
    Plan("关系", "只领免单", "gray", "转发抽免单之后没再说过话", 0.5, lambda person: person.kind == "giveaway" and person.tires > 0),
)


def write(story: Story, *, community: Community, member_ids: list[uuid.UUID]) -> None:
    """Make the tags, where there are none of that name, and give them. Within a transaction."""
    workspace_id = community.workspace_id
    known = {tag.name.casefold(): tag for tag in Tag.objects.in_workspace(workspace_id)}
    dice = Dice("tags", len(story.people))
    for plan in PLANS:
        tag = known.get(plan.name.casefold()) or _made(workspace_id, plan)
        wearers = [person for person in story.people if plan.fits(person) and dice.chance(plan.share)]
        bulk.insert(
            MemberTag,
            ("id", "workspace", "tag", "member", "origin", "source", "source_name", "set_at"),
            [
                (ids.new(), workspace_id, tag.pk, member_id, member_id, "system", SOURCE_NAME, clock.from_ms(story.moment_ms(person.joined)))
                for person in wearers
                for member_id in (member_ids[person.number],)
            ],
        )
        projection.mark_tag(workspace_id, tag.pk, [member_ids[person.number] for person in wearers])


def _made(workspace_id: uuid.UUID, plan: Plan) -> Tag:
    groups = TagGroup.objects.in_workspace(workspace_id)
    group = groups.filter(name=plan.group).first()
    if group is None:
        group = TagGroup.objects.create(workspace_id=workspace_id, name=plan.group, position=groups.count(), is_sample=True)
    return Tag.objects.create(workspace_id=workspace_id, name=plan.name, color=plan.color, description=plan.description, group=group, is_sample=True)


def remove(workspace: Workspace) -> None:
    """Take all tags off the sample's members, and away those of the sample that nobody else uses. Within a transaction, before the members go."""
    real = MemberTag.objects.in_workspace(workspace).filter(member__is_sample=True, origin__is_sample=False)
    tags.move(workspace.pk, list(real.values_list("origin_id", flat=True)))  # set free just now
    worn = MemberTag.objects.in_workspace(workspace).filter(origin__is_sample=True)
    holders: dict[uuid.UUID, list[uuid.UUID]] = {}
    for tag_id, member_id in worn.values_list("tag_id", "member_id"):
        holders.setdefault(tag_id, []).append(member_id)
    worn.delete()
    for tag_id, member_ids in holders.items():
        projection.mark_tag(workspace.pk, tag_id, member_ids)
    named = queries.naming(workspace)
    for tag in Tag.objects.in_workspace(workspace).filter(is_sample=True):
        is_used = tag.segment_id is not None or str(tag.pk) in named or MemberTag.objects.in_workspace(workspace).filter(tag=tag).exists()
        if is_used:
            Tag.objects.in_workspace(workspace).filter(pk=tag.pk).update(is_sample=False)
        else:
            tag.delete()
    for group in TagGroup.objects.in_workspace(workspace).filter(is_sample=True):
        if Tag.objects.in_workspace(workspace).filter(group=group).exists():
            TagGroup.objects.in_workspace(workspace).filter(pk=group.pk).update(is_sample=False)
        else:
            group.delete()
