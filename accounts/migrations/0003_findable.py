"""What people are found by, and their counts, written in small steps beside the version that serves meanwhile."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from mymovie.folding import search_text

BATCH = 500


def write_search_text(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    last = 0
    while people := list(User.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for person in people:
            person.search_text = search_text(person.handle, person.display_name)
        User.objects.bulk_update(people, ["search_text"])
        last = people[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0002_people"),
    ]

    operations = [
        # Films are found by it too; whichever comes first makes it, and neither takes it away.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS pg_trgm", migrations.RunSQL.noop),
        migrations.RunPython(write_search_text, migrations.RunPython.noop),
        migrations.RunSQL(
            """
            UPDATE accounts_user SET
                followers_count = (
                    SELECT count(*) FROM accounts_follow JOIN accounts_user AS reader ON reader.id = follower_id
                    WHERE followee_id = accounts_user.id AND accepted_at IS NOT NULL
                        AND reader.is_active AND reader.wall_visibility <> 'private'
                ),
                following_count = (
                    SELECT count(*) FROM accounts_follow JOIN accounts_user AS read ON read.id = followee_id
                    WHERE follower_id = accounts_user.id AND accepted_at IS NOT NULL
                        AND read.is_active AND read.wall_visibility <> 'private'
                ),
                requests_count = (
                    SELECT count(*) FROM accounts_follow JOIN accounts_user AS reader ON reader.id = follower_id
                    WHERE followee_id = accounts_user.id AND accepted_at IS NULL AND reader.is_active
                )
            WHERE id IN (SELECT follower_id FROM accounts_follow UNION SELECT followee_id FROM accounts_follow)
            """,
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="user_search_text", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
