import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.facts import LARGEST_CAST
from movies.catalog.models import Film
from movies.catalog.release_table import by_country
from movies.diary.filmography import others_by
from movies.diary.heads import head_of_film
from movies.diary.models import Entry
from movies.diary.reception import entries_of, reception, split_by_following
from movies.diary.views.reviews import reviews_on_page_of
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
    context: dict[str, object] = {"film": film}
    if request.htmx:
        context |= recorded_by(request, film, is_part=True)
        response = render(request, "movies/diary/_recorded_by.html", context)
    else:
        directors = list(film.credits.billed().filter(job="director"))
        releases = list(film.release_dates.order_by("released_on", "kind", "pk"))
        context |= recorded_by(request, film) | {
            "sharing": head_of_film(film),
            "directors": directors,
            "cast": list(film.credits.billed().filter(job="cast")[:LARGEST_CAST]),
            "offers": film.watch_offers.select_related("provider").order_by("position", "pk"),
            "genres": film.genres.order_by("pk"),
            "releases": by_country(releases),
            "releases_count": len(releases),
            "reception": reception(film, request.user),
            "others": others_by([credit.person for credit in directors], film, request.user),
            "my_entry": mine,
            "my_viewings": mine.viewings.order_by("watched_on", "pk") if mine else [],
            **what_i_wait_for(request.user, film),
            **reviews_on_page_of(film, request.user),
        }
        response = render(request, "movies/diary/film.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def recorded_by(request: Request, film: Film, *, is_part: bool = False) -> dict[str, object]:
    """Whom the viewer follows, and all others. The address says which of the two lists goes on, and after whom; a part is
    that list alone."""
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    goes_on = "followed" if request.GET.get("by") == "followed" else "others"
    lists = split_by_following(entries_of(film, request.user), request.user)
    pages = {
        name: page_after(
            entries.select_related("owner"), "recorded_at", after if name == goes_on else None, PEOPLE_ON_A_PAGE
        )
        for name, entries in lists.items()
        if name == goes_on or not is_part
    }
    entries, following = pages[goes_on if is_part else "others"]
    followed, following_followed = pages.get("followed", ([], None))
    return {
        "entries": entries,
        "next": following,
        "by": goes_on if is_part and goes_on == "followed" else None,
        "followed": followed,
        "next_followed": following_followed,
    }
