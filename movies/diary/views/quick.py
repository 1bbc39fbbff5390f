"""The parts of the dialog in which a film is found and recorded, on whatever page one is."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import Request, SignedInRequest
from movies.catalog import tmdb
from movies.catalog.dates import today_in_japan
from movies.catalog.elsewhere import search_elsewhere
from movies.catalog.facts import preview
from movies.catalog.models import Film
from movies.catalog.search import search_films
from movies.diary import films, services
from movies.diary.forms import FilmSearchForm, FormerScoreForm, RecordForm, Watched
from movies.diary.marks import recorded_among
from movies.diary.models import Entry
from movies.diary.picks import picks_for
from movies.diary.wishing import wish_again
from mymovie.caching import REVALIDATED, allow_copies

MOST_FOUND = 8
CARRIED = ("submission", "is_again")
FORMER_WISH = "former wish"  # salt


def is_quick(request: HttpRequest) -> bool:
    """Whether the dialog asks: it wants a part of a page, and no other page."""
    return "X-Quick" in request.headers


@require_safe
def quick(request: Request) -> HttpResponse:
    """Films of our own by their title; without one, those that may be meant."""
    form = FilmSearchForm(request.GET)
    if not form.is_valid():
        raise BadRequest("no such search")
    words = form.cleaned_data["q"]
    context: dict[str, object] = {"query": words, "mine": {}}
    if words:
        found = search_films(words, size=MOST_FOUND).films
        address = f"{reverse('quick_tmdb')}?{urlencode({'q': words})}" if tmdb.is_enabled() else ""
        context |= {"films": found, "mine": recorded_among(request.user, found), "tmdb_address": address}
    else:
        context |= picks_for(request.user, today_in_japan())._asdict()
    return allow_copies(render(request, "movies/diary/_quick_results.html", context), **REVALIDATED)


@require_safe
def quick_tmdb(request: Request) -> HttpResponse:
    """What only TMDB finds; when it does not answer, that."""
    form = FilmSearchForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["q"]:
        raise BadRequest("no such search")
    context: dict[str, object] = {"hits": [], "trouble": False}
    try:
        found = search_elsewhere(form.cleaned_data["q"], year=None, page=1, language=get_language())
    except tmdb.TmdbError:
        context["trouble"] = True
    else:
        hits = found.hits[:MOST_FOUND]
        context |= {"hits": hits, "mine": recorded_among(request.user, [hit.film for hit in hits if hit.film])}
    return allow_copies(render(request, "movies/diary/_quick_tmdb.html", context), **REVALIDATED)


@require_safe
def quick_film(request: Request, pk: int) -> HttpResponse:
    """The film that was picked, and the question for its score. A visitor's answer leads through signing in."""
    film = get_object_or_404(Film.objects.select_related("merged_into"), pk=pk)
    if not request.user.is_authenticated:
        shown = film.merged_into or film
        response = render(request, "movies/diary/_quick_visitor.html", {"film": shown, "choices": Watched.choices[1:]})
        return allow_copies(response, **REVALIDATED)
    entry = Entry.objects.of(request.user).filter(film=film).first()
    if film.merged_into and not entry:
        return quick_film(request, film.merged_into.pk)
    form = RecordForm(None, owner=request.user, entry=entry)
    return ask_for_score(request, form, film, entry)


@login_required
@require_safe
def quick_film_from_tmdb(request: SignedInRequest, tmdb_id: int) -> HttpResponse:
    try:
        found = films.found(tmdb_id=tmdb_id)
    except Film.DoesNotExist as error:
        raise Http404 from error
    except tmdb.TmdbError:
        return HttpResponse(status=503)  # the dialog says it where the film was picked
    if isinstance(found, Film):
        return quick_film(request, found.pk)
    return ask_for_score(request, RecordForm(None, owner=request.user), preview(found))


def ask_for_score(request: Request, form: RecordForm, film: Film, entry: Entry | None = None) -> HttpResponse:
    """Of what the dialog does not ask for nothing is sent, and so nothing changed."""
    form.auto_id = "quick_%s"
    context = {
        "form": form,
        "film": film,
        "entry": entry,
        "address": reverse("record", args=[film.pk]) if film.pk else reverse("record_from_tmdb", args=[film.tmdb_id]),
        "carried": [form[name].as_hidden() for name in CARRIED],
        "is_another_day": form["watched"].value() == Watched.DAY,
    }
    return render(request, "movies/diary/_quick_form.html", context, status=400 if form.is_bound else 200)


def tell_recorded(request: SignedInRequest, form: RecordForm, entry: Entry, *, is_new: bool) -> HttpResponse:
    """What was done, and how to take it back: `form` knows how things stood before."""
    former = {"score": form.initial["score"], "submission": form.cleaned_data["submission"]}
    if entry.former_wish:
        former["wish"] = signing.dumps(entry.former_wish, salt=FORMER_WISH)
    context = {"entry": entry, "is_new": is_new, "former": former}
    return render(request, "movies/diary/_quick_recorded.html", context)


def former_wish(request: SignedInRequest) -> dict[str, Any] | None:
    """As `tell_recorded` has written it into the button that takes it back. Raises BadRequest for any other."""
    if not (written := request.POST.get("wish")):
        return None
    try:
        was: dict[str, Any] = signing.loads(written, salt=FORMER_WISH)
    except signing.BadSignature as error:
        raise BadRequest("no such wish") from error
    if was["owner_id"] != request.user.pk:
        raise BadRequest("no such wish")
    return was


def tell_undone(request: SignedInRequest, entry: Entry) -> HttpResponse:
    return render(request, "movies/diary/_quick_undone.html", {"entry": entry})


@login_required
@require_POST
def undo_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Takes back what a form has just changed: the score as it was, without the viewing that was sent with it."""
    entry = get_object_or_404(Entry.objects.of(request.user).select_related("film"), pk=pk)
    form = FormerScoreForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no such change")
    submission: uuid.UUID = form.cleaned_data["submission"]
    was = former_wish(request)
    entry = services.take_back_change(entry=entry, score=form.cleaned_data["score"], submission=submission)
    if was:
        wish_again(owner=request.user, film=entry.film, was=was)
    return tell_undone(request, entry) if is_quick(request) else redirect("record", pk=entry.film_id)
