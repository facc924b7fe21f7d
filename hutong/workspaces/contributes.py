"""What workspaces add: the rights over staff, keys and settings."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, PeriodicJob, Permission
from hutong.workspaces.actions import pruning

ALL = frozenset({"manager", "creator", "moderator", "analyst", "viewer"})
MANAGERS = frozenset({"manager"})

CONTRIBUTES = Contributions(
    permissions=(
        Permission("workspace.read", "查看工作区", "See the workspace", ALL),
        Permission("workspace.change", "修改工作区设置", "Change workspace settings", MANAGERS),
        Permission("staff.read", "查看员工", "See staff", ALL),
        Permission("staff.manage", "管理员工与角色", "Manage staff and roles", frozenset()),
        Permission("keys.manage", "管理密钥", "Manage keys", frozenset()),
        Permission("audit.read", "查看审计日志", "Read the audit log", MANAGERS),
        Permission("system.read", "查看系统状态", "See the system status", MANAGERS),
    ),
    jobs=(
        PeriodicJob("sessions.clear", 3600, pruning.clear_sessions),
        PeriodicJob("sign_in_failures.clear", 3600, pruning.clear_failures),
        PeriodicJob("idempotent_replies.clear", 3600, pruning.clear_replies),
    ),
)
