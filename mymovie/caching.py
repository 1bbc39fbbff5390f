"""Who may keep a copy of a page. Silence means nobody."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

REVALIDATED = {"public": True, "max_age": 0, "must_revalidate": True}
FOR_EVER = {"public": True, "max_age": 60 * 60 * 24 * 365, "immutable": True}


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class PrivateUnlessSaidMiddleware:
    """A view that sets no Cache-Control is for the one who asked, and so is whatever was made for somebody signed in or
    sets a cookie, unless its view says that it is the same for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_the_same_for_all", False):
            del response.headers["Vary"]  # what the CSRF middleware reads of a session on every request plays no part
        elif not response.has_header("Cache-Control") or response.cookies or is_for_somebody(request):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def is_for_somebody(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def allow_copies(response: HttpResponse, **rules: object) -> HttpResponse:
    patch_cache_control(response, **rules)
    return response


def same_for_all(response: HttpResponse, **rules: object) -> HttpResponse:
    """For what depends on its address alone: neither on who asks nor on what their browser says."""
    response.is_the_same_for_all = True  # type: ignore[attr-defined]
    return allow_copies(response, **rules)


def asks_nobody(view: View) -> View:
    """Mark a view that is the same for all, so that nobody is looked up for it."""
    view.asks_nobody = True  # type: ignore[attr-defined]
    return view
