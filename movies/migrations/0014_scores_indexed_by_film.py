"""What the page of a film counts, in an index of its own: of a film that ten thousand recorded it would otherwise read as
many rows, wherever they lie. Safe to repeat."""

from django.db import migrations, models
from django.db.models import Q

NAME = "entry_scores_of_film"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("movies", "0013_viewings_and_wishes_indexed_once")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}", migrations.RunSQL.noop),
                migrations.RunSQL(
                    f"CREATE INDEX CONCURRENTLY {NAME} ON movies_entry (film_id, owner_id) INCLUDE (score)"
                    " WHERE deleted_at IS NULL AND hidden_at IS NULL AND visibility = 'public'",
                    f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    "entry",
                    models.Index(
                        fields=["film", "owner"],
                        include=["score"],
                        name=NAME,
                        condition=Q(deleted_at=None, hidden_at=None, visibility="public"),
                    ),
                )
            ],
        )
    ]
