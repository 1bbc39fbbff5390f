"""What depends on who asks: their days are those of their time zone, and who has been shut out is told so."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth import SESSION_KEY, get_user, middleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.identity.backend import having_read
from accounts.models import User


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    """Django's, which is told whom the session brought along."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment]


def user_of(request: HttpRequest) -> User | AnonymousUser:
    has_signed_in = SESSION_KEY in request.session  # now it is read
    with having_read(request.session.person if has_signed_in else None):  # type: ignore[attr-defined]
        return get_user(request)


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        if getattr(view, "asks_nobody", False):
            return None
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
        elif SESSION_KEY in request.session:
            return shut_out(request)
        return None


def shut_out(request: HttpRequest) -> HttpResponse | None:
    """The session of somebody who may no longer have one ends here; where staff have shut them out, a page says so."""
    is_suspended = User.objects.filter(pk=request.session[SESSION_KEY], suspended_at__isnull=False).exists()
    request.session.flush()
    return render(request, "accounts/identity/suspended.html", status=403) if is_suspended else None
