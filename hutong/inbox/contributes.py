"""What the inbox adds: rights over conversations and scripts, the events of conversations, the ends of snoozes."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property
from hutong.inbox import tasks

CONVERSATION = Property("conversation_id", "id", "会话", "Conversation")
SECONDS = Property("seconds", "number", "秒数", "Seconds")
STAFF = Property("staff_id", "id", "员工", "Staff")

CONTRIBUTES = Contributions(
    permissions=(
        Permission("inbox.read", "查看会话", "See conversations", frozenset({"manager", "moderator"})),
        Permission("inbox.answer", "回复和处理会话", "Answer and handle conversations", frozenset({"manager", "moderator"})),
        Permission("inbox.manage", "设置会话的分配", "Set how conversations are assigned", frozenset({"manager"})),
        Permission("scripts.read", "使用话术", "Use scripts", frozenset({"manager", "creator", "moderator"})),
        Permission("scripts.manage", "管理共享话术", "Manage shared scripts", frozenset({"manager", "creator"})),
    ),
    events=(
        EventDefinition(
            "conversation_opened",
            "会话开始",
            "Conversation opened",
            is_noted=True,
            properties=(CONVERSATION, Property("because", "text", "原因", "Because")),
        ),
        EventDefinition("conversation_answered", "会话首次回复", "Conversation answered", is_noted=True, properties=(CONVERSATION, SECONDS, STAFF)),
        EventDefinition("conversation_closed", "会话关闭", "Conversation closed", is_noted=True, properties=(CONVERSATION, SECONDS, STAFF)),
    ),
    jobs=(PeriodicJob("inbox.wake", tasks.WAKE_EVERY_SECONDS, tasks.wake),),
)
