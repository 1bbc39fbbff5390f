"""What people write about films: the page of one record, a person's reviews, a film's."""

import datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import Request
from movies.catalog.models import Film
from movies.diary.film_told import reviews_of
from movies.diary.heads import head_of_entry
from movies.diary.models import Entry, EntryQuerySet, Viewer
from movies.diary.views.owners import above
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.pages import keeping_query
from mymovie.paging import Cursor, page_after
from mymovie.rest.conditional import digest

REVIEWS_ON_A_PAGE = 20


@require_safe
def entry(request: Request, handle: str, pk: int, slug: str) -> HttpResponse:
    """What somebody shows of a film: their record; or, where that is for fewer, the review that is for everybody."""
    entry = find_entry(request.user, handle, pk)
    address = reverse("entry", args=[entry.owner.handle, entry.film_id, entry.film.slug])
    if request.path != unquote(address):
        return redirect(keeping_query(request, address), permanent=True)
    etag = None if request.user.is_authenticated else etag_of(entry)
    response = (etag and get_conditional_response(request, etag)) or show_entry(request, entry, address)
    if etag:
        response.headers["ETag"] = etag
        allow_copies(response, **REVALIDATED)
    return response


def show_entry(request: Request, entry: Any, address: str) -> HttpResponse:
    is_own = entry.owner == request.user
    context = {
        "entry": entry,
        "film": entry.film,
        "owner": entry.owner,
        "is_own": is_own,
        "viewings": entry.viewings.order_by("watched_on", "pk") if is_own else [],
        "sharing": head_of_entry(entry, address),
        "tags": entry.tags if is_own or (entry.is_seen and entry.owner.shows_tags) else [],
    }
    with timezone.override(ZoneInfo(entry.owner.time_zone)):  # whose days these are
        return render(request, "movies/diary/entry.html", context)


def find_entry(viewer: Viewer, handle: str, film_id: int) -> Any:
    """Also by a film that has since been merged into the one it stands on. Raises Http404."""
    is_open = Exists(User.objects.with_wall_open_to(viewer).filter(pk=OuterRef("owner")))
    met = Entry.objects.met_by(viewer).filter(owner__handle=handle).annotate(is_wall_open=is_open)
    met = met.select_related("film", "owner")
    found = met.filter(film=film_id).first() or met.filter(film__merged=film_id).first()
    if found is None:
        raise Http404
    return found


def etag_of(entry: Any) -> str:
    """Names what a stranger is shown. Not by the wall's revision: a review may be for all where its wall is not, and then the
    wall's other changes are nobody's business."""
    said = [entry.pk, entry.is_seen, entry.is_wall_open, entry.film.changed_at]
    said += [getattr(entry.owner, name) for name in ("handle", "display_name", "avatar", "time_zone", "shows_tags")]
    if entry.is_read:
        said += [entry.review, entry.has_spoilers, entry.reviewed_at]
    if entry.is_seen:
        said += [entry.score, entry.watched_on, entry.tags]
    return f'W/"{digest(*said)}-{get_language()}-{settings.RELEASE}"'


@require_safe
def by_person(request: Request, handle: str) -> HttpResponse:
    """Somebody's reviews, as far as the viewer may read them, the latest first. Who is not known to the viewer is there
    only by what they have written for everybody."""
    address = reverse("reviews", args=[handle])
    if request.path != address:
        return redirect(keeping_query(request, address), permanent=True)
    is_known = Exists(User.objects.known_to(request.user).filter(pk=OuterRef("pk")))
    owner = get_object_or_404(User.objects.telling_openness_to(request.user).annotate(is_known=is_known), handle=handle)
    read = Entry.objects.reviews_read_by(request.user).filter(owner=owner)
    if not owner.is_known and not read.exists():
        raise Http404
    context: dict[str, Any] = {
        "owner": owner,
        "is_own": owner == request.user,
        "is_shown": owner.is_known and owner.is_open,
    }
    if context["is_shown"] and not request.htmx:
        context |= above(request, owner) | {"count": Entry.objects.filter(owner=owner).seen_by(request.user).count()}
    with timezone.override(ZoneInfo(owner.time_zone)):  # whose days these are
        return show_page(request, read.select_related("film", "owner"), "movies/diary/reviews.html", context)


@require_safe
def of_film(request: Request, pk: int, slug: str) -> HttpResponse:
    """What was written about a film, as far as the viewer may read it, the latest first."""
    film = get_object_or_404(Film.objects.select_related("merged_into"), pk=pk)
    kept = film.merged_into or film
    if slug != kept.slug or film != kept:
        address = reverse("film_reviews", args=[kept.pk, kept.slug])
        return redirect(keeping_query(request, address), permanent=film == kept)
    read = reviews_of(film, request.user).select_related("owner")
    return show_page(request, read, "movies/diary/film_reviews.html", {"film": film, "owner": None})


def show_page(request: Request, read: EntryQuerySet, template: str, context: dict[str, Any]) -> HttpResponse:
    """With `after`, those that follow that place, and only them when htmx asks."""
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    entries, following = page_after(read.telling(request.user), "reviewed_at", after, REVIEWS_ON_A_PAGE)
    context |= {"entries": entries, "next": following}
    response = render(request, "movies/diary/_reviews_page.html" if request.htmx else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
