"""Keep accepted ids in one b-tree on SQLite instead of two: half the pages written for each event."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def one_tree(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute('DROP TABLE "events_acceptedid"')
        editor.execute('CREATE TABLE "events_acceptedid" ("key" BLOB NOT NULL PRIMARY KEY, "day" integer NOT NULL) WITHOUT ROWID')


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(one_tree, migrations.RunPython.noop)]
