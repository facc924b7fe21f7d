"""What can go wrong with segments, tags and bulk edits."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, Conflict, HutongError


class SegmentNameTaken(Conflict):
    """Another segment of the workspace has that name."""

    code = "segment_name_taken"
    title = {"zh": "名称已被使用", "en": "Name in use"}
    message = {"zh": "已有名为“{name}”的分群，请换一个名称。", "en": "There is a segment named “{name}” already. Choose another name."}


class SegmentInUse(Conflict):
    """Something rests on the segment. `params.uses` names what."""

    code = "segment_in_use"
    title = {"zh": "分群正在使用", "en": "Segment in use"}
    message = {
        "zh": "分群“{name}”还在被使用：{used_by}。请先在那里去掉它。",
        "en": "The segment “{name}” is used by: {used_by}. Take it out there first.",
    }


class SegmentIsLive(Conflict):
    """Members of a live segment follow from its condition."""

    code = "segment_is_live"
    title = {"zh": "动态分群", "en": "Live segment"}
    message = {
        "zh": "“{name}”是动态分群，成员由条件决定。请修改条件，或先存为静态分群。",
        "en": "“{name}” is a live segment: its condition decides who is in it. Change the condition, or keep a static copy.",
    }


class SegmentIsStatic(Conflict):
    """A static segment has no condition."""

    code = "segment_is_static"
    title = {"zh": "静态分群", "en": "Static segment"}
    message = {"zh": "“{name}”是静态分群，没有条件。", "en": "“{name}” is a static segment and has no condition."}


class TooManySegments(HutongError):
    """The workspace has as many segments as it may."""

    code = "too_many_segments"
    status = 422
    title = {"zh": "分群太多", "en": "Too many segments"}
    message = {"zh": "最多 {limit} 个分群，请先删除不用的。", "en": "There can be at most {limit} segments. Delete some first."}


class SegmentChanged(ChangedMeanwhile):
    """Somebody saved another version meanwhile."""

    code = "segment_changed"
    title = {"zh": "分群已被修改", "en": "Segment changed"}
    message = {
        "zh": "{by} 已把它改到第 {version} 版。你的修改没有保存，请对比后再保存。",
        "en": "{by} has saved version {version} meanwhile. Your change is not saved. Compare, then save again.",
    }


class ExportNotReady(Conflict):
    """The file is not written yet, or is gone."""

    code = "export_not_ready"
    title = {"zh": "文件还没有准备好", "en": "The file is not ready"}
    message = {
        "zh": "导出还在进行、已取消或已过期，请稍后再试或重新导出。",
        "en": "The export is still at work, was cancelled or has expired. Try again later or export anew.",
    }


class TagNameTaken(HutongError):
    """Another tag has this name; capital letters make no difference."""

    code = "tag_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name taken"}
    message = {
        "zh": "已有名为「{name}」的标签。请换一个名称，或把两个标签合并。",
        "en": "There is a tag named “{name}”. Choose another name, or merge the two tags.",
    }


class TagGroupNameTaken(HutongError):
    """Another group of tags has this name."""

    code = "tag_group_name_taken"
    status = 409
    title = {"zh": "名称已被使用", "en": "Name taken"}
    message = {"zh": "已有名为「{name}」的标签组，请换一个名称。", "en": "There is a tag group named “{name}”. Choose another name."}


class TooManyTags(HutongError):
    """The limit of tags, or of groups of tags, is reached."""

    code = "too_many_tags"
    status = 409
    title = {"zh": "标签过多", "en": "Too many tags"}
    message = {
        "zh": "每个工作区最多 {limit} 个标签和 {groups} 个标签组。请先合并或删除一些。",
        "en": "A workspace has at most {limit} tags and {groups} tag groups. Merge or delete some first.",
    }


class TagInUse(HutongError):
    """Conditions of segments name the tag, so it cannot be deleted."""

    code = "tag_in_use"
    status = 409
    title = {"zh": "标签正在使用", "en": "Tag in use"}
    message = {
        "zh": "这些分群的条件用到了「{name}」：{segments}。请先改掉条件，或把它合并到另一个标签。",
        "en": "The conditions of these segments name “{name}”: {segments}. Change them first, or merge the tag into another.",
    }


class TagFollowsSegment(HutongError):
    """The segment gives the tag, so it cannot be taken from a member in it."""

    code = "tag_follows_segment"
    status = 409
    title = {"zh": "标签跟随分群", "en": "The tag follows a segment"}
    message = {
        "zh": "「{name}」由分群「{segment}」自动打上，成员在分群里时不能去掉。可以修改标签的规则。",
        "en": "“{name}” is given by the segment “{segment}” and stays while the member is in it. Change the tag's rule instead.",
    }


class TagRuleCircular(HutongError):
    """The segment rests on the tag that was to follow it."""

    code = "tag_rule_circular"
    status = 409
    title = {"zh": "互相引用", "en": "They refer to each other"}
    message = {
        "zh": "分群「{segment}」的条件直接或间接地用到了「{name}」，标签不能再跟随它。",
        "en": "The segment “{segment}” rests on “{name}”, so the tag cannot follow it.",
    }


class SameTag(HutongError):
    """A tag was to be merged with itself."""

    code = "same_tag"
    status = 409
    title = {"zh": "不能与自己合并", "en": "Same tag"}
    message = {"zh": "请选择另一个标签来合并。", "en": "Choose another tag to merge into."}


class EditTooLarge(HutongError):
    """More members than one bulk edit may change."""

    code = "edit_too_large"
    status = 409
    title = {"zh": "成员过多", "en": "Too many members"}
    message = {
        "zh": "一次最多修改 {limit} 位成员，请缩小筛选范围后分几次修改。",
        "en": "A bulk edit changes at most {limit} members. Narrow the list and edit in several steps.",
    }


class EditsBusy(HutongError):
    """As many bulk edits run as may run at once."""

    code = "edits_busy"
    status = 409
    title = {"zh": "批量修改正在进行", "en": "Bulk edits are running"}
    message = {
        "zh": "已有 {limit} 个批量修改正在进行，请等其中一个完成或取消它。",
        "en": "{limit} bulk edits are running. Wait for one to end, or cancel it.",
    }


class EditState(HutongError):
    """The bulk edit has ended, or has not, or was undone: this cannot be done to it now."""

    code = "edit_state"
    status = 409
    title = {"zh": "现在不能这样做", "en": "Not now"}
    message = {
        "zh": "这次批量修改已进入别的阶段：进行中的可以取消，已结束且未撤销的可以撤销。",
        "en": "This bulk edit is at another stage: one that runs can be cancelled, one that has ended can be undone once.",
    }


class EditTooOld(HutongError):
    """What was there before the edit is no longer kept."""

    code = "edit_too_old"
    status = 410
    title = {"zh": "已超过撤销期限", "en": "Too old to undo"}
    message = {
        "zh": "批量修改在结束后 {days} 天内可以撤销，这次已超过期限。",
        "en": "A bulk edit can be undone for {days} days after it ended. This one is older.",
    }
