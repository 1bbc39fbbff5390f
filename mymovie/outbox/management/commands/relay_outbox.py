import signal
import time
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, ProgrammingError, close_old_connections

from mymovie.celery import app
from mymovie.outbox.models import Message
from mymovie.outbox.relay import BATCH, QueueAway, relay_batch

REST = 0.2  # seconds, when nothing more is due
LONGEST_REST = 5.0  # when queue or database are away
TOLD_EVERY = 60.0  # seconds

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Send what stands in the outbox to its queues, until told to stop; several may run at once"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tell-age", action="store_true", help="log every minute how long the oldest has waited")

    def handle(self, *, tell_age: bool, **options: Any) -> None:
        self.told_at = float("-inf") if tell_age else float("inf")
        self.is_told_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        rest = REST
        while not self.is_told_to_stop:
            try:
                self.tell_age()
                sent = relay_batch(app)
            except (QueueAway, OperationalError, ProgrammingError) as error:  # the last: before the first migration
                log.warning("outbox.waiting", kind=type(error).__name__, seconds=rest)
                close_old_connections()
                time.sleep(rest)
                rest = min(2 * rest, LONGEST_REST)
                continue
            rest = REST
            if sent < BATCH:
                close_old_connections()
                time.sleep(REST)

    def tell_age(self) -> None:
        if time.monotonic() - self.told_at > TOLD_EVERY:
            self.told_at = time.monotonic()
            log.info("outbox.age", seconds=Message.objects.age())

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_told_to_stop = True
