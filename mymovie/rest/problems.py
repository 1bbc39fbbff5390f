"""What went wrong, in the shape of RFC 9457: application/problem+json. Programs go by `type`, which never changes; people
read `title` and `detail`, in their language."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from mymovie.limits.services import Exceeded
from mymovie.rest.formats import written
from mymovie.rest.languages import language_of

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:mymovie:problem:"


class Problem(exceptions.APIException):
    """`kind` is the last part of its type; `also` are members of its own, in the answer beside the usual ones."""

    kind: str
    title: Promise

    def __init__(self, detail: Any = "", *, headers: dict[str, str] | None = None, **also: Any) -> None:
        super().__init__(str(detail or self.title))
        self.headers, self.also = headers or {}, also


class BadRequestProblem(Problem):
    status_code, kind, title = 400, "bad-request", _("This request cannot be understood.")


class ReadOnlyToken(Problem):
    status_code, kind, title = 403, "read-only-token", _("This token may only read.")


class ChangedMeanwhile(Problem):
    status_code, kind, title = 412, "changed-meanwhile", _("It was changed since you read it.")


class KeyReused(Problem):
    status_code, kind, title = 422, "idempotency-key-reused", _("This key belongs to another request.")


class StillRunning(Problem):
    status_code, kind, title = 409, "still-running", _("The same request is still being worked on.")


class Unavailable(Problem):
    status_code, kind, title = 503, "unavailable", _("Another service does not answer just now.")


INVALID = "invalid-input", _("Some of it cannot be accepted.")
# Of those that Django and DRF raise: by status, as no client is interested in which of them it was.
KINDS: dict[int, tuple[str, Promise]] = {
    400: ("bad-request", _("This request cannot be understood.")),
    401: ("not-signed-in", _("Sign in first.")),
    403: ("forbidden", _("You may not do this.")),
    404: ("not-found", _("There is nothing here.")),
    405: ("method-not-allowed", _("This cannot be done here.")),
    406: ("not-acceptable", _("We answer in JSON.")),
    413: ("too-large", _("That is more than we take.")),
    415: ("unsupported-media-type", _("Send it in another format.")),
    429: ("too-many-requests", _("That was too often. Please wait a while.")),
    500: ("server-error", _("Something broke on our side.")),
    503: ("unavailable", _("We are closed for a moment.")),
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Whatever a view raises, as a problem; what nobody has thought of is left to Django, and is a 500."""
    match error:
        case Problem():
            status = error.status_code
            body = problem(status, error.kind, error.title, str(error.detail), **error.also)
            headers = error.headers
        case exceptions.ValidationError():
            status, headers = error.status_code, {}
            body = problem(status, *INVALID, errors=list(errors_in(error.detail)))
        case exceptions.NotAuthenticated():
            status, headers, body = (
                error.status_code,
                headers_of(error),
                problem(error.status_code, *KINDS[error.status_code]),
            )
        case exceptions.APIException():
            status, headers = error.status_code, headers_of(error)
            body = problem(status, *KINDS[status], str(error.detail))
        case Exceeded():
            status, headers = 429, {"Retry-After": str(error.retry_after)}
            body = problem(status, *KINDS[status])
        case Http404():
            status, headers, body = 404, {}, problem(404, *KINDS[404])
        case PermissionDenied():
            status, headers, body = 403, {}, problem(403, *KINDS[403])
        case RequestDataTooBig():
            status, headers, body = 413, {}, problem(413, *KINDS[413])
        case BadRequest() | SuspiciousOperation():
            status, headers, body = 400, {}, problem(400, *KINDS[400])
        case _:
            return None
    return Response(body, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem(status: int, kind: str, title: Promise, detail: str = "", **also: Any) -> dict[str, Any]:
    trace_id = structlog.contextvars.get_contextvars().get("trace_id", "")
    said = {"detail": detail} if detail and detail != str(title) else {}
    return {"type": TYPE + kind, "title": str(title), "status": status, **said, "request_id": trace_id, **also}


def headers_of(error: exceptions.APIException) -> dict[str, str]:
    if challenge := getattr(error, "auth_header", None):
        return {"WWW-Authenticate": challenge}
    return {}


def errors_in(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Each with the place in the body that it is about, as a JSON pointer (RFC 6901)."""
    match detail:
        case dict():
            for name, inner in detail.items():
                is_of_all = name == "non_field_errors"
                yield from errors_in(inner, pointer if is_of_all else f"{pointer}/{name}")
        case list():
            for number, inner in enumerate(detail):
                yield from errors_in(inner, f"{pointer}/{number}" if isinstance(inner, dict | list) else pointer)
        case _:
            yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def is_for_a_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def plainly(request: HttpRequest, status: int) -> HttpResponse:
    """For what goes wrong outside of a view of the API."""
    language = language_of(request)
    with translation.override(language):
        body = written(problem(status, *KINDS[status]))
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers={"Content-Language": language})
