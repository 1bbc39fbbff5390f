import signal
import time
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from mymovie.schedule import CHORES

TICK = 0.5  # seconds
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Do what mymovie/schedule.py lists, each in its time, until told to stop; a chore that is begun is finished"

    def handle(self, **options: Any) -> None:
        self.is_told_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        next_at = dict.fromkeys(CHORES, 0.0)
        while not self.is_told_to_stop:
            for chore in CHORES:
                if next_at[chore] <= time.monotonic() and not self.is_told_to_stop:
                    next_at[chore] = time.monotonic() + chore.every.total_seconds()
                    self.do(chore.job, chore.do)
            close_old_connections()
            time.sleep(TICK)

    def do(self, name: str, job: Any) -> None:
        try:
            job()
        except Exception:
            log.exception("chore.failed", job=name)  # the others have their turn, and this one its next

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_told_to_stop = True
