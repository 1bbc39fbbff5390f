"""The latest of those one follows, newest first."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q

from accounts.models import Follow, User, Visibility
from movies.diary.models import Entry
from mymovie.paging import Cursor, page_after

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
    latest = theirs.order_by(F("recorded_at").desc(nulls_last=True), "-pk").values("pk")[: PAGE_SIZE + 1]
    asked = followed.annotate(latest=ArraySubquery(latest)).values_list("latest", flat=True)
    if after:
        found = [
            *asked.filter(last_entry_at__gte=after.key),
            *asked.filter(last_entry_at__lt=after.key)[: PAGE_SIZE + 1],
        ]
    else:
        found = list(asked[: PAGE_SIZE + 1])
    entries = Entry.objects.seen_by(viewer).filter(pk__in=[pk for pks in found for pk in pks])
    return page_after(entries.select_related("film", "owner"), "recorded_at", None, PAGE_SIZE)
