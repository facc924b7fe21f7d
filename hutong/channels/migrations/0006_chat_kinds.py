from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0005_opt_outs'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='chat',
            name='channel_chat_once',
        ),
        migrations.AddConstraint(
            model_name='chat',
            constraint=models.UniqueConstraint(fields=('account', 'external_id', 'kind'), name='channel_chat_of_kind_once'),
        ),
        migrations.AddField(
            model_name='accounthealth',
            name='alive_at',
            field=models.DateTimeField(null=True),
        ),
    ]
