import datetime

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.requests import Request
from movies.catalog.dates import today_in_japan
from movies.diary.marks import wished_among
from movies.diary.models import Wish
from movies.releases.reminders import Channel
from movies.releases.upcoming import coming, page_of_days
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.paging import Cursor


@require_safe
def upcoming(request: Request) -> HttpResponse:
    """What comes out in Japan from today on; with `after`, what follows that place, and only that when htmx asks."""
    try:
        channel = Channel(request.GET.get("by", Channel.CINEMA))
    except ValueError as error:
        raise BadRequest("no such way to come out") from error
    after = Cursor.read(request.GET["after"], datetime.date) if "after" in request.GET else None
    today = today_in_japan()
    days, following = page_of_days(channel, after, today)
    films = [film for day in days for film in day.films]
    context = {
        "channel": channel,
        "days": days,
        "next": following,
        "wished": wished_among(request.user, films),
        "wishes_count": 0,
    }
    if request.user.is_authenticated and not request.htmx:
        context["wishes_count"] = Wish.objects.filter(owner=request.user, film__in=coming(channel, today)).count()
    part = "movies/releases/_upcoming_days.html" if request.htmx else "movies/releases/upcoming.html"
    response = render(request, part, context)
    patch_vary_headers(response, ["HX-Request"])
    return allow_copies(response, **REVALIDATED)
