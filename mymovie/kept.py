"""Pages that are sent again as they were: for as long as their view says that they are true, and for a minute without asking
it, where it cannot be asked or has no time to answer."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from mymovie import crowd, database

LONGEST_UNASKED = 60
"""Seconds after which a page is sent to nobody of which it is not known whether it is still true: so long may it take until
what somebody hides is hidden."""

Validator = Callable[[], str | None]
Key = tuple[str, ...]


def keep(response: HttpResponse, now: Validator) -> None:
    """Let it be sent again while `now` says its ETag, to whoever asks for the same address without a session.

    Of the view it wants that the page depends on nothing else: not on who asks, nor on the hour.
    """
    response.kept_while = now  # type: ignore[attr-defined]


@dataclass
class Page:
    body: bytes
    headers: dict[str, str]
    now: Validator
    true_at: float
    """When it was last known to be, by a clock that is never set."""
    looked_at: float = 0

    def is_true(self) -> bool:
        began = time.monotonic()
        if self.now() != self.headers.get("ETag", ""):
            return False
        self.true_at = began
        return True

    def is_to_be_looked_at(self) -> bool:
        """Once in a while somebody asks however little time there is: else all that is kept would be too old at once."""
        now = time.monotonic()
        if now - max(self.true_at, self.looked_at) < LONGEST_UNASKED / 6:
            return False
        self.looked_at = now
        return True

    @property
    def age(self) -> float:
        return time.monotonic() - self.true_at

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
        if page and (again := self._again(request, page)):
            return again
        began = time.monotonic()
        response = self.get_response(request)
        if response.status_code == 503 and page and page.age < LONGEST_UNASKED:
            return sent_unasked(request, page)
        now = getattr(response, "kept_while", None)
        if now and isinstance(response, HttpResponse) and response.status_code == 200 and not response.cookies:
            self.shelf.put(key, Page(response.content, dict(response.headers), now, began))
        return response

    def _again(self, request: HttpRequest, page: Page) -> HttpResponseBase | None:
        is_needed = database.is_away() or crowd.is_crowded(request)
        is_needed = is_needed or (crowd.is_pressed(request) and not page.is_to_be_looked_at())
        try:
            if not is_needed and page.is_true():
                return sent_again(request, page)
        except (OperationalError, InterfaceError) as error:
            if not database.is_why(error):
                raise
            is_needed = True
        return sent_unasked(request, page) if is_needed and page.age < LONGEST_UNASKED else None


def sent_again(request: HttpRequest, page: Page) -> HttpResponseBase:
    request.get_host()  # raises where Django would
    response = HttpResponse(headers=page.headers)
    answer = get_conditional_response(request, page.headers.get("ETag"), response=response)
    if answer is response:
        response.content = page.body
    return answer or response


def sent_unasked(request: HttpRequest, page: Page) -> HttpResponseBase:
    """With what says so (RFC 9111 knows `Age`, RFC 7234 knew the warning)."""
    response = sent_again(request, page)
    response.headers["Age"] = str(int(page.age))
    response.headers["Warning"] = '111 mymovie "Revalidation Failed"'
    return response
