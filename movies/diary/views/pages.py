from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mymovie.caching import REVALIDATED, allow_copies


def home(request: HttpRequest) -> HttpResponse:
    """One's own wall, or for a newcomer what this is."""
    if request.user.is_authenticated:
        return redirect("wall", handle=request.user.handle)
    return about(request)


def about(request: HttpRequest) -> HttpResponse:
    return allow_copies(render(request, "about.html"), **REVALIDATED)
