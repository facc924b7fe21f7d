"""Names as searches compare them, kept where the database would not find them by itself."""

import hutong.members.models
from django.db import migrations, models
from django.db.models import Q
from hutong.members.names import folded_beside


def fold(apps, schema_editor):
    for model, of, target in (("Member", ("name",), "name_folded"), ("Identity", ("external_id", "name"), "names_folded")):
        table = apps.get_model("members", model)._meta.db_table
        with schema_editor.connection.cursor() as reader:
            reader.execute(f"SELECT id, {', '.join(of)} FROM {table}")
            while rows := reader.fetchmany(100_000):
                changed = [(plain, row[0]) for row in rows if (plain := folded_beside(*row[1:]))]
                with schema_editor.connection.cursor() as writer:
                    writer.executemany(f"UPDATE {table} SET {target} = %s WHERE id = %s", changed)


class Migration(migrations.Migration):
    dependencies = [("members", "0003_planner")]
    operations = [
        migrations.AddField("member", "name_folded", hutong.members.models.FoldedField("name")),
        migrations.AddField("identity", "names_folded", hutong.members.models.FoldedField("external_id", "name")),
        migrations.RunPython(fold, migrations.RunPython.noop),
        migrations.AddIndex(
            "member",
            models.Index(fields=["workspace", "merged_into", "name_folded", "id"], condition=Q(name_folded__isnull=False), name="member_by_folded"),
        ),
        migrations.AddIndex(
            "identity",
            models.Index(fields=["workspace", "names_folded", "member"], condition=Q(names_folded__isnull=False), name="identity_by_folded"),
        ),
    ]
