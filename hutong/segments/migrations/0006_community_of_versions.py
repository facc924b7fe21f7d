"""Whose days each version of a segment meant. Until now that could not be changed."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_over(apps, schema_editor):
    segments = apps.get_model("segments", "Segment").objects.filter(pk=OuterRef("segment_id"))
    apps.get_model("segments", "SegmentVersion").objects.update(community_id=Subquery(segments.values("community_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("segments", "0005_placed_members")]
    operations = [
        migrations.AddField(
            "segmentversion",
            "community",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="communities.community"),
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
