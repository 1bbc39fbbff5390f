"""Where a film that another app shares, or a link that is pasted, is recorded."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import Request
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.catalog.pointers import Pointer, holds_link, read


@require_safe
def share(request: Request) -> HttpResponse:
    """An installed app is given what was shared at one address in all languages; whoever shares speaks one of them."""
    pointer = read_here(*(request.GET.get(name, "") for name in ("url", "text", "title")))
    user = request.user
    with override(user.language if user.is_authenticated else get_language_from_request(request)):
        address = way_to_record(pointer)
        if not user.is_authenticated:
            address = f"{reverse('sign_in')}?{urlencode({'next': address})}"
        return redirect(address)


def led_by_link(request: Request) -> HttpResponse | None:
    """Whoever pastes a link into the search box means the film that it points at."""
    words = request.GET.get("q", "")
    if not holds_link(words):
        return None
    address = way_to_record(read_here(words))
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def read_here(*texts: str) -> Pointer:
    return read(*texts, site=urlsplit(settings.SITE_URL).netloc)


def way_to_record(pointer: Pointer) -> str:
    """The record form of the film where an id tells which it is, else the search for its title."""
    if film := film_of(pointer):
        return reverse("record", args=[film.pk])
    if tmdb.is_enabled() and (tmdb_id := pointer.tmdb_id or asked_for(pointer)):
        return reverse("record_from_tmdb", args=[tmdb_id])
    asked = {"q": pointer.title, "year": pointer.year}
    words = urlencode({name: value for name, value in asked.items() if value}) if pointer.title else ""
    return f"{reverse('search')}?{words}" if words else reverse("search")


def film_of(pointer: Pointer) -> Film | None:
    ids = {
        "pk": pointer.film_id,
        "tmdb_id": pointer.tmdb_id,
        "imdb_id": pointer.imdb_id,
        "wikidata_id": pointer.wikidata_id,
    }
    found = (Film.objects.filter(**{name: value}).first() for name, value in ids.items() if value)
    return next((film for film in found if film), None)


def asked_for(pointer: Pointer) -> int | None:
    """TMDB knows films by the ids of others; where it does not answer, the title has to do."""
    sources = {tmdb.ExternalSource.IMDB: pointer.imdb_id, tmdb.ExternalSource.WIKIDATA: pointer.wikidata_id}
    for source, external_id in sources.items():
        if not external_id:
            continue
        try:
            films = tmdb.for_pages.find(external_id, source).films
        except tmdb.TmdbError:
            return None
        if films:
            return films[0].tmdb_id
    return None
