"""Kombu's transport to SQS, with two faults of its version 5.7 mended, each of which leaves a worker that looks alive
and never asks a queue again.

It asks anew only after an answer that it could read: one answer of 5xx, or one connection refused, was the last. And it
hands its timeouts to nobody, so that a connection which is lost without a word is waited on for ever.
"""

import os
import time
from pathlib import Path
from typing import Any, ClassVar

import pycurl
import structlog
from botocore.exceptions import BotoCoreError
from celery import bootsteps
from kombu.asynchronous.http.curl import CurlClient
from kombu.transport import SQS
from vine import promise

PAUSE = 1.0  # seconds, after a question that failed
CONNECT_TIMEOUT = 5.0  # seconds
DEAF_AFTER = 90.0  # seconds

log = structlog.get_logger(__name__)


class PatientCurlClient(CurlClient):
    """For as long as the request says, and no longer."""

    def _setup_request(self, curl: Any, request: Any, buffer: Any, headers: Any, _pycurl: Any = pycurl) -> None:
        super()._setup_request(curl, request, buffer, headers, _pycurl)
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, int(CONNECT_TIMEOUT * 1000))
        curl.setopt(pycurl.TIMEOUT_MS, int(request.request_timeout * 1000))


class Channel(SQS.Channel):
    hub: Any
    looked_at: ClassVar[dict[str, float]] = {}
    """When each queue of this process was last looked after, by the monotonic clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.hub and not hasattr(self.hub, "_current_http_client"):
            self.hub._current_http_client = PatientCurlClient(self.hub)

    def _schedule_queue(self, queue: str) -> None:
        if queue not in self._active_queues:
            self.looked_at.pop(queue, None)
            return
        self.looked_at[queue] = time.monotonic()
        if not self.qos.can_consume():
            self._loop1(queue)
            return
        try:
            self._get_bulk_async(queue, callback=promise(self._loop1, (queue,), on_error=self._ask_again))
        except BotoCoreError as error:  # a question is signed before it is asked: our keys may be away just now
            self._ask_again(queue, error)

    @classmethod
    def is_deaf(cls) -> bool:
        """Whether a queue that is ours has not been looked after for far longer than any question takes."""
        return any(looked_at < time.monotonic() - DEAF_AFTER for looked_at in cls.looked_at.values())

    def _ask_again(self, queue: str, error: Exception) -> None:
        log.warning("queue.not_answered", queue=queue, kind=type(error).__name__)
        self.hub.call_later(PAUSE, self._schedule_queue, queue)


class Transport(SQS.Transport):
    Channel = Channel


class Alive(bootsteps.StartStopStep):
    """Touches a file while the worker's loop turns and asks its queues, for the container's health command to look at."""

    requires = {"celery.worker.components:Timer"}
    every = 5.0  # seconds

    def start(self, worker: Any) -> None:
        if path := os.environ.get("WORKER_HEALTH_FILE"):
            worker.timer.call_repeatedly(self.every, self.show, (Path(path),))
            Path(path).touch()

    @staticmethod
    def show(file: Path) -> None:
        if not Channel.is_deaf():
            file.touch()
