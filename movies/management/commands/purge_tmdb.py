from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from movies.catalog import tmdb
from movies.diary.forgetting import forget_all
from movies.imports.watching import forget_candidates

WARNING = """This removes all that TMDB gave: facts, posters, credits, dates, where to watch.
Films that somebody recorded or wishes keep their row and TMDB's number; those of the bundled catalogue
have its facts again; all others are deleted."""


class Command(BaseCommand):
    help = "Remove everything that TMDB gave, as its terms want when its use ends; safe to repeat"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, yes: bool, **options: Any) -> None:
        if tmdb.is_enabled():
            self.stderr.write("TMDB_TOKEN is set: what is needed will be fetched anew. Take it away to end that, too.")
        if not yes and input(f"{WARNING}\nType yes to go on: ") != "yes":
            self.stdout.write("Nothing was removed.")
            return
        forgotten = forget_all()
        forget_candidates(timezone.now())
        self.stdout.write(
            f"{forgotten.deleted} films were deleted, {forgotten.emptied} stay without what TMDB told of them.\n"
            "Answers in the memory of running processes end with them, or within a day: restart web and workers."
        )
