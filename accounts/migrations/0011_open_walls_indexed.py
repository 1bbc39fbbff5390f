"""Whose walls all may see, to be asked for a film's ten thousand entries without reading a row. Safe to repeat."""

from django.db import migrations, models
from django.db.models import F, Q

NAME = "user_with_open_wall"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0010_follows_indexed_once")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
                migrations.RunSQL(
                    f"CREATE INDEX CONCURRENTLY {NAME} ON accounts_user (id)"
                    " WHERE is_active AND wall_visibility = 'public'",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    "user", models.Index(F("id"), name=NAME, condition=Q(wall_visibility="public", is_active=True))
                )
            ],
        )
    ]
