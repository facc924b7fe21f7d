"""What welcomes add: rights over them, and the event of somebody being welcomed."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, EventDefinition, Owner, Permission, Property

CONTRIBUTES = Contributions(
    permissions=(
        Permission("welcomes.read", "查看欢迎语", "See welcomes", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),
        Permission("welcomes.manage", "管理欢迎语", "Manage welcomes", frozenset({"manager", "creator"})),
    ),
    events=(
        EventDefinition(
            "welcomed",
            "收到欢迎",
            "Welcomed",
            is_noted=True,
            properties=(
                Property("welcome_id", "id", "欢迎语", "Welcome"),
                Property("welcome", "text", "欢迎语名称", "Welcome's name"),
                Property("account_id", "id", "平台账号", "Account"),
            ),
        ),
    ),
    owners=(Owner("welcome", "「{name}」欢迎了一位成员", "“{name}” welcomed a member"),),
)
