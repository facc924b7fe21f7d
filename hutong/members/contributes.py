"""What members add: rights, events of membership and identity, standard attributes."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, Permission, Property, StandardAttribute
from hutong.members.acting import ACTIONS

CONTRIBUTES = Contributions(
    permissions=(
        Permission("members.read", "查看成员", "See members", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("members.change", "修改成员资料", "Change member profiles", frozenset({"manager", "moderator"})),
        Permission("members.merge", "合并成员", "Merge members", frozenset({"manager"})),
        Permission("members.export", "导出成员", "Export members", frozenset({"manager", "analyst"})),
        Permission("attributes.manage", "管理属性", "Manage attributes", frozenset({"manager"})),
    ),
    events=(
        EventDefinition("member_joined", "加入群", "Joined a group"),
        EventDefinition(
            "member_left", "离开群", "Left a group", properties=(Property("reason", "text", "原因", "Reason"), Property("by", "text", "操作人", "By"))
        ),
        EventDefinition(
            "member_renamed", "改名", "Renamed", properties=(Property("from", "text", "原名", "From"), Property("to", "text", "新名", "To"))
        ),
        EventDefinition("member_identified", "身份已识别", "Identified"),
        EventDefinition(
            "members_merged", "成员已合并", "Members merged", properties=(Property("absorbed_id", "id", "被合并成员", "Absorbed member"),)
        ),
        EventDefinition(
            "members_unmerged", "合并已撤销", "Merge undone", properties=(Property("restored_id", "id", "恢复的成员", "Restored member"),)
        ),
        EventDefinition("attributes_changed", "资料已更新", "Profile changed", properties=(Property("keys", "list", "属性", "Attributes"),)),
    ),
    actions=ACTIONS,
    attributes=(
        StandardAttribute("email", "text", "邮箱", "E-mail"),
        StandardAttribute("phone", "text", "手机号", "Phone"),
        StandardAttribute("gender", "text", "性别", "Gender"),
        StandardAttribute("birthday", "birthday", "生日", "Birthday"),
        StandardAttribute("city", "text", "城市", "City"),
        StandardAttribute("company", "text", "公司", "Company"),
        StandardAttribute("title", "text", "职位", "Job title"),
        StandardAttribute("language", "text", "语言", "Language"),
        StandardAttribute("time_zone", "text", "时区", "Time zone"),
        StandardAttribute("note", "text", "备注", "Note"),
    ),
)
