"""Still pictures of the warehouse: parts frozen as hard links, taken elsewhere, and attached again to an empty one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from hutong.events.warehouse import engine

DEDUPLICATION = "deduplication_logs"
PARTS = "parts"
COUNT_FILE = "count.txt"


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """One table as it stood: the statement that makes it, its parts, and the tokens of batches it has seen."""

    name: str
    create: str
    parts: tuple[Path, ...]
    tokens: tuple[Path, ...]

    @property
    def rows(self) -> int:
        """Rows in the frozen parts."""
        return sum(int((part / COUNT_FILE).read_text()) for part in self.parts)


def _tables() -> list[tuple[str, str, Path]]:
    rows = engine.rows(
        "SELECT name, create_table_query, data_paths[1] FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name"
    )
    return [(str(name), str(create), Path(str(folder))) for name, create, folder in rows]


def views() -> list[str]:
    """The statements that make the materialised views."""
    rows = engine.rows(
        "SELECT create_table_query FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView' ORDER BY name"
    )
    return [str(create) for (create,) in rows]


def freeze(name: str, *, tokens_to: Path) -> list[FrozenTable]:
    """Hard-link every part under `name`, and copy the tokens. The caller holds `engine.writing`; takes milliseconds."""
    found = []
    for table, create, folder in _tables():
        engine.command(f"ALTER TABLE `{table}` FREEZE WITH NAME '{name}'")
        frozen = _shadow(name) / folder.relative_to(settings.WAREHOUSE_DIR)
        parts = tuple(sorted(part for part in frozen.iterdir() if (part / COUNT_FILE).exists())) if frozen.exists() else ()
        kept = tokens_to / table
        kept.mkdir(parents=True)
        logs = folder / DEDUPLICATION
        tokens = tuple(Path(shutil.copy2(log, kept / log.name)) for log in sorted(logs.iterdir())) if logs.exists() else ()
        found.append(FrozenTable(table, create, parts, tokens))
    return found


def forget(name: str) -> None:
    """Remove the hard links."""
    shutil.rmtree(_shadow(name), ignore_errors=True)


def _shadow(name: str) -> Path:
    folder: Path = settings.WAREHOUSE_DIR
    return folder / "shadow" / name


def attach(tables: dict[str, str], views: list[str], *, source: Path) -> dict[str, int]:
    """Fill an empty warehouse from `source/<table>/{parts,deduplication_logs}`; gives the rows of each table.

    `tables` are the statements that make them. Merges stand still meanwhile, so that the rows can be compared.
    """
    client = engine.connect()
    for create in [*tables.values(), *views]:
        client.command(create)
    client.command("SYSTEM STOP MERGES")
    folders = {}
    for table in tables:
        (path,) = client.query(f"SELECT data_paths[1] FROM system.tables WHERE database = currentDatabase() AND name = '{table}'").result_rows[0]
        folders[table] = Path(path)
        for part in sorted((source / table / PARTS).iterdir()):
            shutil.copytree(part, folders[table] / "detached" / part.name)
            client.command(f"ALTER TABLE `{table}` ATTACH PART '{part.name}'")
    rows = client.query("SELECT table, sum(rows) FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table").result_rows
    client.close()
    for table in tables:
        shutil.copytree(source / table / DEDUPLICATION, folders[table] / DEDUPLICATION, dirs_exist_ok=True)
    return dict.fromkeys(tables, 0) | {str(name): int(count) for name, count in rows}
