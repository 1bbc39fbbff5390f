from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog import tmdb
from movies.catalog.dates import today_in_japan
from movies.catalog.elsewhere import search_elsewhere
from movies.catalog.search import Cursor, Found, search_films
from movies.diary.forms import FilmSearchForm
from movies.diary.marks import recorded_among, wished_among
from movies.diary.picks import picks_for
from movies.diary.views.shares import led_by_link
from mymovie.caching import REVALIDATED, allow_copies


@require_safe
def search(request: Request) -> HttpResponse:
    """Films of our own; the page then asks for TMDB's by itself, so that it never waits for them."""
    if elsewhere := led_by_link(request):
        return elsewhere
    form, words, year = read_form(request)
    after = Cursor.read(request.GET["after"]) if "after" in request.GET else None
    found = search_films(words, year=year, after=after) if words else Found([])
    offered = [] if words else [film for films in picks_for(request.user, today_in_japan()) for film in films]
    films = found.films + offered
    asked = {"q": words} | ({"year": year} if year else {})
    context = {
        "form": form,
        "query": words,
        "films": found.films,
        "offered": offered,
        "mine": recorded_among(request.user, films),
        "wished": wished_among(request.user, films),
        "next": f"{reverse('search')}?{urlencode(asked | {'after': found.after})}" if found.after else "",
        "tmdb_address": f"{reverse('search_tmdb')}?{urlencode(asked)}" if words and tmdb.is_enabled() else "",
    }
    part = "movies/diary/_search_results.html" if request.htmx else "movies/diary/search.html"
    return answer(request, part, context, status=200 if form.is_valid() else 400)


@require_safe
def tmdb_results(request: Request) -> HttpResponse:
    """What TMDB finds; when it does not answer, one line says so."""
    form, words, year = read_form(request)
    page = int(request.GET.get("page", "1")) if request.GET.get("page", "1").isdecimal() else 0
    if not form.is_valid() or not words or not 1 <= page <= tmdb.LAST_PAGE:
        raise BadRequest("no such search")
    context = {"form": form, "query": words, "hits": [], "mine": {}, "wished": set(), "next": "", "trouble": False}
    try:
        found = search_elsewhere(words, year=year, page=page, language=get_language())
    except tmdb.TmdbError:
        context["trouble"] = True
    else:
        context["hits"] = found.hits
        ours = [hit.film for hit in found.hits if hit.film]
        context["mine"] = recorded_among(request.user, ours)
        context["wished"] = wished_among(request.user, ours)
        if found.next_page:
            asked = {"q": words, "page": found.next_page} | ({"year": year} if year else {})
            context["next"] = f"{reverse('search_tmdb')}?{urlencode(asked)}"
    return answer(
        request, "movies/diary/_tmdb_results.html" if request.htmx else "movies/diary/search_tmdb.html", context
    )


def answer(request: Request, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return allow_copies(response, **REVALIDATED)


def read_form(request: Request) -> tuple[FilmSearchForm, str, int | None]:
    form = FilmSearchForm(request.GET)
    form.is_valid()
    return form, form.cleaned_data.get("q", ""), form.cleaned_data.get("year")
