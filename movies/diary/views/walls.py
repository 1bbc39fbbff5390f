from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Prefetch, QuerySet, Value, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.people import search
from accounts.requests import Request
from movies.catalog.models import Credit, Genre, Person
from movies.diary import open_wall
from movies.diary.heads import head_of_wall
from movies.diary.models import Entry, Viewer, Viewing
from movies.diary.open_wall import Eyes, OpenWall
from movies.diary.sifting import Sieve, choices_of
from movies.diary.views import wall_shells
from movies.diary.views.owners import above, known_to
from movies.diary.views.revisions import for_strangers, told_apart
from movies.diary.views.wall_shells import TO_CHOOSE_FROM
from movies.diary.wall import Page, Wall
from movies.diary.wall_address import Asked, Density
from movies.templatetags.walls import films, rail
from mymovie.addresses import address
from mymovie.offline.middleware import TOLD_ONCE
from mymovie.pages import keeping_query


@require_safe
def wall(request: Request, handle: str) -> HttpResponse:
    """A person's films; with `after`, those that follow that place, and only them when htmx asks."""
    here = address("wall", handle=handle)
    if request.path != here:
        return redirect(keeping_query(request, here), permanent=True)
    asked = Asked.read(request.GET)
    is_stranger, wall = request.user.is_anonymous, None
    if is_stranger and is_plain(request, asked) and "If-None-Match" not in request.headers:
        wall = open_wall.looked_at(handle, asked.arrangement, asked.after)
        owner = wall.owner
    else:
        owner = open_wall.owner_called(handle) if is_stranger else known_to(request, handle)
    if not asked.sieve.is_open_to(is_own=owner == request.user, shows_tags=owner.shows_tags):
        raise BadRequest("whoever may not see it cannot sift by it")
    if "" in request.GET.values():  # a form sends also what was left open
        return redirect(address_of(request, asked))
    if is_stranger:
        return for_strangers(request, owner, partial(shown_to, request, owner, asked, wall), query=asked.query)
    return told_apart(shown_to(request, owner, asked))


def shown_to(request: Request, owner: User, asked: Asked, wall: OpenWall | None = None) -> HttpResponse:
    """`wall`: the plain one, where it has been looked at already."""
    if not owner.is_open:  # type: ignore[attr-defined]
        return render(request, "movies/diary/closed_wall.html", above(request, owner))
    with timezone.override(ZoneInfo(owner.time_zone)):  # whose days these are
        if not wall and is_plain(request, asked):
            wall = OpenWall(owner, asked.arrangement)
        if wall and wall.count:
            return HttpResponse(wall_shells.filled(owner, asked, wall, request.path))
        return show_wall(request, owner, asked, above(request, owner))


def is_plain(request: Request, asked: Asked) -> bool:
    """Whether it is a wall as most are asked for, by somebody of whom we know nothing."""
    return (
        settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.htmx
        and request.META["QUERY_STRING"] == asked.query
        and wall_shells.is_for(asked)
    )


def show_wall(request: Request, owner: User, asked: Asked, context: dict[str, object]) -> HttpResponse:
    is_own, arrangement = owner == request.user, asked.arrangement
    whole = OpenWall(owner, arrangement, request.user, eyes_on(owner, request.user, context["follow"]))
    shown: Wall = whole
    if asked.sieve:
        shown = Wall(asked.sieve.sift(whole.entries, released_on=arrangement.released_on), arrangement)
    context |= {"asked": asked, "arrangement": arrangement, "sifted_by": names_of(asked.sieve)}
    if asked.is_choosing:
        rights = {"is_own": is_own, "shows_tags": owner.shows_tags}
        context["choices"] = choices_of(whole.entries, released_on=arrangement.released_on, **rights)
        if request.htmx:
            return render(request, "movies/diary/_wall_choices.html", context)
    page = shown.page(asked.after, in_rows=asked.density != Density.LIST)
    page = with_what_a_list_says(page, asked, is_own=is_own)
    context |= {"page": page, "films": films(page, asked, owner, is_own=is_own, is_more=bool(request.htmx))}
    if request.htmx:
        return render(request, "movies/diary/_wall_page.html", context)
    context |= {
        "sharing": head_of_wall(owner, arrangement),
        "wall": shown,
        "canonical": settings.SITE_URL + address_of(request, replace(asked, is_choosing=False)),
        "count": whole.count,
        "no_sieve": Sieve(),
        "rail": rail(shown, page, asked, request.path),
    }
    context |= done_just_now(request, owner)
    context["above"] = render_to_string("components/owner.html", context, request)
    if asked.sieve or asked.is_choosing:
        parts = context | TO_CHOOSE_FROM
        context["arranging"] = render_to_string("components/wall_arrangement.html", parts, request)
    else:
        context["arranging"] = wall_shells.arranging(asked, request.path)
    return render(request, "movies/diary/wall.html", context)


def eyes_on(owner: User, viewer: Viewer, follow: Any) -> Eyes:
    if viewer == owner:
        return Eyes.OWNER
    return Eyes.FOLLOWER if follow and follow.accepted_at else Eyes.STRANGER


def address_of(request: Request, asked: Asked) -> str:
    return f"{request.path}?{asked.query}" if asked.query else request.path


def names_of(sieve: Sieve) -> dict[str, str]:
    """What an address asks for by its number, by name. Raises BadRequest for what does not exist."""
    said = sieve.written()
    columns = {"genre": "name_en", "director": "name"}
    named = [
        rows.filter(pk=said[kind]).values_list(Value(kind), columns[kind], "name_ja")
        for kind, rows in {"genre": Genre.objects.all(), "director": Person.objects.all()}.items()
        if kind in said
    ]
    if named:
        found = {kind: name_ja if name_ja and get_language() == "ja" else name for kind, name, name_ja in union(named)}
        if len(found) < len(named):
            raise BadRequest("no such genre or person")
        said |= found
    return said


def union(rows: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = rows
    return first.union(*others, all=True)


def with_what_a_list_says(page: Page, asked: Asked, *, is_own: bool) -> Page:
    """A list has room for the directors, and tells its owner how often they saw a film."""
    if asked.density == Density.LIST:
        entries = [entry for run in page.runs for entry in run.entries]
        directing = Credit.objects.billed().filter(job=Credit.Job.DIRECTOR)
        prefetch_related_objects(entries, Prefetch("film__credits", directing, "directing"))
        if is_own:
            prefetch_related_objects(entries, Prefetch("viewings", Viewing.objects.order_by("watched_on", "pk")))
    return page


def done_just_now(request: Request, owner: User) -> dict[str, Entry | None]:
    """The owner's entry that they have just now recorded, changed, or deleted and may put back: by which of these."""
    done = {act: pk for act, pk in request.GET.dict().items() if act in {*TOLD_ONCE, "deleted"} and pk.isdecimal()}
    if owner != request.user or not done:
        return {}
    mine = Entry.objects.filter(owner=owner).select_related("film")
    standing, deleted = mine.of(owner), mine.deleted_lately(timezone.now())
    return {act: (deleted if act == "deleted" else standing).filter(pk=pk).first() for act, pk in done.items()}


@require_safe
def random_wall(request: Request) -> HttpResponse:
    owner = search.random_wall(viewer=request.user)
    return redirect("wall", handle=owner.handle) if owner else redirect("about")
