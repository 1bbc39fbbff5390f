import datetime
import hashlib

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from movies.releases import calendar, services
from movies.releases.models import CalendarFeed
from movies.releases.reminders import JAPAN
from mymovie.caching import asks_nobody
from mymovie.limits.services import Limit, spend

READS = Limit("calendar", 120, datetime.timedelta(hours=1))
CHANGES = Limit("calendar changes", 30, datetime.timedelta(hours=1))


@asks_nobody
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address is answered; one that is none is not told from one that is no longer."""
    owner = calendar.owner_of(token)
    if owner is None:
        raise Http404
    spend(READS, who=f"person {owner.pk}")
    written = calendar.written_for(owner, timezone.now().astimezone(JAPAN).date())
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = f'"{hashlib.sha256(written).hexdigest()[:32]}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


@login_required
@require_safe
def calendar_settings(request: SignedInRequest) -> HttpResponse:
    feed = CalendarFeed.objects.filter(owner=request.user).first()
    context = {"title": _("Calendar"), "address": calendar.address_of(feed) if feed else ""}
    return render(request, "movies/releases/calendar_settings.html", context)


@login_required
@require_POST
def make_calendar(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    services.make_calendar(owner=request.user)
    return redirect("calendar_settings")


@login_required
@require_POST
def renew_calendar(request: SignedInRequest) -> HttpResponse:
    spend(CHANGES, who=f"person {request.user.pk}")
    services.renew_calendar(owner=request.user)
    return redirect("calendar_settings")


@login_required
@require_POST
def end_calendar(request: SignedInRequest) -> HttpResponse:
    services.end_calendar(owner=request.user)
    return redirect("calendar_settings")
