"""Pages that are sent again as they were, for as long as their view says that they are true."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

Validator = Callable[[], str | None]
Key = tuple[str, ...]


def keep(response: HttpResponse, now: Validator) -> None:
    """Let it be sent again while `now` says its ETag, to whoever asks for the same address without a session.

    Of the view it wants that the page depends on nothing else: not on who asks, nor on the hour.
    """
    response.kept_while = now  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Page:
    body: bytes
    headers: dict[str, str]
    now: Validator

    @property
    def is_true(self) -> bool:
        return self.now() == self.headers["ETag"]

    @property
    def size(self) -> int:
        return len(self.body) + 2_000  # what its headers and its place take, about


class Shelf:
    """The pages that were asked for last, up to a number of bytes."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.taken = 0
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Key) -> Page | None:
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        with self.lock:
            self._remove(key)
            self.pages[key] = page
            self.taken += page.size
            while self.taken > self.capacity:
                self._remove(next(iter(self.pages)))

    def _remove(self, key: Key) -> None:
        if page := self.pages.pop(key, None):
            self.taken -= page.size


class KeptPagesMiddleware:
    """Stands before all that asks who somebody is: whoever brings a session is let through, and nothing is kept of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.KEPT_PAGES_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.shelf = Shelf(settings.KEPT_PAGES_MB * 1024 * 1024)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self.get_response(request)
        key = (request.path, request.META["QUERY_STRING"], request.headers.get("HX-Request", ""))
        page = self.shelf.get(key)
        if page and page.is_true:
            request.get_host()  # raises where Django would
            return sent_again(request, page)
        response = self.get_response(request)
        now = getattr(response, "kept_while", None)
        if now and isinstance(response, HttpResponse) and response.status_code == 200 and not response.cookies:
            self.shelf.put(key, Page(response.content, dict(response.headers), now))
        return response


def sent_again(request: HttpRequest, page: Page) -> HttpResponseBase:
    whole = HttpResponse(page.body, headers=page.headers)
    return get_conditional_response(request, page.headers["ETag"], response=whole) or whole
