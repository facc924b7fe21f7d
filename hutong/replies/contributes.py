"""What replies add: rights over them, the events of answers, the jobs that mind them."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, Owner, PeriodicJob, Permission, Property
from hutong.replies import tasks
from hutong.replies.actions import files

RULE = (
    Property("rule_id", "id", "关键词回复", "Keyword reply"),
    Property("keyword", "text", "关键词", "Keyword"),
    Property("way", "text", "匹配方式", "How it was matched"),
)

CONTRIBUTES = Contributions(
    permissions=(
        Permission("replies.read", "查看关键词回复", "See keyword replies", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("replies.manage", "管理关键词回复", "Manage keyword replies", frozenset({"manager", "creator", "moderator"})),
    ),
    events=(
        EventDefinition("keyword_replied", "关键词自动回复", "Answered by a keyword reply", is_noted=True, properties=RULE),
        EventDefinition(
            "handed_over",
            "转人工",
            "Handed over to a person",
            is_noted=True,
            properties=(
                *RULE,
                Property("message_id", "id", "消息编号", "Message id"),
                Property("account_id", "text", "平台账号", "Account"),
            ),
        ),
    ),
    owners=(Owner("keyword_reply", "「{name}」回答了一位成员", "“{name}” answered a member"),),
    jobs=(
        PeriodicJob("replies.warm", tasks.WARM_EVERY_SECONDS, tasks.warm),
        PeriodicJob("replies.mind", tasks.WARM_EVERY_SECONDS, files.mind),
        PeriodicJob("replies.prune", tasks.PRUNE_EVERY_SECONDS, tasks.prune),
    ),
)
