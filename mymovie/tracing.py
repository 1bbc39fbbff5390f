import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

GIVEN_BY_THE_LOAD_BALANCER = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24})")


class TraceMiddleware:
    """One name for a request: in its logs, in the tasks that follow from it, and in their logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = GIVEN_BY_THE_LOAD_BALANCER.search(request.headers.get("X-Amzn-Trace-Id", ""))
        with structlog.contextvars.bound_contextvars(trace_id="".join(given.groups()) if given else uuid.uuid4().hex):
            return self.get_response(request)
