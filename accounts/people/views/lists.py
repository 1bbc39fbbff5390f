"""Lists of people, by key, of whom the viewer may know."""

import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.people import search
from accounts.people.models import Follow, User
from accounts.requests import Request
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.paging import Cursor, page_after

PEOPLE_ON_A_PAGE = 60


@require_safe
def followers(request: Request, handle: str) -> HttpResponse:
    """One's own page begins with those who ask to follow."""
    return follows(request, handle, of="followee", person="follower")


@require_safe
def following(request: Request, handle: str) -> HttpResponse:
    return follows(request, handle, of="follower", person="followee")


def follows(request: Request, handle: str, *, of: str, person: str) -> HttpResponse:
    owner = get_object_or_404(User.objects.with_wall_open_to(request.user), handle=handle)
    known = User.objects.known_to(request.user)
    theirs = Follow.objects.filter(**{of: owner, f"{person}__in": known}).select_related(person)
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    page, next_place = page_after(theirs.filter(accepted_at__isnull=False), "accepted_at", after, PEOPLE_ON_A_PAGE)
    context = {
        "owner": owner,
        "is_own": owner == request.user,
        "kind": person,
        "people": [getattr(follow, person) for follow in page],
        "next": next_place,
        "asking": [],
    }
    if owner == request.user:  # what others are told counts only those whom they may see
        accepted = Follow.objects.filter(accepted_at__isnull=False)
        owner.followers_count = accepted.filter(followee=owner, follower__in=known).count()
        owner.following_count = accepted.filter(follower=owner, followee__in=known).count()
    if owner == request.user and not after:
        asking = theirs.filter(accepted_at=None).order_by("pk")[:PEOPLE_ON_A_PAGE]
        context["asking"] = [getattr(follow, person) for follow in asking]
    return allow_copies(render(request, "accounts/people/follows.html", context), **REVALIDATED)


@require_safe
def people(request: Request) -> HttpResponse:
    """Found by handle or name; without words all whose wall is for everybody, the latest to record first."""
    words = request.GET.get("q", "").strip()[: search.LONGEST_QUERY]
    if words:
        after = Cursor.read(request.GET["after"], int) if "after" in request.GET else None
        exact = search.with_this_handle(words, viewer=request.user)
        found = search.called(words, viewer=request.user)
        page, next_place = page_after(found, "renown", after, PEOPLE_ON_A_PAGE)
        page = [person for person in page if person != exact]
        if exact and not after:
            page = [exact, *page]
    else:
        after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
        walls = User.objects.with_films_on_show(request.user)
        page, next_place = page_after(walls, "last_shown_at", after, PEOPLE_ON_A_PAGE)
    context = {"query": words, "people": page, "next": next_place}
    return allow_copies(render(request, "accounts/people/people.html", context), **REVALIDATED)
