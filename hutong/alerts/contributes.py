"""What alerts add: rights over them, the event of one being raised, and the look that is taken every minute."""

from __future__ import annotations

from hutong.alerts import watching
from hutong.alerts.acting import ACTIONS
from hutong.foundation.contributions import Contributions, EventDefinition, Owner, PeriodicJob, Permission, Property

CONTRIBUTES = Contributions(
    permissions=(
        Permission("alerts.read", "查看提醒", "See alerts", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("alerts.handle", "处理提醒", "Handle alerts", frozenset({"manager", "creator", "moderator"})),
        Permission("alerts.manage", "设置提醒", "Set up alerts", frozenset({"manager"})),
    ),
    events=(
        EventDefinition(
            "alert_raised",
            "发出提醒",
            "Alert raised",
            is_noted=True,
            properties=(Property("alert_id", "id", "提醒", "Alert"), Property("kind", "text", "种类", "Kind")),
        ),
        EventDefinition(
            "kept_waiting",
            "久等无人回应",
            "Was kept waiting",
            is_noted=True,
            properties=(
                Property("kind", "text", "种类", "Kind"),
                Property("minutes", "number", "分钟", "Minutes"),
                Property("event_id", "id", "消息", "Message"),
            ),
        ),
    ),
    actions=ACTIONS,
    owners=(Owner("alert_rules", "「{name}」的一位成员等了很久，没人回应", "A member of “{name}” was kept waiting for an answer"),),
    jobs=(
        PeriodicJob("alerts.look", watching.EVERY_SECONDS, watching.look),
        PeriodicJob("alerts.prune", 3600, watching.prune),
    ),
)
