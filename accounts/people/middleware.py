from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import escape_leading_slashes

from accounts.people.handles import IN_A_PATH
from accounts.people.models import FormerHandle, User


class FormerHandleMiddleware:
    """A page that is not there, at an address with a handle that somebody had until lately, is where their new one
    leads. Not for ever: the handle will be free for others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        handles = [handle.lower() for handle in IN_A_PATH.findall(request.path)]
        moved = (
            dict(
                FormerHandle.objects.filter(
                    handle__in=handles, kept_until__gt=timezone.now(), owner__in=User.objects.known_to(request.user)
                ).values_list("handle", "owner__handle")
            )
            if handles
            else {}
        )
        if not moved:
            return response
        path = escape_leading_slashes(
            IN_A_PATH.sub(lambda handle: moved.get(handle[0].lower(), handle[0]), request.path)
        )
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(f"{path}?{query}" if query else path)
