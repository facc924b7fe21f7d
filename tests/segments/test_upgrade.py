"""A store from before there were segments: members it has already are mirrored in the warehouse after the upgrade."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

UPGRADE = """
import uuid
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
executor.loader.replace_migrations = False  # as the store was made then
executor.loader.build_graph()
executor.migrate([("members", "0004_folded_names"), ("events", "0003_accepted_blocks")])
apps = executor.loader.project_state([("members", "0004_folded_names")]).apps
workspace = apps.get_model("workspaces", "Workspace").objects.create(name="w")
day = "2026-01-01T00:00:00Z"
apps.get_model("members", "Member").objects.create(id=uuid.UUID(int=7), workspace=workspace, name="ann", first_seen_at=day, last_seen_at=day)
call_command("migrate", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT name, body FROM events_logentry")
    print([(name, str(uuid.UUID(int=7)) in bytes(body).decode()) for name, body in cursor.fetchall()])
"""


def test_members_that_were_there_are_told_of(tmp_path: Path) -> None:
    environment = {**os.environ, "HUTONG_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "hutong.config.settings"}
    done = subprocess.run([sys.executable, "-c", UPGRADE], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[('~people', True)]", "")
