"""What reports add: the right to read numbers."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, Permission

CONTRIBUTES = Contributions(
    permissions=(Permission("reports.read", "查看数据", "Read numbers", frozenset({"manager", "creator", "moderator", "analyst", "viewer"})),),
)
