"""The addresses at which programs read somebody's feed. Whoever has one can read it: it is a secret, and names nobody."""

import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from movies.sharing.models import FeedAddress
from mymovie.limits.services import Limit

CHANGES = Limit("feed address", 20, datetime.timedelta(hours=1))


def address_of(feed: FeedAddress) -> str:
    return settings.SITE_URL + reverse("feed_rss", args=[_signer().sign_object([feed.pk, feed.edition])])


def feed_at(token: str) -> FeedAddress | None:
    """None for what we never gave out, for an address of before, and where its owner is no longer here."""
    try:
        pk, edition = _signer().unsign_object(token)
    except BadSignature:
        return None
    feeds = FeedAddress.objects.filter(owner__is_active=True).select_related("owner")
    return feeds.filter(pk=pk, edition=edition).first()


def _signer() -> Signer:
    return Signer(salt="movies.sharing.feed", sep=".")
