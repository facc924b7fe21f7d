"""What the stream itself adds: the events of conversation and of tracked people, rights over sources."""

from __future__ import annotations

from hutong.events import tasks
from hutong.events.acting import ACTIONS
from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property

CONTRIBUTES = Contributions(
    permissions=(
        Permission("events.read", "查看事件", "See events", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("events.manage", "管理事件目录", "Manage the event catalogue", frozenset({"manager"})),
        Permission("sources.manage", "管理数据源", "Manage data sources", frozenset({"manager"})),
    ),
    events=(
        EventDefinition(
            "message_sent",
            "发言",
            "Message sent",
            is_activity=True,
            properties=(
                Property("message_id", "id", "消息编号", "Message id"),
                Property("reply_to", "id", "回复的消息", "Reply to"),
                Property("attachments", "list", "附件", "Attachments"),
                Property("subject", "text", "主题", "Subject"),
            ),
        ),
        EventDefinition("message_recalled", "撤回消息", "Message recalled", properties=(Property("message_id", "id", "消息编号", "Message id"),)),
        EventDefinition(
            "reaction_added",
            "表情回应",
            "Reaction added",
            is_activity=True,
            properties=(Property("emoji", "text", "表情", "Emoji"), Property("message_id", "id", "消息编号", "Message id")),
        ),
        EventDefinition(
            "order_paid",
            "下单付款",
            "Order paid",
            is_activity=True,
            properties=(
                Property("order_id", "id", "订单号", "Order id"),
                Property("amount", "number", "金额", "Amount"),
                Property("currency", "text", "币种", "Currency"),
                Property("items", "number", "件数", "Items"),
                Property("product", "text", "商品", "Product"),
                Property("products", "list", "全部商品", "Products"),
            ),
        ),
        EventDefinition(
            "order_refunded",
            "退款",
            "Order refunded",
            properties=(
                Property("order_id", "id", "订单号", "Order id"),
                Property("amount", "number", "金额", "Amount"),
                Property("currency", "text", "币种", "Currency"),
            ),
        ),
        EventDefinition("account_joined", "关联企业", "Joined an account", properties=(Property("group_id", "id", "企业编号", "Account id"),)),
        EventDefinition("community_rezoned", "社群时区已更改", "Community time zone changed"),
        EventDefinition("group_notice", "系统消息", "Group notice"),
        EventDefinition(
            "page_viewed",
            "浏览页面",
            "Page viewed",
            is_activity=True,
            properties=(Property("path", "text", "路径", "Path"), Property("title", "text", "标题", "Title")),
        ),
    ),
    actions=ACTIONS,
    jobs=(PeriodicJob("events.forget_ids", tasks.FORGET_EVERY_SECONDS, tasks.forget_ids),),
)
