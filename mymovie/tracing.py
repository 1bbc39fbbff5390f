import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)

GIVEN_BY_THE_LOAD_BALANCER = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24})")


class TraceMiddleware:
    """One name for a request: in its logs, in the tasks that follow from it, and in their logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = GIVEN_BY_THE_LOAD_BALANCER.search(request.headers.get("X-Amzn-Trace-Id", ""))
        with structlog.contextvars.bound_contextvars(trace_id="".join(given.groups()) if given else uuid.uuid4().hex):
            begun = time.perf_counter()
            response = self.get_response(request)
            if settings.LOG_REQUESTS and not request.path.startswith("/healthz/"):
                # Without the query: what somebody looked for is their own business.
                log.info(
                    "request",
                    method=request.method,
                    path=request.path,
                    status=response.status_code,
                    ms=round(1000 * (time.perf_counter() - begun), 1),
                )
            return response
