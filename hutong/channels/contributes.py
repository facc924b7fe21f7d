"""What channels add: rights over accounts and sends, and the events of messages that go out and of what only live groups tell."""

from __future__ import annotations

from hutong.channels import tasks
from hutong.channels.acting import ACTIONS
from hutong.channels.actions.accounts import PRIVATE
from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property

MESSAGE = Property("message_id", "id", "消息编号", "Message id")
REASON = Property("reason", "text", "原因", "Reason")
OUT = (
    Property("send_id", "id", "发送", "Send"),
    Property("key", "text", "键", "Key"),
    Property("purpose", "text", "用途", "Purpose"),
    Property("account_id", "id", "平台账号", "Account"),
    MESSAGE,
    Property("state", "text", "结果", "State"),
)

CONTRIBUTES = Contributions(
    permissions=(
        Permission(
            "channels.read",
            "查看渠道和发送记录",
            "See channels and what was sent",
            frozenset({"manager", "creator", "moderator", "analyst", "viewer"}),
        ),
        Permission("channels.manage", "连接和管理渠道", "Connect and manage channels", frozenset({"manager"})),
        Permission(PRIVATE, "允许连接内网地址", "Allow private addresses", frozenset()),
        Permission("messages.send", "发送消息", "Send messages", frozenset({"manager", "creator", "moderator"})),
    ),
    events=(
        EventDefinition("message_delivered", "消息已发出", "Message delivered", is_noted=True, properties=OUT),
        EventDefinition("message_failed", "消息没有发出", "Message failed", is_noted=True, properties=(*OUT, REASON)),
        EventDefinition("message_edited", "编辑消息", "Message edited", properties=(MESSAGE,)),
        EventDefinition("reaction_removed", "收回表情", "Reaction removed", properties=(Property("emoji", "text", "表情", "Emoji"), MESSAGE)),
        EventDefinition("member_unbanned", "解除封禁", "Unbanned", properties=(Property("by", "text", "操作人", "By"),)),
        EventDefinition("role_changed", "群内身份变化", "Role in the group changed", properties=(Property("by", "text", "操作人", "By"), REASON)),
        EventDefinition("join_requested", "申请入群", "Asked to join", properties=(REASON,)),
        EventDefinition(
            "contact_added",
            "添加好友",
            "Contact added",
            properties=(Property("scene", "text", "来源", "Scene"), Property("state", "text", "渠道码", "State")),
        ),
        EventDefinition("contact_removed", "删除好友", "Contact removed"),
        EventDefinition("interaction_done", "点按互动", "Interaction", is_activity=True, properties=(REASON,)),
        EventDefinition("unsubscribed", "退订", "Unsubscribed", properties=(REASON,)),
    ),
    actions=ACTIONS,
    jobs=(PeriodicJob("channels.prune", tasks.PRUNE_EVERY_SECONDS, tasks.prune),),
)
