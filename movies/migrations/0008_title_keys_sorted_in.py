"""The keys of what stands on walls already, and the indexes that walk them. The version before this one writes entries
without: they stand last by title until `load_catalogue`, which every deployment runs, has come by."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, OrderBy, Q

from movies.diary.sorting_in import sort_by_title


def wall_index(name: str, key: str) -> models.Index:
    return models.Index(
        F("owner"),
        OrderBy(F(key), descending=True, nulls_last=True),
        OrderBy(F("id"), descending=True),
        condition=Q(deleted_at=None),
        name=name,
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("movies", "0008_title_keys"),
    ]

    operations = [
        AddIndexConcurrently("entry", wall_index("entry_wall_by_title_ja", "title_ja_key")),
        AddIndexConcurrently("entry", wall_index("entry_wall_by_title_en", "title_en_key")),
        migrations.RunPython(lambda apps, schema_editor: sort_by_title(), migrations.RunPython.noop),
    ]
