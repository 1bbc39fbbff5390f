"""The latest of those one follows, newest first."""

import datetime
from functools import cache
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, OuterRef, Q, QuerySet, TextField

from accounts.models import Follow, User, Visibility, slot_of
from movies.diary.models import Entry, EntryQuerySet
from mymovie.paging import Cursor
from mymovie.prepared import Joined, Prepared, Statement, Written

PAGE_SIZE = 30
SOMEBODY = User(pk=-7_919)  # stands in for another, as these do for a place in a feed and for the entries on a page
SOMEWHERE = Cursor(datetime.datetime(1, 2, 3, tzinfo=datetime.UTC), -7_927)
SLOT = datetime.datetime(1, 2, 4, tzinfo=datetime.UTC)
ENTRIES: dict[str, Any] = {f"entry_{number}": -8_000 - number for number in range(PAGE_SIZE)}
AS_MANY_AS_MATTER = f"FETCH FIRST {PAGE_SIZE + 1} ROWS WITH TIES"
"""Where no more is known than the slot: all of the last one's, each of whom may have recorded after the others."""
NEWEST = " ".join(
    [
        "SELECT at, pk FROM asked, unnest(places) AS place (at timestamptz, pk bigint)",
        f"ORDER BY at DESC, pk DESC LIMIT {PAGE_SIZE + 1}",
    ]
)


def feed(viewer: User, after: Cursor | None = None) -> tuple[list[Entry], Cursor | None]:
    """A page costs the same however many one follows: what it shows is by those who recorded last, and each of them is
    asked for no more than fits on it. Beyond the first page come those who stood on the pages before, and no others.

    Who recorded last is found by what is known of followees, or by copies of that on the follow where these are many; what is
    shown is decided by `seen_by`, as everywhere.
    """
    if after:
        moment = cast(datetime.datetime, after.key)
        newest = _next_places().rows(viewer=viewer.pk, moment=moment, pk=after.pk, slot=slot_of(moment))
    else:
        newest = _first_places().rows(viewer=viewer.pk)
    on_page = dict.fromkeys(ENTRIES, 0) | dict(zip(ENTRIES, [pk for _at, pk in newest], strict=False))
    entries = _page().models(viewer=viewer.pk, **on_page) if newest else []
    return entries, Cursor(*newest[PAGE_SIZE - 1]) if len(newest) > PAGE_SIZE else None


@cache
def _first_places() -> Joined:
    viewer: dict[str, Any] = {"viewer": SOMEBODY.pk}
    told = Prepared(lambda: _places(_told()), ending=AS_MANY_AS_MATTER, **viewer)
    asking = Prepared(lambda: _places(_asking()), ending=AS_MANY_AS_MATTER, **viewer)
    return Joined(NEWEST, told=told, asking=asking, asked=_all("told", "asking"))


@cache
def _next_places() -> Joined:
    place: dict[str, Any] = {"moment": SOMEWHERE.key, "pk": SOMEWHERE.pk, "viewer": SOMEBODY.pk, "slot": SLOT}
    parts: dict[str, Statement] = {}
    for name, followed in {"told": _told(), "asking": _asking()}.items():
        above, below = (_places(followed.filter(side), SOMEWHERE) for side in (Q(at__gte=SLOT), Q(at__lt=SLOT)))
        parts[f"{name}_above"] = Prepared(lambda above=above: above, **place)  # type: ignore[misc]
        parts[f"{name}_below"] = Prepared(lambda below=below: below, ending=AS_MANY_AS_MATTER, **place)  # type: ignore[misc]
    # How much somebody recorded since a moment is for each moment to say.
    return Joined(NEWEST, is_planned_once=False, **parts, asked=_all(*parts))


def _all(*parts: str) -> Written:
    return Written(" UNION ALL ".join(f"TABLE {part}" for part in parts))


@cache
def _page() -> Prepared:
    return Prepared(lambda: _shown(SOMEBODY).filter(pk__in=ENTRIES.values()), viewer=SOMEBODY.pk, **ENTRIES)


def _told() -> QuerySet[Follow]:
    """Of somebody who follows many; `at` is when each followee last recorded."""
    return Follow.objects.filter(last_entry_at__isnull=False).annotate(at=F("last_entry_at"))


def _asking() -> QuerySet[Follow]:
    """The same of somebody who follows few."""
    asking = Follow.objects.filter(last_entry_at=None, followee__last_entry_at__isnull=False)
    return asking.annotate(at=F("followee__last_entry_at"))


def _places(followed: QuerySet[Follow], after: Cursor | None = None) -> QuerySet[Any, Any]:
    """When and by which keys those whom somebody follows recorded last, each as many as fit on a page."""
    followed = (
        followed.filter(follower=SOMEBODY, accepted_at__isnull=False, is_muted=False, followee__is_active=True)
        .exclude(followee__wall_visibility=Visibility.PRIVATE)
        .order_by(F("at").desc(nulls_last=True))
    )
    theirs = Entry.objects.standing().filter(owner=OuterRef("followee")).exclude(visibility=Visibility.PRIVATE)
    if after:
        theirs = theirs.filter(Q(recorded_at__lt=after.key) | Q(pk__lt=after.pk), recorded_at__lte=after.key)
    latest = theirs.order_by(F("recorded_at").desc(nulls_last=True), "-pk")[: PAGE_SIZE + 1]
    of_each = ArraySubquery(latest.values(place=Func("recorded_at", "pk", function="ROW", output_field=TextField())))
    return followed.annotate(places=of_each).values_list("places", flat=True)


def _shown(viewer: User) -> EntryQuerySet:
    shown = Entry.objects.seen_by(viewer).telling(viewer).select_related("film", "owner")
    return shown.order_by("-recorded_at", "-pk")
