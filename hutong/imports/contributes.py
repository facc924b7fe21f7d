"""What imports add: the right to bring in history."""

from __future__ import annotations

from hutong.foundation.contributions import Contributions, PeriodicJob, Permission
from hutong.imports import tasks, uploads

CONTRIBUTES = Contributions(
    permissions=(Permission("imports.run", "导入数据", "Import data", frozenset({"manager"})),),
    jobs=(PeriodicJob("imports.mind", 60, tasks.mind), PeriodicJob("imports.sweep", 3600, uploads.sweep)),
)
