"""Tells SQLite's planner how members are spread, from the first row on.

Without statistics it takes an index on the workspace for selective and walks half a million rows to find fifty; statistics gathered
on an empty or small database say the same. These say what a large one is like; `ANALYZE` may replace them at any time.
"""

from django.db import migrations

MEMBERS = 500_000
ROWS_PER_VALUE = {
    "workspace_id": MEMBERS, "merged_into_id": MEMBERS, "channel": 100_000, "community_id": 50_000, "attribute_id": 50_000, "group_id": 10_000,
    "left_at": 20_000, "messages": 2_000, "last_active_at": 5, "joined_at": 3, "name": 2, "member_id": 2, "origin_id": 2, "kept_id": 2,
    "absorbed_id": 1, "external_id": 1, "id": 1, "name_folded": 2, "names_folded": 2,
}
PARTIAL = {"member_absorbed": 5_000, "member_bots": 500, "participation_present": 350_000, "membership_open_once": 350_000}
TABLES = ("members_member", "members_identity", "members_attributevalue", "members_membership", "members_participation")


def tell(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_master")  # makes the table of statistics
        for table in TABLES:
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = %s", [table])
            cursor.execute(f"PRAGMA index_list({table})")
            for _, name, is_unique, _, _ in cursor.fetchall():
                cursor.execute(f'PRAGMA index_info("{name}")')
                columns = [row[2] for row in cursor.fetchall()]
                rows = PARTIAL.get(name, MEMBERS)
                counts, left = [rows], rows
                for column in columns:
                    left = min(left, ROWS_PER_VALUE[column])
                    counts.append(left)
                if is_unique:
                    counts[-1] = 1
                cursor.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)", [table, name, " ".join(map(str, counts))])
        cursor.execute("ANALYZE sqlite_master")  # has this connection read them


class Migration(migrations.Migration):
    dependencies = [("members", "0002_summaries")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
