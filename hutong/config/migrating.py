"""Bringing the records' store up to the code."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# What the migrations make of an empty SQLite store. They take twenty times as long, nearly all of it for Django to follow its models' history.
SCHEMA = Path(__file__).with_name("schema.sql")


def pending() -> list[str]:
    """Migrations the store has not seen, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def bring_up_to_date() -> list[str]:
    """Apply what is pending; gives their names. The caller owns the data folder."""
    wanted = pending()
    if wanted and connection.vendor == "sqlite" and not connection.introspection.table_names():
        lay_out()
    elif wanted:
        call_command("migrate", interactive=False, verbosity=0)
    return wanted


def lay_out() -> None:
    """Make an empty SQLite store what the migrations would make of it, all at once or not at all."""
    connection.ensure_connection()
    connection.connection.executescript(f'BEGIN IMMEDIATE;\n{SCHEMA.read_text()}\nCOMMIT;\nANALYZE "sqlite_master";')
