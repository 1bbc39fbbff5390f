"""Followers who follow few ask, others are told: the ones to tell and the ones to ask are found by indexes of their own."""

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
        ),
        AddIndexConcurrently(
            "follow",
            models.Index(
                models.F("follower"),
                models.F("followee"),
                name="follow_asking",
                condition=models.Q(last_entry_at=None, accepted_at__isnull=False, is_muted=False),
            ),
        ),
    ]
