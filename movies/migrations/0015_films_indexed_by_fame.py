"""The best-known films, which the front page shows, without sorting all there are. Safe to repeat."""

from django.db import migrations, models
from django.db.models import F, Q

NAME = "film_by_fame"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("movies", "0014_scores_indexed_by_film")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
                migrations.RunSQL(
                    f"CREATE INDEX CONCURRENTLY {NAME} ON movies_film (fame DESC, id DESC) WHERE merged_into_id IS NULL",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    "film",
                    models.Index(F("fame").desc(), F("id").desc(), name=NAME, condition=Q(merged_into=None)),
                )
            ],
        )
    ]
