from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.models import Film
from mymovie.caching import REVALIDATED, allow_copies

FILMS_ON_SHOW = 16


@require_safe
def home(request: Request) -> HttpResponse:
    """One's own wall, or for a newcomer what this is."""
    if request.user.is_authenticated:
        return redirect("wall", handle=request.user.handle)
    return about(request)


@require_safe
def about(request: Request) -> HttpResponse:
    films = Film.objects.filter(merged_into=None).order_by("-fame", "pk")[:FILMS_ON_SHOW]
    return allow_copies(render(request, "about.html", {"films": films}), **REVALIDATED)


@require_safe
def terms(request: Request) -> HttpResponse:
    return text(request, _("Terms of use"), "terms")


@require_safe
def privacy(request: Request) -> HttpResponse:
    return text(request, _("Privacy policy"), "privacy")


def text(request: Request, title: str, name: str) -> HttpResponse:
    """A page that was written in each language, not translated."""
    context = {"title": title, "body": f"legal/{name}.{get_language()}.html"}
    return allow_copies(render(request, "legal/page.html", context), **REVALIDATED)
