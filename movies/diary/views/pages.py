from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.requests import Request
from movies.catalog.models import Film
from mymovie.caching import REVALIDATED, allow_copies

FILMS_ON_SHOW = 16


def home(request: Request) -> HttpResponse:
    """One's own wall, or for a newcomer what this is."""
    if request.user.is_authenticated:
        return redirect("wall", handle=request.user.handle)
    return about(request)


def about(request: Request) -> HttpResponse:
    films = Film.objects.order_by("-fame", "pk")[:FILMS_ON_SHOW]
    return allow_copies(render(request, "about.html", {"films": films}), **REVALIDATED)
