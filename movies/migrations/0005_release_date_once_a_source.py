"""The wider index is built beside the narrower one, without holding the table, and then takes its place."""

from django.db import migrations, models

FIELDS = ("film", "country", "kind", "released_on", "note", "source")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("movies", "0004_wishes_and_releases")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE movies_releasedate DROP CONSTRAINT IF EXISTS release_date_once_a_source",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS release_date_once_a_source", migrations.RunSQL.noop),
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY release_date_once_a_source ON movies_releasedate"
                    " (film_id, country, kind, released_on, note, source)",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "ALTER TABLE movies_releasedate DROP CONSTRAINT IF EXISTS release_date_once,"
                    " ADD CONSTRAINT release_date_once_a_source UNIQUE USING INDEX release_date_once_a_source",
                    "ALTER TABLE movies_releasedate DROP CONSTRAINT release_date_once_a_source,"
                    " ADD CONSTRAINT release_date_once UNIQUE (film_id, country, kind, released_on, note)",
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint("releasedate", "release_date_once"),
                migrations.AddConstraint(
                    "releasedate", models.UniqueConstraint(fields=FIELDS, name="release_date_once_a_source")
                ),
            ],
        )
    ]
