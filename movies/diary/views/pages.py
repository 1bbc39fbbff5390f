from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.century import Decades, best_known_by_decade, longest_waited
from movies.diary.views.revisions import kept_as_told
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.rest.conditional import digest


@require_safe
def home(request: Request) -> HttpResponse:
    """One's own wall, or for a newcomer what this is."""
    if request.user.is_authenticated:
        return redirect("wall", handle=request.user.handle)
    return about(request)


@require_safe
def about(request: Request) -> HttpResponse:
    decades = best_known_by_decade()
    if request.user.is_authenticated or request.META["QUERY_STRING"]:
        return allow_copies(show(request, decades), **REVALIDATED)
    return kept_as_told(request, digest(decades), said_now, partial(show, request, decades))


def said_now() -> str:
    return digest(best_known_by_decade())


def show(request: Request, decades: Decades) -> HttpResponse:
    waited = longest_waited(film for _decade, films in decades for film in films)
    return render(request, "about.html", {"decades": decades, "waited": waited})


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
