"""What segments add: rights over segments and tags, and the events of members who enter and leave, get tags and lose them."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property
from hutong.segments import tasks
from hutong.segments.acting import ACTIONS
from hutong.segments.actions import life_cycle

DAYS_LOOKED_AT_EVERY_SECONDS = 30

TAG = (Property("tag_id", "id", "标签", "Tag"), Property("tag", "text", "标签名称", "Tag name"), Property("source", "text", "来源", "Source"))

CONTRIBUTES = Contributions(
    permissions=(
        Permission("segments.read", "查看分群和标签", "See segments and tags", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("segments.manage", "管理分群和生命周期", "Manage segments and the life cycle", frozenset({"manager", "analyst"})),
        Permission("tags.manage", "管理标签", "Manage tags", frozenset({"manager"})),
        Permission("members.tag", "给成员打标签", "Tag members", frozenset({"manager", "moderator"})),
        Permission("members.edit_many", "批量修改成员", "Change many members at once", frozenset({"manager"})),
    ),
    events=(
        EventDefinition("tag_added", "打上标签", "Tag added", properties=TAG),
        EventDefinition("tag_removed", "去掉标签", "Tag removed", properties=TAG),
        EventDefinition(
            "segment_entered",
            "进入分群",
            "Entered a segment",
            is_noted=True,
            properties=(Property("segment_id", "id", "分群", "Segment"), Property("because", "text", "原因", "Because")),
        ),
        EventDefinition(
            "segment_left",
            "离开分群",
            "Left a segment",
            is_noted=True,
            properties=(Property("segment_id", "id", "分群", "Segment"), Property("because", "text", "原因", "Because")),
        ),
        EventDefinition(
            "stage_changed",
            "生命周期阶段变化",
            "Life cycle stage changed",
            is_noted=True,
            properties=(
                Property("kind", "text", "哪种阶段", "Kind"),
                Property("from", "text", "原阶段", "From"),
                Property("to", "text", "新阶段", "To"),
                Property("because", "text", "原因", "Because"),
            ),
        ),
    ),
    actions=ACTIONS,
    jobs=(
        PeriodicJob("segments.sweep", 3600, tasks.sweep),
        PeriodicJob("edits.mind", 60, tasks.mind),
        PeriodicJob("edits.prune", 3600, tasks.prune),
        PeriodicJob("life_cycle.days", DAYS_LOOKED_AT_EVERY_SECONDS, life_cycle.start_due),
    ),
)
