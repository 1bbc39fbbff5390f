"""By what reviews are listed. The indexes are built, and the rows looked through, without holding the table: beside the new
columns, in one transaction, they would keep every reader of a wall waiting. Safe to repeat."""

from django.db import migrations, models
from django.db.models import F, OrderBy, Q

WRITTEN = Q(deleted_at=None) & ~Q(review="")


def index(name: str, key: str) -> models.Index:
    newest = OrderBy(F("reviewed_at"), descending=True, nulls_last=True), OrderBy(F("id"), descending=True)
    return models.Index(F(key), *newest, condition=WRITTEN, name=name)


def built(name: str, column: str) -> list[migrations.RunSQL]:
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"CREATE INDEX CONCURRENTLY {name} ON movies_entry ({column}, reviewed_at DESC NULLS LAST, id DESC)"
            " WHERE deleted_at IS NULL AND NOT (review = '')",
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        ),
    ]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("movies", "0011_pictures_show_entries")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                *built("entry_reviews_of_film", "film_id"),
                *built("entry_reviews_of_owner", "owner_id"),
                migrations.RunSQL(
                    "ALTER TABLE movies_entry DROP CONSTRAINT IF EXISTS entry_review_audience_known,"
                    " ADD CONSTRAINT entry_review_audience_known"
                    " CHECK (review_audience IN ('entry', 'public', 'owner')) NOT VALID",
                    "ALTER TABLE movies_entry DROP CONSTRAINT entry_review_audience_known",
                ),
                migrations.RunSQL(
                    "ALTER TABLE movies_entry VALIDATE CONSTRAINT entry_review_audience_known",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AddIndex("entry", index("entry_reviews_of_film", "film")),
                migrations.AddIndex("entry", index("entry_reviews_of_owner", "owner")),
                migrations.AddConstraint(
                    "entry",
                    models.CheckConstraint(
                        condition=Q(review_audience__in=["entry", "public", "owner"]),
                        name="entry_review_audience_known",
                    ),
                ),
            ],
        )
    ]
