import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.models import Film
from movies.diary.heads import head_of_film
from movies.diary.models import Entry
from movies.diary.reception import entries_of, reception
from movies.diary.views.wishes import what_i_wait_for
from mymovie.pages import keeping_query
from mymovie.paging import Cursor, page_after

PEOPLE_ON_A_PAGE = 24


@require_safe
def film(request: Request, pk: int, slug: str) -> HttpResponse:
    """A film's facts, how it was received, and who recorded it; with `after`, more of those, and only them for htmx."""
    film = get_object_or_404(Film.objects.select_related("merged_into"), pk=pk)
    mine = Entry.objects.of(request.user).filter(film=film).first() if request.user.is_authenticated else None
    if film.merged_into and not mine:
        return redirect(film.merged_into)
    if slug != film.slug:
        return redirect(keeping_query(request, film.get_absolute_url()), permanent=True)
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    entries, following = page_after(
        entries_of(film, request.user).select_related("owner"), "recorded_at", after, PEOPLE_ON_A_PAGE
    )
    context = {"film": film, "entries": entries, "next": following}
    if request.htmx:
        response = render(request, "movies/diary/_recorded_by.html", context)
    else:
        context |= {
            "sharing": head_of_film(film),
            "directors": film.credits.billed().filter(job="director"),
            "cast": film.credits.billed().filter(job="cast")[:20],
            "offers": film.watch_offers.select_related("provider").order_by("position", "pk"),
            "genres": film.genres.order_by("pk"),
            "reception": reception(film, request.user),
            "my_entry": mine,
            "my_viewings": mine.viewings.order_by("watched_on", "pk") if mine else [],
            **what_i_wait_for(request.user, film),
        }
        response = render(request, "movies/diary/film.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
