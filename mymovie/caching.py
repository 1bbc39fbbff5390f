"""Who may keep a copy of a page. Silence means nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

REVALIDATED = {"public": True, "max_age": 0, "must_revalidate": True}
FOR_EVER = {"public": True, "max_age": 60 * 60 * 24 * 365, "immutable": True}


class PrivateUnlessSaidMiddleware:
    """A view that sets no Cache-Control is for the one who asked; anything for a session is, whatever the view said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") or was_for_a_session(request):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def was_for_a_session(request: HttpRequest) -> bool:
    session = getattr(request, "session", None)
    return session is not None and session.accessed and request.user.is_authenticated


def allow_copies(response: HttpResponse, **rules: object) -> HttpResponse:
    patch_cache_control(response, **rules)
    return response
