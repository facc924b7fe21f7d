"""What the first four migrations come to: a store without segments gets them in one go; members it has already are named in the log."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.manager
import hutong.foundation.clock
import hutong.foundation.ids
from django.db import migrations, models

tell = import_module("hutong.segments.migrations.0002_mirrors").tell


class Migration(migrations.Migration):

    replaces = [('segments', '0001_initial'), ('segments', '0002_mirrors'), ('segments', '0003_tags_and_edits'), ('segments', '0004_life_cycle')]

    initial = True

    dependencies = [
        ('communities', '0001_initial'),
        ('events', '0003_accepted_blocks'),
        ('members', '0005_attribute_options'),
        ('workspaces', '0002_installation_and_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='LifeCycle',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('thresholds', models.JSONField(default=dict)),
                ('bands', models.JSONField(null=True)),
                ('asked', models.PositiveIntegerField(default=1)),
                ('answered', models.PositiveIntegerField(default=0)),
                ('computed_day', models.DateField(null=True)),
                ('computed_at', models.DateTimeField(null=True)),
                ('compute_seconds', models.FloatField(default=0)),
                ('before', models.JSONField(null=True)),
                ('rfm_day', models.DateField(null=True)),
                ('rfm_basis', models.CharField(choices=[('orders', 'orders'), ('activity', 'activity')], default='orders', max_length=8)),
                ('changed_by_name', models.CharField(blank=True, max_length=100)),
                ('updated_at', models.DateTimeField(null=True)),
                ('community', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MemberEdit',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('whom', models.JSONField()),
                ('change', models.JSONField()),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('undoing', 'undoing'), ('undone', 'undone')], default='running', max_length=9)),
                ('members_total', models.PositiveIntegerField(null=True)),
                ('after', models.UUIDField(null=True)),
                ('members_seen', models.PositiveIntegerField(default=0)),
                ('members_changed', models.PositiveIntegerField(default=0)),
                ('members_restored', models.PositiveIntegerField(default=0)),
                ('members_kept', models.PositiveIntegerField(default=0)),
                ('source', models.CharField(max_length=80)),
                ('by_name', models.CharField(max_length=100)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('finished_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('live', 'live'), ('static', 'static')], default='live', max_length=6)),
                ('condition', models.JSONField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('building', 'building'), ('ready', 'ready'), ('failed', 'failed'), ('stale', 'stale')], default='ready', max_length=8)),
                ('problems', models.JSONField(default=list)),
                ('members_count', models.PositiveIntegerField(default=0)),
                ('built_version', models.PositiveIntegerField(default=0)),
                ('built_day', models.DateField(null=True)),
                ('built_at', models.DateTimeField(null=True)),
                ('build_seconds', models.FloatField(default=0)),
                ('is_sample', models.BooleanField(default=False)),
                ('created_by_name', models.CharField(max_length=100)),
                ('changed_by_name', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('updated_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='communities.community')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='segment_name_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SegmentDay',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('members', models.PositiveIntegerField()),
                ('entered', models.PositiveIntegerField(default=0)),
                ('left', models.PositiveIntegerField(default=0)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='segments.segment')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('segment', 'day'), name='segment_day_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SegmentExport',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('format', models.CharField(choices=[('csv', 'csv'), ('xlsx', 'xlsx')], max_length=4)),
                ('state', models.CharField(choices=[('running', 'running'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('expired', 'expired')], default='running', max_length=9)),
                ('members_total', models.PositiveIntegerField()),
                ('members_written', models.PositiveIntegerField(default=0)),
                ('language', models.CharField(default='zh', max_length=2)),
                ('by_name', models.CharField(max_length=100)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('finished_at', models.DateTimeField(null=True)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='segments.segment')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SegmentMember',
            fields=[
                ('pk', models.CompositePrimaryKey('segment_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entered_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('segment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='segments.segment')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'base_manager_name': 'plain',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='SegmentVersion',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('condition', models.JSONField(null=True)),
                ('by_name', models.CharField(max_length=100)),
                ('at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('members_count', models.PositiveIntegerField(null=True)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='segments.segment')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('segment', 'version'), name='segment_version_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('color', models.CharField(choices=[('teal', 'teal'), ('red', 'red'), ('purple', 'purple'), ('gold', 'gold'), ('blue', 'blue'), ('green', 'green'), ('gray', 'gray')], default='gray', max_length=8)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('is_removed_on_leave', models.BooleanField(default=True)),
                ('is_sample', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('updated_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('segment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='segments.segment')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='tag_name_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MemberTag',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=80)),
                ('source_name', models.CharField(blank=True, max_length=100)),
                ('set_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('origin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='given', to='segments.tag')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['tag', 'member'], name='member_tag_of_tag'), models.Index(fields=['member', 'tag'], name='member_tag_of_member')],
                'constraints': [models.UniqueConstraint(fields=('tag', 'origin'), name='member_tag_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='TagGroup',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('position', models.PositiveIntegerField(default=0)),
                ('is_sample', models.BooleanField(default=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='tag_group_name_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name='tag',
            name='group',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tags', to='segments.taggroup'),
        ),
        migrations.CreateModel(
            name='EditedMember',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('before', models.JSONField(default=dict)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('edit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='members', to='segments.memberedit')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('edit', 'member'), name='edited_member_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MemberRFM',
            fields=[
                ('pk', models.CompositePrimaryKey('community_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('recency', models.PositiveSmallIntegerField()),
                ('frequency', models.PositiveSmallIntegerField()),
                ('monetary', models.PositiveSmallIntegerField()),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['community', 'recency', 'frequency', 'member'], name='member_rfm_cell')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='MemberStage',
            fields=[
                ('pk', models.CompositePrimaryKey('community_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('activity', models.CharField(max_length=10)),
                ('activity_since', models.DateField(null=True)),
                ('purchase', models.CharField(max_length=10)),
                ('purchase_since', models.DateField(null=True)),
                ('number', models.BigIntegerField()),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['community', 'activity', 'member'], name='member_stage_activity'), models.Index(fields=['community', 'purchase', 'member'], name='member_stage_purchase')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
