"""What the migrations make of an empty SQLite store, as SQL: `python -m tests.config.schema` prints it, `--write` keeps it for first starts.

With a data folder it prints what is in that one.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / "hutong" / "config" / "schema.sql"
MIGRATE = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"


def made() -> str:
    """By the migrations."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HUTONG_DATA": folder, "HUTONG_SECRET_KEY": "schema", "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
        subprocess.run([sys.executable, "-c", MIGRATE], env=environment, check=True)
        return said(Path(folder))


def said(folder: Path) -> str:
    """The store of a data folder as SQL, the moments at which migrations were applied all one."""
    store = sqlite3.connect(folder / "hutong.db")
    try:
        lines = [line for line in store.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
    finally:
        store.close()
    moment = re.compile(r"(INSERT INTO \"django_migrations\" .*)'[^']+'\);$")
    return "".join(f"{moment.sub(_undated, line)}\n" for line in lines)


def _undated(found: re.Match[str]) -> str:
    return f"{found[1]}'2026-01-01 00:00:00');"


if __name__ == "__main__":
    if "--write" in sys.argv:
        KEPT.write_text(made())
    else:
        sys.stdout.write(said(Path(sys.argv[1])) if len(sys.argv) > 1 else made())
