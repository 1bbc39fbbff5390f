"""Tells the service worker whose page it brings, and whether a copy may be read without a connection.

A page for somebody signed in is `private, no-store`: no cache that others may share, and no disk that outlives the
session, is to hold it. The worker keeps some of them all the same, because people want to look at their wall where there
is no network, and because its cache can be emptied, as theirs cannot: a copy stands on a shelf that is named for one
session, no other session is ever shown it, and the shelf is cleared when that session ends, by whatever page tells so
first. So it is decided here, page by page, and never by Cache-Control.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SHELF = "Offline-Shelf"
KEEP = "Offline-Keep"
HOME = "Offline-Home"
NOBODYS = "nobody"
LONGEST = 60 * 60 * 24 * 30  # seconds

READ_OFFLINE = frozenset({"home", "about", "wall", "film", "entry", "person", "stats"})
"""By the names of their addresses: what people look at again. Not forms, not settings, nothing that lists strangers."""

TOLD_ONCE = frozenset({"recorded", "changed"})
"""What an address tells its page that has just been done: the worker keeps that page by the address without it."""


class ShelfMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_page(request, response):
            response.headers[SHELF] = shelf_of(request)
            if may_be_kept(request, response):
                response.headers[KEEP] = str(seconds_left(request))
                if is_ones_own_wall(request):
                    response.headers[HOME] = "1"
        return response


def is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """A page that failed may have failed for want of the database, which knows whose it was."""
    return (
        response.status_code < 500
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not getattr(response, "is_the_same_for_all", False)
        and hasattr(request, "user")
    )


def shelf_of(request: HttpRequest) -> str:
    """A name that tells nothing of the session, and that no other session has."""
    if not request.user.is_authenticated:
        return NOBODYS
    return salted_hmac(__name__, str(request.session.session_key)).hexdigest()[:32]


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    is_part = "HX-Request" in request.headers
    has_just_been_deleted = "deleted" in request.GET  # its button is for the next few minutes
    return (
        request.method == "GET"
        and response.status_code == 200
        and match is not None
        and match.view_name in READ_OFFLINE
        and not is_part
        and not has_just_been_deleted
    )


def seconds_left(request: HttpRequest) -> int:
    """Until the session ends; its copies end with it, though no page tells so."""
    if not request.user.is_authenticated:
        return LONGEST
    return max(0, min(LONGEST, request.session.get_expiry_age()))


def is_ones_own_wall(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and match.view_name == "wall"
        and match.kwargs["handle"] == getattr(request.user, "handle", None)
        and not request.GET.keys() - TOLD_ONCE
    )
