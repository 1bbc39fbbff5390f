"""The private calendar: its address among the settings, and what is read there."""

import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.catalog.dates import today_in_japan
from movies.releases import calendars
from movies.releases.addresses import CALENDARS
from mymovie.caching import allow_copies, asks_nobody
from mymovie.limits.services import Limit, spend
from mymovie.secret_addresses import CHANGES

READINGS = Limit("calendar", 60, datetime.timedelta(hours=1))


@asks_nobody
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Programs ask for it every few hours, for years: what has not changed is not written again."""
    feed = CALENDARS.at(token)
    if feed is None:
        raise Http404
    spend(READINGS, who=f"feed {feed.pk}")
    openings = calendars.openings_for(feed.owner, today_in_japan())
    etag = calendars.etag_of(feed.owner, openings)
    response = get_conditional_response(request, etag)
    if response is None:
        body = calendars.write(feed.owner, openings)
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    return allow_copies(response, private=True, no_cache=True)


@login_required
@require_safe
def calendar_settings(request: SignedInRequest) -> HttpResponse:
    context = {"title": _("Calendar"), "address": CALENDARS.of(request.user)}
    return render(request, "movies/releases/calendar_settings.html", context)


@login_required
@require_POST
def make_calendar(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    CALENDARS.make(owner=request.user)
    return redirect("calendar_settings")


@login_required
@require_POST
def renew_calendar(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    CALENDARS.renew(owner=request.user)
    messages.success(request, _("Here is your new address."))
    return redirect("calendar_settings")


@login_required
@require_POST
def end_calendar(request: SignedInRequest) -> HttpResponse:
    CALENDARS.end(owner=request.user)
    messages.success(request, _("The address no longer works."))
    return redirect("calendar_settings")
