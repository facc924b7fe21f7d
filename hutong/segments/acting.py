"""What can be done with segments and tags: a tag put on or taken off, a static segment entered or left."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from hutong.foundation import filled
from hutong.foundation.acting import DONE, UNCHANGED, Action, Cause, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.members import bulk
from hutong.segments.actions import placing, tags
from hutong.segments.models import MemberTag, Segment, SegmentMember, Tag

BECAUSE = "automation"
GONE: Said = ("（已删除）", "(deleted)")
_TAG_GONE = Outcome("refused", "这个标签已被删除。", "This tag was deleted.", "tag_gone")
_TAG_FOLLOWS = Outcome(
    "refused", "这个标签改为跟随分群，只由分群打上。", "This tag follows a segment now, which alone gives it.", "tag_follows_segment"
)
_SEGMENT_GONE = Outcome("refused", "这个分群已被删除。", "This segment was deleted.", "segment_gone")


def _check_tag(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    tag_id = filled.one_id(given, "tag_id")
    tag = _tag(workspace_id, tag_id)
    if tag is None:
        raise Invalid.field("tag_id", "这个标签已被删除。", "This tag was deleted.")
    if tag.segment is not None:
        raise Invalid.field(
            "tag_id", f"「{tag.name}」跟随分群「{tag.segment.name}」，只由它打上和去掉。",
            f"“{tag.name}” follows the segment “{tag.segment.name}”, which alone gives and takes it.",
        )  # fmt: skip
    return {"tag_id": str(tag_id)}


def _tag(workspace_id: uuid.UUID, tag_id: uuid.UUID) -> Tag | None:
    return Tag.objects.in_workspace(workspace_id).select_related("segment").filter(pk=tag_id).first()


def _tag_name(workspace_id: uuid.UUID, settings: Settings) -> Said:
    tag = _tag(workspace_id, uuid.UUID(settings["tag_id"]))
    return (tag.name, tag.name) if tag is not None else GONE


def _say_add(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _tag_name(workspace_id, settings)
    return f"打上标签「{zh}」", f"Add the tag “{en}”"


def _say_remove(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _tag_name(workspace_id, settings)
    return f"去掉标签「{zh}」", f"Remove the tag “{en}”"


def _showing(workspace_id: uuid.UUID, tag_id: uuid.UUID, members: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    return {one for one, *_ in bulk.pick(MemberTag, [], "member", members, workspace_id=workspace_id, also={"tag": tag_id})}


def _plan_add(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    found = _of_tag(doer, settings, people)
    if isinstance(found, Plan):
        return found
    tag, showing = found
    new = list(dict.fromkeys(one.member_id for one in people if one.member_id not in showing))

    def write() -> None:
        given = {one: [tag.pk] for one in new}
        tags.add_many(doer.workspace_id, given, source=doer.source, source_name=doer.name[:100], told_by=doer.told_by)

    return Plan([UNCHANGED if one.member_id in showing else DONE for one in people], write)


def _plan_remove(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    found = _of_tag(doer, settings, people)
    if isinstance(found, Plan):
        return found
    tag, showing = found
    some = list(dict.fromkeys(one.member_id for one in people if one.member_id in showing))

    def write() -> None:
        tags.take_many(doer.workspace_id, some, [tag.pk], source=doer.source, told_by=doer.told_by)

    return Plan([DONE if one.member_id in showing else UNCHANGED for one in people], write)


def _of_tag(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan | tuple[Tag, set[uuid.UUID]]:
    """The tag and who shows it; or what refuses everybody."""
    tag = _tag(doer.workspace_id, uuid.UUID(settings["tag_id"]))
    if tag is None or tag.segment is not None:
        return Plan([_TAG_GONE if tag is None else _TAG_FOLLOWS] * len(people))
    return tag, _showing(doer.workspace_id, tag.pk, (one.member_id for one in people))


def _check_segment(workspace_id: uuid.UUID, given: Settings) -> dict[str, Any]:
    segment_id = filled.one_id(given, "segment_id")
    segment = _segment(workspace_id, segment_id)
    if segment is None:
        raise Invalid.field("segment_id", "这个分群已被删除。", "This segment was deleted.")
    if segment.kind != "static":
        raise Invalid.field(
            "segment_id", f"「{segment.name}」按条件计算成员，不能放入或移出。", f"“{segment.name}” has its members by a condition; nobody is put in or taken out."
        )  # fmt: skip
    return {"segment_id": str(segment_id)}


def _segment(workspace_id: uuid.UUID, segment_id: uuid.UUID) -> Segment | None:
    return Segment.objects.in_workspace(workspace_id).select_related("community", "workspace").filter(pk=segment_id).first()


def _segment_name(workspace_id: uuid.UUID, settings: Settings) -> Said:
    segment = _segment(workspace_id, uuid.UUID(settings["segment_id"]))
    return (segment.name, segment.name) if segment is not None else GONE


def _say_enter(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _segment_name(workspace_id, settings)
    return f"放入分群「{zh}」", f"Put them into the segment “{en}”"


def _say_leave(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _segment_name(workspace_id, settings)
    return f"移出分群「{zh}」", f"Take them out of the segment “{en}”"


def _plan_enter(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    return _place(doer, settings, people, enters=True)


def _plan_leave(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    return _place(doer, settings, people, enters=False)


def _place(doer: Doer, settings: Settings, people: Sequence[Person], *, enters: bool) -> Plan:
    segment_id = uuid.UUID(settings["segment_id"])
    segment = _segment(doer.workspace_id, segment_id)
    if segment is None or segment.kind != "static":
        return Plan([_SEGMENT_GONE] * len(people))
    members = dict.fromkeys(one.member_id for one in people)
    there = bulk.pick(SegmentMember, [], "member", members, workspace_id=doer.workspace_id, also={"segment": segment_id})
    inside = {one for one, *_ in there}
    some = [one for one in members if (one in inside) != enters]

    def write() -> None:
        now = _segment(doer.workspace_id, segment_id)
        if now is None or not some:
            return
        move = placing.put if enters else placing.take
        move(now, some, because=BECAUSE, told_by=doer.told_by)

    return Plan([DONE if (one.member_id in inside) != enters else UNCHANGED for one in people], write)


def _causes_tag(name: str, settings: Settings) -> Sequence[Cause]:
    return (Cause(event=name, properties={"tag_id": settings["tag_id"]}),)


def _causes_segment(name: str, settings: Settings) -> Sequence[Cause]:
    return (Cause(event=name, properties={"segment_id": settings["segment_id"], "because": BECAUSE}),)


_TAG = (Field(name="tag_id", kind="tag", zh="标签", en="Tag"),)
_SEGMENT = (Field(name="segment_id", kind="segment", zh="分群", en="Segment", hint_zh="只有静态分群。", hint_en="Static segments only."),)

ACTIONS = (
    Action(
        name="tag.add", zh="打标签", en="Add a tag", kind="member", permission="members.tag", fields=_TAG,
        check=_check_tag, say=_say_add, plan=_plan_add, causes=lambda settings: _causes_tag("tag_added", settings),
    ),
    Action(
        name="tag.remove", zh="去掉标签", en="Remove a tag", kind="member", permission="members.tag", fields=_TAG,
        check=_check_tag, say=_say_remove, plan=_plan_remove, causes=lambda settings: _causes_tag("tag_removed", settings),
    ),
    Action(
        name="segment.enter", zh="放入分群", en="Put into a segment", kind="member", permission="segments.manage", fields=_SEGMENT,
        check=_check_segment, say=_say_enter, plan=_plan_enter, causes=lambda settings: _causes_segment("segment_entered", settings),
    ),
    Action(
        name="segment.leave", zh="移出分群", en="Take out of a segment", kind="member", permission="segments.manage", fields=_SEGMENT,
        check=_check_segment, say=_say_leave, plan=_plan_leave, causes=lambda settings: _causes_segment("segment_left", settings),
    ),
)  # fmt: skip
