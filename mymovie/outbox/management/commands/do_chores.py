from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mymovie.outbox.jobs import do_now
from mymovie.schedule import CHORES


class Command(BaseCommand):
    help = "Do periodic jobs now, one after the other; ends with an error at the first that fails"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("jobs", nargs="+", choices=CHORES, metavar="job", help=", ".join(sorted(CHORES)))

    def handle(self, *, jobs: list[str], **options: Any) -> None:
        for job in jobs:
            if error := do_now(job):
                raise CommandError(f"{job}: {error}")
            self.stdout.write(f"{job}: done")
