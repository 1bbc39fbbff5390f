"""Followers who follow few ask, others are told; by this index they are found among all."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0012_slots_of_entries")]

    operations = [
        AddIndexConcurrently(
            "follow",
            models.Index(
                models.F("followee"),
                models.F("last_entry_at"),
                name="follow_told",
                condition=models.Q(last_entry_at__isnull=False),
            ),
        )
    ]
