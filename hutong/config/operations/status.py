"""The system status: every fact and finding at once."""

from __future__ import annotations

from typing import Any

from hutong.config.operations import checks, facts
from hutong.events import queries as events
from hutong.foundation.jobs import queries as jobs

ORDER = ("ok", "warn", "fail")


def worst(findings: list[checks.Finding]) -> checks.State:
    """The state of the worst of them."""
    return max((one.state for one in findings), key=ORDER.index, default="ok")


def status(language: str) -> dict[str, Any]:
    """What the console's system page shows."""
    answers = events.answers()
    findings = [*checks.of_process(), checks.warehouse(answers=answers)]
    return {
        "state": worst(findings),
        "findings": [{"key": one.key, "state": one.state, "message": one.text(language)} for one in findings],
        "versions": facts.versions(),
        "started_at": facts.STARTED,
        "memory_bytes": facts.memory_bytes(),
        "disk": facts.disk(),
        "ingest": facts.ingest(),
        "log_entries": events.log_entries(),
        "subscribers": events.standings(),
        "jobs": jobs.counts(),
        "warehouse_rows": events.rows_by_table() if answers else {},
    }
