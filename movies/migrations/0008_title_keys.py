from django.db import migrations, models



class Migration(migrations.Migration):
    dependencies = [
        ("movies", "0007_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="title_en_key",
            field=models.CharField(db_collation="C", editable=False, max_length=200, null=True),
        ),
        migrations.AddField(
            model_name="entry",
            name="title_ja_key",
            field=models.CharField(db_collation="C", editable=False, max_length=200, null=True),
        ),
    ]
