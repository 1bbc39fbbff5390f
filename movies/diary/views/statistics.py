import datetime

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.diary.models import Entry
from movies.diary.statistics import Statistics
from movies.diary.views.owners import above, known_to
from movies.diary.views.walls import told_apart, wall_etag
from mymovie.pages import keeping_query


@require_safe
def stats(request: Request, handle: str) -> HttpResponse:
    """A wall in numbers; with `year`, what was seen in that year."""
    address = reverse("stats", args=[handle])
    if request.path != address:
        return redirect(keeping_query(request, address), permanent=True)
    year = read_year(request)
    owner = get_object_or_404(known_to(request), handle=handle)
    etag = None if request.user.is_authenticated else wall_etag(request, owner)
    if etag and (unchanged := get_conditional_response(request, etag)):
        return told_apart(unchanged, etag)

    context = above(request, owner)
    if not owner.is_open:
        return told_apart(render(request, "movies/diary/closed_wall.html", context), etag)
    seen = Entry.objects.filter(owner=owner).seen_by(request.user)
    context["stats"] = Statistics(seen, year, is_own=owner == request.user)
    return told_apart(render(request, "movies/diary/stats.html", context), etag)


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
