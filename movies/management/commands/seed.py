import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from movies.diary import seeding


class Command(BaseCommand):
    help = "Make a world of people and films to measure by: the same one for the same numbers"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=1_000)
        parser.add_argument("--entries", type=int, default=100_000)
        parser.add_argument("--films", type=int, default=20_000)

    def handle(self, *, people: int, entries: int, films: int, **options: Any) -> None:
        begun = time.monotonic()

        def report(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - begun:6.1f} s  {line}")

        try:
            seeding.seed(seeding.World(people=people, entries=entries, films=films), report)
        except ValueError as error:
            raise CommandError(str(error)) from error
