import datetime
from functools import partial

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import Request
from movies.diary.models import Entry
from movies.diary.statistics import Statistics
from movies.diary.views.owners import above, known_to
from movies.diary.views.revisions import for_strangers, told_apart
from mymovie.pages import keeping_query


@require_safe
def stats(request: Request, handle: str) -> HttpResponse:
    """A wall in numbers; with `year`, what was seen in that year."""
    address = reverse("stats", args=[handle])
    if request.path != address:
        return redirect(keeping_query(request, address), permanent=True)
    year = read_year(request)
    owner = known_to(request, handle)
    if request.user.is_anonymous:
        return for_strangers(
            request, owner, partial(shown_to, request, owner, year), query=f"year={year}" if year else ""
        )
    return told_apart(shown_to(request, owner, year))


def shown_to(request: Request, owner: User, year: int | None) -> HttpResponse:
    context = above(request, owner)
    if not owner.is_open:  # type: ignore[attr-defined]
        return render(request, "movies/diary/closed_wall.html", context)
    is_own = owner == request.user
    seen = Entry.objects.of(owner) if is_own else Entry.objects.filter(owner=owner).seen_by(request.user)
    context["stats"] = Statistics(seen, year, is_own=is_own)
    return render(request, "movies/diary/stats.html", context)


def read_year(request: Request) -> int | None:
    """What the address asks for. Raises BadRequest for what is no year of films."""
    written = request.GET.get("year")
    if written is None:
        return None
    try:
        year = datetime.date(int(written), 1, 1).year
    except (ValueError, OverflowError) as error:
        raise BadRequest("no such year") from error
    if not 1870 <= year < 2200:
        raise BadRequest("no year of films")
    return year
