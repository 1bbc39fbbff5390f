"""Others of their indexes begin with the same columns: those that held nothing else took room and time at each recording.
Safe to repeat."""

from django.conf import settings
from django.db import migrations, models

ALONE = {
    "movies_viewing_entry_id_6a073e55": ("movies_viewing", "entry_id"),
    "movies_wish_owner_id_f26bf384": ("movies_wish", "owner_id"),
    "movies_wish_film_id_acd2eda9": ("movies_wish", "film_id"),
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("movies", "0012_reviews_indexed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON {table} ({column})",
                )
                for name, (table, column) in ALONE.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "viewing",
                    "entry",
                    models.ForeignKey(
                        "movies.entry", models.deletion.CASCADE, db_index=False, related_name="viewings"
                    ),
                ),
                migrations.AlterField(
                    "wish",
                    "owner",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.deletion.CASCADE, db_index=False, related_name="wishes"
                    ),
                ),
                migrations.AlterField(
                    "wish",
                    "film",
                    models.ForeignKey("movies.film", models.deletion.PROTECT, db_index=False, related_name="wishes"),
                ),
            ],
        )
    ]
