from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_by_which_task_a_mail_is_sent'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='contactmessage',
            name='contact_to_mail',
        ),
    ]
