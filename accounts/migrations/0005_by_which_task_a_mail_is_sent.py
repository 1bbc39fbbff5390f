from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_mailboxes'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='task',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=100),
        ),
    ]
