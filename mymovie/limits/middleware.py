from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mymovie.limits.services import Exceeded


class LimitsMiddleware:
    """Whoever exceeds a limit that a view does not speak of itself is told when to come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Exceeded):
            return None
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = str(exception.retry_after)
        return response
