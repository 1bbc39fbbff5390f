from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mymovie.rest import problems


class MaintenanceMiddleware:
    """With MAINTENANCE=1, answers every page with 503 and asks to come back in ten minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE:
            return self.get_response(request)
        if problems.is_for_a_program(request):
            response = problems.plainly(request, 503)
        else:
            response = render(request, "maintenance.html", status=503)
        response.headers["Retry-After"] = "600"
        response.headers["Cache-Control"] = "no-store"
        return response
