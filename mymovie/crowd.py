"""More requests than can be answered in time: who comes then is told at once to come back, so that the others are served.

gunicorn gives each request a thread, and there are more of them than can work: so a queue builds up here, where it can be
counted, and not in gunicorn or in the kernel, where nobody is turned away until all have waited too long. Few work at a
time, as Python runs one thread at a time: with eight at work whoever accepts connections hardly gets a turn.
"""

import threading
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mymovie import database, errors, places

log = structlog.get_logger(__name__)

LONGEST_WAIT = 0.6
"""Seconds for one of the places. Whoever waited as long while others were served came too late; where nobody was, those
at work wait for somebody else, as for a database that is away, and it harms nobody to wait beside them."""

Next = Callable[[HttpRequest], HttpResponseBase]


NO_TIME_FROM = 8
"""Requests in hand from which on nobody has the time to ask whether a kept page is still true. As few as that come together
where all are answered in time, but for a moment."""


def is_crowded(request: HttpRequest) -> bool:
    """Whether there is no room for it, but where it costs next to nothing."""
    return getattr(request, "is_one_too_many", False)


def is_pressed(request: HttpRequest) -> bool:
    """Whether others wait who came before."""
    return getattr(request, "number", 0) > NO_TIME_FROM


class CountMiddleware:
    """Of requests that are being answered. Whoever takes long to read an answer is not among them: that is the load
    balancer's concern."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.lock = threading.Lock()
        self.here = 0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        room = settings.REQUESTS_AT_ONCE
        if database.WatchedConnection.is_refused:  # they wait for it, and cost nothing meanwhile
            room *= 2
        with self.lock:
            self.here += 1
            request.number = self.here  # type: ignore[attr-defined]
            request.is_one_too_many = self.here > room  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            with self.lock:
                self.here -= 1


class DoorMiddleware:
    """Behind what costs next to nothing: kept pages, and files."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.served_at = 0.0
        self.turned_away = 0
        self.told_at = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_crowded(request):
            return self.turned(request)
        has_a_place = places.take(LONGEST_WAIT)
        if not has_a_place and time.monotonic() - self.served_at < LONGEST_WAIT:
            return self.turned(request)
        try:
            response = self.get_response(request)
        finally:
            places.give_back()
        if response.status_code < 500:
            self.served_at = time.monotonic()
        return response

    def turned(self, request: HttpRequest) -> HttpResponseBase:
        """Away; and once a second it is told how many it were, about."""
        self.turned_away += 1
        if time.monotonic() - self.told_at > 1:
            log.warning("turned_away", requests=self.turned_away)
            self.turned_away, self.told_at = 0, time.monotonic()
        response = errors.busy(request)
        response._has_been_logged = True  # type: ignore[attr-defined]  # by Django, with a line for each
        return response
