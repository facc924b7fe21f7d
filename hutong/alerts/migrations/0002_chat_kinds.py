from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0001_initial'),
        ('channels', '0006_chat_kinds'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='subscription',
            name='alert_subscription_of_chat',
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(
                condition=Q(('account__isnull', False), ('user', None)),
                fields=('workspace', 'account', 'chat_ref', 'chat_kind'),
                name='alert_subscription_of_chat_kind',
            ),
        ),
    ]
