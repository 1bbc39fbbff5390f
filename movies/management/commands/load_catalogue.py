from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from movies.catalog import bundled
from movies.catalog.models import Film
from movies.diary.films import films_changed, recorded
from movies.diary.sorting_in import sort_by_title


class Command(BaseCommand):
    help = "Bring the bundled catalogue into the database; does nothing when it is there already"

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        changed = bundled.load(bundled.FILE)
        films_changed(recorded(Film.objects.filter(pk__in=[film.pk for film in changed])))
        sort_by_title()
