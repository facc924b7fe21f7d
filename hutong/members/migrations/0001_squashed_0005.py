"""What the first five migrations come to: a new store is made in one go."""

import django.db.models.deletion
import django.db.models.manager
import hutong.foundation.clock
import hutong.foundation.ids
import hutong.members.models
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('members', '0001_initial'), ('members', '0002_summaries'), ('members', '0003_planner'), ('members', '0004_folded_names'), ('members', '0005_attribute_options')]

    initial = True

    dependencies = [
        ('communities', '0001_initial'),
        ('workspaces', '0002_installation_and_addresses'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=60)),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(max_length=60)),
                ('type', models.CharField(choices=[('text', 'text'), ('number', 'number'), ('boolean', 'boolean'), ('date', 'date'), ('birthday', 'birthday'), ('list', 'list')], max_length=10)),
                ('is_standard', models.BooleanField(default=False)),
                ('description', models.CharField(blank=True, max_length=300)),
                ('options', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('workspace', 'key'), name='attribute_key_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('name_folded', hutong.members.models.FoldedField('name')),
                ('is_name_fixed', models.BooleanField(default=False)),
                ('is_anonymous', models.BooleanField(default=False)),
                ('is_bot', models.BooleanField(default=False)),
                ('is_sample', models.BooleanField(default=False)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('last_active_at', models.DateTimeField(null=True)),
                ('messages', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='absorbed', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['workspace', 'merged_into', '-last_active_at', '-id'], name='member_recent'), models.Index(fields=['workspace', 'merged_into', '-messages', '-id'], name='member_talkative'), models.Index(fields=['workspace', 'merged_into', '-joined_at', '-id'], name='member_joined'), models.Index(fields=['workspace', 'merged_into', 'name', 'id'], name='member_by_name'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='member_absorbed'), models.Index(condition=models.Q(('is_bot', True)), fields=['workspace', 'merged_into'], name='member_bots'), models.Index(condition=models.Q(('name_folded__isnull', False)), fields=['workspace', 'merged_into', 'name_folded', 'id'], name='member_by_folded')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=30)),
                ('external_id', models.CharField(max_length=255)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('names_folded', hutong.members.models.FoldedField('external_id', 'name')),
                ('last_seen_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('created_at', models.DateTimeField(default=hutong.foundation.clock.now, editable=False)),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='members.member')),
                ('origin', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['member', 'workspace'], name='identity_of_member'), models.Index(condition=models.Q(('names_folded__isnull', False)), fields=['workspace', 'names_folded', 'member'], name='identity_by_folded')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'channel', 'external_id'), name='identity_unique')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='AttributeValue',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('value', models.JSONField()),
                ('source', models.CharField(max_length=80)),
                ('source_name', models.CharField(blank=True, max_length=100)),
                ('set_at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('attribute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='members.attribute')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attribute_values', to='members.member')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'constraints': [models.UniqueConstraint(fields=('member', 'attribute'), name='attribute_value_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('joined_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
                ('last_in_at', models.DateTimeField(null=True)),
                ('last_out_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='communities.group')),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['group', 'member', 'joined_at'], name='membership_of_group'), models.Index(fields=['community', 'left_at', 'member'], name='membership_present'), models.Index(fields=['member', 'joined_at'], name='membership_of_member')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('group', 'member'), name='membership_open_once'), models.CheckConstraint(condition=models.Q(('left_at', None), ('left_at__gte', models.F('joined_at')), _connector='OR'), name='membership_in_order')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('by_name', models.CharField(max_length=100)),
                ('at', models.DateTimeField(default=hutong.foundation.clock.now)),
                ('undone_at', models.DateTimeField(null=True)),
                ('snapshot', models.JSONField(default=dict)),
                ('absorbed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
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
            name='OriginState',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('first_seen_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('is_bot', models.BooleanField(default=False)),
                ('is_anonymous', models.BooleanField(default=False)),
                ('stays', models.JSONField(default=list)),
                ('participations', models.JSONField(default=list)),
                ('values', models.JSONField(default=list)),
                ('origin', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='origin_state', to='members.member')),
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
            name='Participation',
            fields=[
                ('id', models.UUIDField(default=hutong.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('first_seen_at', models.DateTimeField()),
                ('first_active_at', models.DateTimeField(null=True)),
                ('last_active_at', models.DateTimeField(null=True)),
                ('last_message_at', models.DateTimeField(null=True)),
                ('messages', models.PositiveIntegerField(default=0)),
                ('joined_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='communities.community')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='members.member')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workspaces.workspace')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'plain',
                'indexes': [models.Index(fields=['community', '-last_active_at', '-member'], name='participation_recent'), models.Index(fields=['community', '-messages', '-member'], name='participation_talkative'), models.Index(fields=['community', '-joined_at', '-member'], name='participation_joined'), models.Index(condition=models.Q(('joined_at__isnull', False), ('left_at', None)), fields=['community'], name='participation_present')],
                'constraints': [models.UniqueConstraint(fields=('community', 'member'), name='participation_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('plain', django.db.models.manager.Manager()),
            ],
        ),
    ]
