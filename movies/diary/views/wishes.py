"""What one wants to see. Buttons for it stand on many pages: without JavaScript they lead back there, and with htmx a button
is replaced by what it is now."""

import datetime
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.requests import SignedInRequest
from movies.catalog import tmdb
from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film
from movies.diary import watchlist as lists
from movies.diary import wishing
from movies.diary.films import film_from_tmdb
from movies.diary.forms import RemindersForm
from movies.diary.models import Wish
from movies.diary.wishing import ACTS
from mymovie.limits.services import Exceeded, spend
from mymovie.pages import came_from
from mymovie.paging import Cursor

ON_A_FILM_PAGE = "film-wish"  # what holds the button there, and with it the reminders


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A button pressed by somebody who is signed in, and not without end."""

    @login_required
    @require_POST
    @wraps(view)
    def counted(request: SignedInRequest, **asked: int) -> HttpResponse:
        try:
            spend(ACTS, who=f"person {request.user.pk}")
        except Exceeded:
            if not request.htmx:
                raise
            return trouble(request, _("That was too often. Please wait a while."))
        return view(request, **asked)

    return counted


@act
def wish(request: SignedInRequest, pk: int) -> HttpResponse:
    return put_on(request, get_object_or_404(Film.objects.select_related("merged_into"), pk=pk))


@act
def wish_from_tmdb(request: SignedInRequest, tmdb_id: int) -> HttpResponse:
    """A film that only TMDB has so far is made when somebody waits for it."""
    film = Film.objects.select_related("merged_into").filter(tmdb_id=tmdb_id).first()
    if film is None:
        try:
            facts = tmdb.for_pages.film(tmdb_id)
        except tmdb.NotFound as error:
            raise Http404 from error
        except tmdb.TmdbError:
            return trouble(request, _("TMDB does not answer just now. Please try again in a minute."))
        if facts.is_adult:
            raise Http404
        film = film_from_tmdb(facts)
    return put_on(request, film, is_brought=True)


def put_on(request: SignedInRequest, film: Film, *, is_brought: bool = False) -> HttpResponse:
    film = film.merged_into or film
    try:
        wishing.wish(owner=request.user, film=film)
    except Film.DoesNotExist as error:  # forgotten in this very moment
        raise Http404 from error
    except wishing.TooManyWishes:
        said = _("Your watchlist is full: it holds %(count)d films. Take one off first.")
        return trouble(request, said % {"count": wishing.MOST_WISHES})
    return done(request, film, _("“%(title)s” is on your watchlist."), is_brought=is_brought)


@act
def unwish(request: SignedInRequest, pk: int) -> HttpResponse:
    film = get_object_or_404(Film.objects.select_related("merged_into"), pk=pk)
    wishing.unwish(owner=request.user, film=film)
    return done(request, film.merged_into or film, _("“%(title)s” is off your watchlist."))


@act
def change_reminders(request: SignedInRequest, pk: int) -> HttpResponse:
    wish = get_object_or_404(Wish.objects.filter(owner=request.user).select_related("film"), film=pk)
    form = RemindersForm(request.POST, wish=wish)
    if form.is_valid() and form.has_changed():
        wishing.change_reminders(wish=wish, changes=form.changes)
    return done(request, wish.film, _("Saved."))


def done(request: SignedInRequest, film: Film, said: str, *, is_brought: bool = False) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said % {"title": film.title})
        return redirect(came_from(request, "film", film.pk, film.slug))
    my_wish = Wish.objects.filter(owner=request.user, film=film).first()
    context = {"film": film, "is_brought": is_brought} | what_i_wait_for(my_wish, film)
    if request.htmx.target == ON_A_FILM_PAGE:
        return render(request, "movies/diary/_film_wish.html", context)
    return render(request, "components/wish_button.html", context)


def trouble(request: SignedInRequest, said: str) -> HttpResponse:
    """Why it was not done, beside the button that was pressed; htmx shows nothing that comes as an error."""
    target = request.htmx.target or "" if request.htmx else ""
    if re.fullmatch(r"[\w-]{1,60}", target, re.ASCII):
        return retarget(reswap(HttpResponse(escape(said)), "innerHTML"), f"#{target} .wish-trouble")
    messages.error(request, said)
    return redirect(came_from(request, "search"))


def what_i_wait_for(wish: Wish | None, film: Film) -> dict[str, Any]:
    """For templates: whether the viewer waits for the film, and of what of it they can be reminded still."""
    if wish is None:
        return {"wished": set(), "reminders": None}
    wish.film = film
    reminders = RemindersForm(wish=wish)
    return {"wished": {film.pk}, "reminders": reminders if reminders.fields else None}


@login_required
@require_safe
def watchlist(request: SignedInRequest) -> HttpResponse:
    try:
        order = lists.Order(request.GET.get("order", lists.Order.OPENING))
    except ValueError as error:
        raise BadRequest("no such order") from error
    written = request.GET.get("after")
    page: tuple[list[Wish], lists.Place | Cursor | None]
    if order == lists.Order.OPENING:
        page = lists.by_opening(request.user, lists.Place.read(written) if written else None, today_in_japan())
    else:
        page = lists.by_day_added(request.user, Cursor.read(written, datetime.datetime) if written else None)
    wishes, following = page
    context = {
        "wishes": wishes,
        "wished": {wish.film_id for wish in wishes},
        "next": following,
        "order": order,
        "orders": lists.Order,
        "count": Wish.objects.filter(owner=request.user).count(),
    }
    part = "movies/diary/_watchlist_page.html" if request.htmx else "movies/diary/watchlist.html"
    return render(request, part, context)
