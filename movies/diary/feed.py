"""The latest of those one follows, newest first."""

import datetime
import heapq

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from accounts.models import Follow, User, Visibility
from movies.diary.models import Entry
from mymovie.paging import Cursor

PAGE_SIZE = 30


def feed(viewer: User, after: Cursor | None = None) -> tuple[list[Entry], Cursor | None]:
    """A page costs the same however many one follows: what it shows is by those who recorded last, and each of them is
    asked for no more than fits on it. Beyond the first page come those who stood on the pages before, and no others.

    Who is asked is found by copies on the follow; what is shown is decided by `seen_by`, as everywhere.
    """
    followed = (
        Follow.objects.filter(follower=viewer, accepted_at__isnull=False, is_muted=False, last_entry_at__isnull=False)
        .filter(followee__is_active=True)
        .exclude(followee__wall_visibility=Visibility.PRIVATE)
        .order_by(F("last_entry_at").desc(nulls_last=True), "-pk")
    )
    theirs = Entry.objects.standing().filter(owner=OuterRef("followee")).exclude(visibility=Visibility.PRIVATE)
    if after:
        theirs = theirs.filter(Q(recorded_at__lt=after.key) | Q(pk__lt=after.pk), recorded_at__lte=after.key)
    latest = theirs.order_by(F("recorded_at").desc(nulls_last=True), "-pk")[: PAGE_SIZE + 1]
    of_each = ArraySubquery(latest.values(place=JSONObject(at="recorded_at", pk="pk")))
    asked = followed.annotate(places=of_each).values_list("places", flat=True)
    if after:
        before = asked.filter(last_entry_at__lt=after.key)[: PAGE_SIZE + 1]
        found = list(asked.filter(last_entry_at__gte=after.key).union(before, all=True))
    else:
        found = list(asked[: PAGE_SIZE + 1])
    places_of_all = (
        (datetime.datetime.fromisoformat(place["at"]), place["pk"]) for places in found for place in places
    )
    newest = heapq.nlargest(PAGE_SIZE + 1, places_of_all)
    page = Entry.objects.seen_by(viewer).telling(viewer).filter(pk__in=[pk for _at, pk in newest[:PAGE_SIZE]])
    entries = page.select_related("film", "owner").order_by("-recorded_at", "-pk")
    return list(entries), Cursor(*newest[PAGE_SIZE - 1]) if len(newest) > PAGE_SIZE else None
