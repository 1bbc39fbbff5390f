"""Lists of people, by key, of whom the viewer may know."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.people import circles, search
from accounts.people.circles import PEOPLE_ON_A_PAGE
from accounts.people.models import Follow, User
from accounts.requests import Request
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.paging import Cursor, page_after


@require_safe
def followers(request: Request, handle: str) -> HttpResponse:
    """One's own page begins with those who ask to follow."""
    return follows(request, handle, of=circles.followers_of, person="follower")


@require_safe
def following(request: Request, handle: str) -> HttpResponse:
    return follows(request, handle, of=circles.followed_by, person="followee")


def follows(request: Request, handle: str, *, of: Callable[..., QuerySet[Follow]], person: str) -> HttpResponse:
    owner = get_object_or_404(User.objects.with_wall_open_to(request.user), handle=handle)
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    page, next_place = page_after(of(owner, viewer=request.user), "accepted_at", after, PEOPLE_ON_A_PAGE)
    context = {
        "owner": owner,
        "is_own": owner == request.user,
        "kind": person,
        "people": [getattr(follow, person) for follow in page],
        "next": next_place,
        "asking": [],
    }
    if owner == request.user:
        circles.count_for_its_owner(owner)
    if owner == request.user and person == "follower" and not after:
        asking = circles.asking(owner).order_by("pk")[:PEOPLE_ON_A_PAGE]
        context["asking"] = [follow.follower for follow in asking]
    return allow_copies(render(request, "accounts/people/follows.html", context), **REVALIDATED)


@require_safe
def people(request: Request) -> HttpResponse:
    """Found by handle or name; without words all whose wall is for everybody, the latest to record first."""
    words = request.GET.get("q", "").strip()[: search.LONGEST_QUERY]
    page, next_place = search.people(words, viewer=request.user, after=request.GET.get("after"))
    context = {"query": words, "people": page, "next": next_place}
    return allow_copies(render(request, "accounts/people/people.html", context), **REVALIDATED)
