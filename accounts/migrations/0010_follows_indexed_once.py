"""Others of its indexes begin with the same columns. One that held nothing else led the list of followed people who
recorded a film astray. Safe to repeat."""

from django.conf import settings
from django.db import migrations, models

ALONE = {"follower": "accounts_follow_follower_id_9423e7d3", "followee": "accounts_follow_followee_id_4aa4002a"}
RELATED = {"follower": "following", "followee": "followers"}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0009_shows_tags")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON accounts_follow ({column}_id)",
                )
                for column, name in ALONE.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "follow",
                    column,
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.deletion.CASCADE,
                        db_index=False,
                        related_name=RELATED[column],
                    ),
                )
                for column in ALONE
            ],
        )
    ]
