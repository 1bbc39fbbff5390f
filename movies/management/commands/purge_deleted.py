from typing import Any

from django.core.management.base import BaseCommand

from movies.diary import jobs


class Command(BaseCommand):
    help = "End the entries that were deleted too long ago to be undone"

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{jobs.purge_deleted()} entries ended")
