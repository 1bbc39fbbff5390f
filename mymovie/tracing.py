import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import EventDict

GIVEN_BY_THE_LOAD_BALANCER = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24})")


# Addresses that are keys by themselves: whoever reads a log must not get in by them.
KEYS_IN_PATHS = re.compile(r"/(calendar|unsubscribe)/[^\s/\"']+")


def without_keys(logger: object, method: str, event: EventDict) -> EventDict:
    """A processor of logs."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = KEYS_IN_PATHS.sub(r"/\1/…", value)
    return event


class TraceMiddleware:
    """One name for a request: in its logs, in the tasks that follow from it, and in their logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = GIVEN_BY_THE_LOAD_BALANCER.search(request.headers.get("X-Amzn-Trace-Id", ""))
        with structlog.contextvars.bound_contextvars(trace_id="".join(given.groups()) if given else uuid.uuid4().hex):
            return self.get_response(request)
