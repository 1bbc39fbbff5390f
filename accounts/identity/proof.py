"""Acts that cannot be undone by signing out again want to know anew who is there."""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

PROVED_AT = "proved_at"  # in the session: when the provider last had their proof, in seconds since 1970
LATELY = 10 * 60  # seconds


def proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever has not proved lately who they are is asked to; a page does, as a redirect could go round for ever."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.session.get(PROVED_AT, 0) < time.time() - LATELY:
            return render(request, "accounts/identity/prove.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
