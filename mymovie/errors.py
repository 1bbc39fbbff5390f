"""The error pages. The last two need neither database nor session."""

import sys
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import get_language_from_path, override
from django_htmx.http import HttpResponseClientRefresh

from mymovie import database
from mymovie.pages import with_what_was_typed, written_out
from mymovie.rest import problems


def told(request: HttpRequest, status: int) -> HttpResponse:
    if problems.is_for_a_program(request):
        return problems.plainly(request, status)
    return render(None if status == 500 else request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return told(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return told(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return told(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return busy(request) if database.is_why(sys.exception()) else told(request, 500)


def busy(request: HttpRequest) -> HttpResponse:
    """The database is away, or too many are here. Nobody may have looked yet in which language they read."""
    if problems.is_for_a_program(request):
        response = problems.plainly(request, 503)
    else:
        response = HttpResponse(_busy(get_language_from_path(request.path) or settings.LANGUAGE_CODE), status=503)
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Length"] = str(len(response.content))
    return response


@cache
def _busy(language: str) -> bytes:
    """Made once: it is sent when there is no time."""
    with override(language):
        return render(None, "503.html").content


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session that a form belongs to is over. What was typed goes back into the form, by way of its address; a button
    that htmx pressed has nothing to lose, and its page is shown as it is now."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    context = {"is_csrf_failure": True, "resume": form_of(request), "written": written_out(request)}
    return render(request, "403.html", context, status=403)


def form_of(request: HttpRequest) -> str:
    """The address of the form that was sent, where it has one of its own; those that read it there find in it what was typed."""
    match resolve(request.path).view_name:
        case "record" | "record_from_tmdb":
            return with_what_was_typed(request)
        case "profile_settings" | "report_profile" | "report_wall" | "report_entry":
            return request.path
    return ""
