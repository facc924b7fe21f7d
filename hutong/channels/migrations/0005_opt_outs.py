from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0004_behind_the_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='optout',
            name='stops',
            field=models.CharField(choices=[('marketing', 'marketing'), ('all', 'all')], default='marketing', max_length=10),
        ),
        migrations.AddField(
            model_name='optout',
            name='reason',
            field=models.CharField(choices=[('link', 'link'), ('asked', 'asked'), ('complaint', 'complaint'), ('bounced', 'bounced'), ('staff', 'staff'), ('imported', 'imported')], default='asked', max_length=10),
        ),
        migrations.AddField(
            model_name='optout',
            name='note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='optout',
            name='by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RemoveConstraint(
            model_name='optout',
            name='channel_opt_out_once',
        ),
        migrations.AddConstraint(
            model_name='optout',
            constraint=models.UniqueConstraint(fields=('workspace', 'channel', 'user_ref', 'stops'), name='channel_opt_out_of_kind_once'),
        ),
        migrations.AddIndex(
            model_name='optout',
            index=models.Index(fields=['workspace', '-id'], name='channel_opt_out_latest'),
        ),
        migrations.AddField(
            model_name='send',
            name='dropped_at',
            field=models.DateTimeField(null=True),
        ),
    ]
