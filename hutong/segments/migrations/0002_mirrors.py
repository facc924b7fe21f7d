"""Members who are there already are named in the log, so that the warehouse mirrors them."""

import json
import uuid

from django.db import migrations

NAMED_TOGETHER = 1_000


def tell(apps, schema_editor):
    member = apps.get_model("members", "Member")._meta.db_table
    value = apps.get_model("members", "AttributeValue")._meta.db_table
    attribute = apps.get_model("members", "Attribute")._meta.db_table
    _tell(schema_editor, "~people", f"SELECT workspace_id, '', id FROM {member} WHERE merged_into_id IS NULL ORDER BY workspace_id")
    _tell(
        schema_editor, "~member_values",
        f"SELECT v.workspace_id, a.key, v.member_id FROM {value} v JOIN {attribute} a ON a.id = v.attribute_id ORDER BY v.workspace_id, a.key",
    )  # fmt: skip


def _tell(schema_editor, name, statement):
    with schema_editor.connection.cursor() as reader, schema_editor.connection.cursor() as writer:
        reader.execute(statement)
        place, named = None, []
        while rows := reader.fetchmany(NAMED_TOGETHER):
            for workspace_id, key, member_id in rows:
                if place != (workspace_id, key) or len(named) == NAMED_TOGETHER:
                    _write(writer, name, place, named)
                    place, named = (workspace_id, key), []
                named.append(str(uuid.UUID(str(member_id))))
        _write(writer, name, place, named)


def _write(writer, name, place, named):
    if named:
        body = json.dumps({"workspace_id": str(uuid.UUID(str(place[0]))), "key": place[1], "member_ids": named})
        writer.execute("INSERT INTO events_logentry (lane, name, body) VALUES (0, %s, %s)", [name, body.encode()])


class Migration(migrations.Migration):
    dependencies = [("segments", "0001_initial"), ("events", "0003_accepted_blocks"), ("members", "0004_folded_names")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
