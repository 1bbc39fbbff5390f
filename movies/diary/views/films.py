import datetime
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.models import Film
from movies.catalog.release_table import by_country
from movies.diary.film_told import PEOPLE_ON_A_PAGE, Page, Told, people_by, told_of
from movies.diary.heads import head_of_film
from movies.diary.marks import my_entry, my_viewings, my_wish, with_all_of_mine
from movies.diary.views.revisions import kept_as_told, told_apart
from movies.diary.views.wishes import what_i_wait_for
from mymovie.pages import keeping_query
from mymovie.paging import Cursor, pages_after


@require_safe
def film(request: Request, pk: str, slug: str) -> HttpResponse:
    """A film's facts, how it was received, and who recorded it; with `after`, more of those, and only them for htmx."""
    told = None if request.htmx else told_of(int(pk), request.user)
    film = told.film if told else film_alone(request, pk)
    if film.merged_into and not my_entry(film):
        return redirect(film.merged_into)
    if slug != film.slug:
        return redirect(keeping_query(request, film.get_absolute_url()), permanent=True)
    if told is None:
        context = {"film": film} | recorded_by(request, film)
        return told_apart(render(request, "movies/diary/_recorded_by.html", context))
    if request.user.is_authenticated or request.META["QUERY_STRING"]:
        return told_apart(show(request, told))
    return kept_as_told(request, told.digest(), partial(said_now, film.pk), partial(show, request, told))


def film_alone(request: Request, pk: str) -> Any:
    """Raises Http404."""
    films = Film.objects.select_related("merged_into")
    return get_object_or_404(with_all_of_mine(films, request.user), pk=pk)


def said_now(pk: int) -> str | None:
    told = told_of(pk, AnonymousUser())
    return told.digest() if told else None


def show(request: Request, told: Told) -> HttpResponse:
    film, facts = told.film, told.facts
    reviews, next_reviews = told.reviews
    people = recorded_by(request, film) if "after" in request.GET else by_two_lists(told.people)
    context: dict[str, object] = {
        "film": film,
        "sharing": head_of_film(film),
        "directors": facts.directors,
        "cast": facts.cast,
        "offers": facts.offers,
        "genres": facts.genres,
        "releases": by_country(facts.releases),
        "releases_count": len(facts.releases),
        "reception": told.reception,
        "reviews": reviews,
        "next_reviews": next_reviews,
        "others": told.others,
        "my_entry": my_entry(film),
        "my_viewings": my_viewings(film),
        **what_i_wait_for(my_wish(film), film),
        **people,
    }
    return render(request, "movies/diary/film.html", context)


def recorded_by(request: Request, film: Film) -> dict[str, object]:
    """Whom the viewer follows, and all others. The address says which of the two lists goes on, and after whom; a part is
    that list alone."""
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    goes_on = "followed" if request.GET.get("by") == "followed" else "others"
    asked = {
        name: (entries, after if name == goes_on else None)
        for name, entries in people_by(film, request.user).items()
        if name == goes_on or not request.htmx
    }
    pages = pages_after(asked, "recorded_at", PEOPLE_ON_A_PAGE)
    if not request.htmx:
        return by_two_lists(pages)
    entries, following = pages[goes_on]
    return {"entries": entries, "next": following, "by": goes_on if goes_on == "followed" else None}


def by_two_lists(pages: Mapping[str, Page]) -> dict[str, object]:
    entries, following = pages["others"]
    followed, following_followed = pages["followed"]
    return {
        "entries": entries,
        "next": following,
        "by": None,
        "followed": followed,
        "next_followed": following_followed,
    }
