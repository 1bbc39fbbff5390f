"""Copies of what stands on walls, for lists of people and for feeds. They are brought up to date by every later change."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("movies", "0002_hidden_and_merged"),
        ("accounts", "0003_findable"),
    ]

    operations = [
        migrations.RunSQL(
            """
            UPDATE accounts_user SET films_shown = shown.films, last_shown_at = shown.last_at
            FROM (
                SELECT owner_id, count(*) AS films, max(recorded_at) AS last_at FROM movies_entry
                WHERE visibility = 'public' AND deleted_at IS NULL GROUP BY owner_id
            ) AS shown WHERE shown.owner_id = accounts_user.id;
            UPDATE accounts_user SET last_entry_at = (
                SELECT max(recorded_at) FROM movies_entry
                WHERE owner_id = accounts_user.id AND visibility <> 'private' AND deleted_at IS NULL
            );
            UPDATE accounts_follow SET last_entry_at = followee.last_entry_at
            FROM accounts_user AS followee WHERE followee.id = followee_id;
            """,
            migrations.RunSQL.noop,
        ),
    ]
