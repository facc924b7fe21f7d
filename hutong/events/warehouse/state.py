"""Whether the warehouse answers, and what it holds."""

from __future__ import annotations

from clickhouse_connect.driver.exceptions import ClickHouseError

from hutong.events.warehouse import engine
from hutong.foundation import logs
from hutong.foundation.errors import HutongError

ANSWER_TIMEOUT_SECONDS = 5

log = logs.get("hutong.warehouse")


def answers() -> bool:
    """Whether a trivial query comes back."""
    try:
        return list(engine.rows("SELECT 1", timeout_seconds=ANSWER_TIMEOUT_SECONDS)) == [(1,)]
    except (ClickHouseError, HutongError, OSError) as error:
        log.error("warehouse does not answer", exc_info=error)
        return False


def rows_by_table() -> dict[str, int]:
    """How many rows each table holds; rows to be merged or replaced count until they are."""
    found = engine.rows(
        "SELECT name, toUInt64(ifNull(total_rows, 0)) FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name",
        timeout_seconds=ANSWER_TIMEOUT_SECONDS,
    )
    return {str(name): int(count) for name, count in found}
