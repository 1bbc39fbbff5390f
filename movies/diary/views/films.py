import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.film_page import facts_of, with_facts
from movies.catalog.models import Film
from movies.catalog.release_table import by_country
from movies.diary.filmography import others_by
from movies.diary.heads import head_of_film
from movies.diary.marks import my_entry, my_viewings, my_wish, with_all_of_mine
from movies.diary.reception import entries_of, reception, split_by_following
from movies.diary.views.reviews import reviews_on_page_of
from movies.diary.views.wishes import what_i_wait_for
from mymovie.kept import keep_for_need
from mymovie.pages import keeping_query
from mymovie.paging import Cursor, pages_after

PEOPLE_ON_A_PAGE = 24


@require_safe
def film(request: Request, pk: int, slug: str) -> HttpResponse:
    """A film's facts, how it was received, and who recorded it; with `after`, more of those, and only them for htmx."""
    films = with_all_of_mine(Film.objects.select_related("merged_into"), request.user)
    film = get_object_or_404(films if request.htmx else with_facts(films), pk=pk)
    if film.merged_into and not my_entry(film):
        return redirect(film.merged_into)
    if slug != film.slug:
        return redirect(keeping_query(request, film.get_absolute_url()), permanent=True)
    context: dict[str, object] = {"film": film}
    if request.htmx:
        context |= recorded_by(request, film, is_part=True)
        response = render(request, "movies/diary/_recorded_by.html", context)
    else:
        facts = facts_of(film)
        context |= recorded_by(request, film) | {
            "sharing": head_of_film(film),
            "directors": facts.directors,
            "cast": facts.cast,
            "offers": facts.offers,
            "genres": facts.genres,
            "releases": by_country(facts.releases),
            "releases_count": len(facts.releases),
            "reception": reception(film, request.user),
            "others": others_by([credit.person for credit in facts.directors], film, request.user),
            "my_entry": my_entry(film),
            "my_viewings": my_viewings(film),
            **what_i_wait_for(my_wish(film), film),
            **reviews_on_page_of(film, request.user),
        }
        response = render(request, "movies/diary/film.html", context)
        if not request.META["QUERY_STRING"]:
            keep_for_need(response)
    patch_vary_headers(response, ["HX-Request"])
    return response


def recorded_by(request: Request, film: Film, *, is_part: bool = False) -> dict[str, object]:
    """Whom the viewer follows, and all others. The address says which of the two lists goes on, and after whom; a part is
    that list alone."""
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    goes_on = "followed" if request.GET.get("by") == "followed" else "others"
    lists = split_by_following(entries_of(film, request.user), request.user)
    asked = {
        name: (entries.select_related("owner"), after if name == goes_on else None)
        for name, entries in lists.items()
        if name == goes_on or not is_part
    }
    pages = pages_after(asked, "recorded_at", PEOPLE_ON_A_PAGE)
    entries, following = pages[goes_on if is_part else "others"]
    followed, following_followed = pages.get("followed", ([], None))
    return {
        "entries": entries,
        "next": following,
        "by": goes_on if is_part and goes_on == "followed" else None,
        "followed": followed,
        "next_followed": following_followed,
    }
