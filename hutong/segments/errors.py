"""What can go wrong with segments."""

from __future__ import annotations

from hutong.foundation.errors import Conflict, HutongError


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


class SegmentChanged(Conflict):
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
