"""RSS of walls, and of one's own feed at a secret address."""

import datetime
from calendar import timegm

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.diary.feed import feed as feed_of
from movies.diary.models import Entry
from movies.sharing import news
from movies.sharing.addresses import FEEDS
from movies.sharing.reviews import excerpts
from movies.sharing.subjects import entries, walls
from mymovie.caching import REVALIDATED, allow_copies, asks_nobody, same_for_all
from mymovie.limits.services import Limit, spend
from mymovie.secret_addresses import CHANGES

READINGS = Limit("feed", 120, datetime.timedelta(hours=1))
CONTENT_TYPE = "application/rss+xml; charset=utf-8"


@asks_nobody
@require_safe
def wall_rss(request: HttpRequest, handle: str) -> HttpResponse:
    """What everybody sees of a wall, newest first; the same for whoever asks."""
    owner = get_object_or_404(walls(), handle=handle)
    newest = news.newest(entries().filter(owner=owner))
    page = settings.SITE_URL + reverse("wall", args=[owner.handle])
    title = _("%(name)s’s films") % {"name": owner.display_name}
    response = _told(request, newest, owner.joined_at, title=f"{title} · MyMovie", page=page, names_owners=False)
    return same_for_all(response, **REVALIDATED)


@asks_nobody
@require_safe
def feed_rss(request: HttpRequest, token: str) -> HttpResponse:
    """Programs ask for it every hour, for years: what has not changed is not written again."""
    feed = FEEDS.at(token)
    if feed is None:
        raise Http404
    spend(READINGS, who=f"feed {feed.pk}")
    with override(feed.owner.language):
        page = settings.SITE_URL + reverse("feed")
        newest, _more = feed_of(feed.owner)
        title = _("My feed")
        response = _told(request, newest, feed.made_at, title=f"{title} · MyMovie", page=page, names_owners=True)
    return allow_copies(response, private=True, no_cache=True)


def _told(
    request: HttpRequest,
    newest: list[Entry],
    otherwise: datetime.datetime,
    *,
    title: str,
    page: str,
    names_owners: bool,
) -> HttpResponse:
    reviews = excerpts(newest)
    etag = news.etag_of(title, newest, reviews)
    changed_at = timegm(news.newest_at(newest, otherwise).utctimetuple())
    # By the ETag alone: a score may change, or an entry go, without a newer one.
    response = get_conditional_response(request, etag)
    if response is None:
        here = settings.SITE_URL + request.path
        body = news.write(newest, reviews, title=title, page=page, feed=here, names_owners=names_owners)
        response = HttpResponse(body, content_type=CONTENT_TYPE)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(changed_at)
    return response


@login_required
@require_safe
def feed_settings(request: SignedInRequest) -> HttpResponse:
    context = {
        "title": _("News by RSS"),
        "address": FEEDS.of(request.user),
        "is_public": request.user.wall_visibility == "public",
        "wall_address": settings.SITE_URL + reverse("wall_rss", args=[request.user.handle]),
    }
    return render(request, "movies/sharing/feed_settings.html", context)


@login_required
@require_POST
def make_feed(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    FEEDS.make(owner=request.user)
    return redirect("feed_settings")


@login_required
@require_POST
def renew_feed(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    FEEDS.renew(owner=request.user)
    messages.success(request, _("Here is your new address."))
    return redirect("feed_settings")


@login_required
@require_POST
def end_feed(request: SignedInRequest) -> HttpResponse:
    FEEDS.end(owner=request.user)
    messages.success(request, _("The address no longer works."))
    return redirect("feed_settings")
