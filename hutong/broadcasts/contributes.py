"""What broadcasts add."""

from __future__ import annotations

from hutong.broadcasts import tasks
from hutong.broadcasts.actions import runs
from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property

CONTRIBUTES = Contributions(
    permissions=(
        Permission("broadcasts.read", "查看群发", "See broadcasts", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("broadcasts.manage", "编写群发草稿", "Write broadcasts", frozenset({"manager", "creator"})),
        Permission("broadcasts.send", "发送群发", "Send broadcasts", frozenset({"manager"})),
    ),
    events=(
        EventDefinition(
            "link_clicked",
            "点击链接",
            "Link clicked",
            is_activity=True,
            properties=(Property("url", "text", "网址", "Address"), Property("run_id", "id", "发送记录", "Run")),
        ),
        EventDefinition(
            "broadcast_replied",
            "回复群发",
            "Replied to a broadcast",
            is_noted=True,  # the message itself is the activity
            properties=(Property("run_id", "id", "发送记录", "Run"), Property("send_id", "id", "发送", "Send")),
        ),
    ),
    jobs=(PeriodicJob("broadcasts.mind", tasks.MIND_EVERY_SECONDS, runs.mind),),
)
