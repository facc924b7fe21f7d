"""Bringing the records' store up to the code."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending() -> list[str]:
    """Migrations the store has not seen, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> list[str]:
    """Apply what is pending; gives their names. The caller owns the data folder."""
    wanted = pending()
    if wanted:
        call_command("migrate", interactive=False, verbosity=0)
    return wanted
