import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from movies.diary.feed import feed
from mymovie.paging import BadCursor, Cursor


@login_required
@require_safe
def show_feed(request: SignedInRequest) -> HttpResponse:
    after = Cursor.read(request.GET["after"], datetime.datetime) if "after" in request.GET else None
    if after and after.key is None:
        raise BadCursor(after)  # everything in a feed has its moment
    entries, following = feed(request.user, after)
    return render(request, "movies/diary/feed.html", {"entries": entries, "next": following})
