from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mymovie import queues


class Command(BaseCommand):
    help = "queues ensure: make the queues of SQS and their dead-letter queues, set as they should be"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["ensure"])

    def handle(self, **options: Any) -> None:
        queues.ensure()
