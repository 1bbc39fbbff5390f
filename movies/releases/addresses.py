"""The addresses at which calendars read what somebody waits for. Whoever has one can read it: it is a secret, and names
nobody."""

import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from movies.releases.models import CalendarFeed
from mymovie.limits.services import Limit

CHANGES = Limit("calendar address", 20, datetime.timedelta(hours=1))


def address_of(feed: CalendarFeed) -> str:
    return settings.SITE_URL + reverse("calendar_feed", args=[_signer().sign_object([feed.pk, feed.edition])])


def feed_at(token: str) -> CalendarFeed | None:
    """None for what we never gave out, for an address of before, and where its owner is no longer here."""
    try:
        pk, edition = _signer().unsign_object(token)
    except BadSignature:
        return None
    feeds = CalendarFeed.objects.filter(owner__is_active=True).select_related("owner")
    return feeds.filter(pk=pk, edition=edition).first()


def _signer() -> Signer:
    return Signer(salt="movies.releases.calendar", sep=".")
