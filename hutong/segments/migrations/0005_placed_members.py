"""Who was put into static segments is kept by origin; who was merged away shows in them as whom they were merged into."""

import django.db.models.deletion
import django.db.models.manager
import hutong.foundation.clock
from django.db import migrations, models
from django.db.models import Exists, OuterRef

TOGETHER = 5_000


def place(apps, schema_editor):
    """Whoever is in a static segment was put into it, but for those whom a merge that holds has put there."""
    Segment, SegmentMember, PlacedMember, Merge = (
        apps.get_model(*name) for name in (("segments", "Segment"), ("segments", "SegmentMember"), ("segments", "PlacedMember"), ("members", "Merge"))
    )
    for segment in Segment.objects.filter(kind="static").iterator():
        inside = SegmentMember.objects.filter(segment_id=segment.pk)
        absorbed = inside.filter(member_id=OuterRef("absorbed_id"), entered_at__lte=OuterRef("at"))
        merges = Merge.objects.filter(Exists(absorbed), kept_id=OuterRef("member_id"), undone_at=None, at__lte=OuterRef("entered_at"))
        own = inside.annotate(by_merge=Exists(merges)).filter(by_merge=False)
        PlacedMember.objects.bulk_create(
            (
                PlacedMember(workspace_id=segment.workspace_id, segment_id=segment.pk, member_id=member_id, placed_at=entered_at)
                for member_id, entered_at in own.values_list("member_id", "entered_at").iterator(chunk_size=TOGETHER)
            ),
            batch_size=500,
        )
        inside.filter(member__merged_into__isnull=False).delete()
        Segment.objects.filter(pk=segment.pk).update(members_count=inside.count())


class Migration(migrations.Migration):
    dependencies = [("segments", "0004_life_cycle")]
    operations = [
        migrations.CreateModel(
            name="PlacedMember",
            fields=[
                ("pk", models.CompositePrimaryKey("segment_id", "member_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("placed_at", models.DateTimeField(default=hutong.foundation.clock.now)),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.member")),
                ("segment", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="segments.segment")),
                (
                    "workspace",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workspaces.workspace"),
                ),
            ],
            options={"base_manager_name": "plain"},
            managers=[("objects", django.db.models.manager.Manager()), ("plain", django.db.models.manager.Manager())],
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
    ]
