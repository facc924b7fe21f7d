"""What communities add: rights over communities and groups."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, Permission, Property

CONTRIBUTES = Contributions(
    permissions=(
        Permission(
            "communities.read", "查看社群与群", "See communities and groups", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})
        ),
        Permission("communities.manage", "管理社群与群", "Manage communities and groups", frozenset({"manager"})),
    ),
    events=(
        EventDefinition("community_created", "社群已创建", "Community created", properties=(Property("name", "text", "名称", "Name"),)),
        EventDefinition("group_created", "群已创建", "Group created", properties=(Property("name", "text", "名称", "Name"),)),
    ),
)
