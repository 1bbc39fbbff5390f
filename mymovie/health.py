from collections.abc import Callable

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """Answers the load balancer before the host is checked: its probes carry an address as Host.

    `/healthz/live` says that the process answers, and never touches the database: a database that is away is no reason
    to restart a web server. `/healthz/ready` says that a request can be served.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz/live":
            return plain("live")
        if request.path == "/healthz/ready":
            return plain("ready") if database_answers() else plain("database is away", status=503)
        return self.get_response(request)


def plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return False
    return True
