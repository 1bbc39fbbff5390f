from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mymovie import queues
from mymovie.checks import queues_as_they_are


class Command(BaseCommand):
    help = "queues ensure: make the queues of SQS, set as they should be; queues check: say what is wrong with them"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["ensure", "check"])

    def handle(self, **options: Any) -> None:
        if options["act"] == "ensure":
            queues.ensure()
        elif faults := queues_as_they_are():
            raise CommandError("\n".join(str(fault) for fault in faults))
