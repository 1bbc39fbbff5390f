"""How a film was received, as far as the viewer may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Sum

from accounts.models import User
from accounts.people.models import is_followed, not_blocked
from movies.catalog.models import Film
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.scores import BANDS, band_in_sql, last_of_band


@dataclass(frozen=True)
class Band:
    """Scores from `first` to `last`; `share` is this band's part of the fullest one, in percent."""

    first: int
    last: int
    count: int
    share: int


@dataclass(frozen=True)
class Reception:
    """`average` is rounded down; None where nobody gave a score."""

    recorded: int
    scored: int
    average: int | None
    bands: list[Band]


def entries_of(film: Film, viewer: User | AnonymousUser) -> EntryQuerySet:
    entries: EntryQuerySet = Entry.objects.seen_by(viewer).filter(film=film)
    return entries


def split_by_following(entries: EntryQuerySet, viewer: User | AnonymousUser) -> dict[str, EntryQuerySet]:
    """The entries of those whom `viewer` follows, and those of all others."""
    if not isinstance(viewer, User):
        return {"others": entries, "followed": entries.none()}
    is_theirs = is_followed(viewer, "owner")
    return {"others": entries.filter(~is_theirs), "followed": entries.filter(is_theirs)}


def reception(film: Film, viewer: User | AnonymousUser) -> Reception:
    """Counts what everybody may see, less what one of those says whom the viewer does not see."""
    return received(scores_of(film, viewer))


def scores_of(film: Film, viewer: User | AnonymousUser) -> QuerySet[Any, Any]:
    """By band: how many gave such a score, and their sum. Read from an index alone: no column more."""
    public = Entry.objects.seen_by(AnonymousUser()).filter(film=film)
    if isinstance(viewer, User):
        public = public.filter(not_blocked(viewer, "owner"))
    counted = public.values(band=band_in_sql()).annotate(count=Count("*"), total=Sum("score"))
    return counted.order_by("band").values_list("band", "count", "total")


def received(scores: Iterable[tuple[int | None, int, int | None]]) -> Reception:
    counts = {band: count for band, count, _total in scores}
    totals = [total or 0 for _band, _count, total in scores]
    unscored = counts.pop(None, 0)
    scored = sum(counts.values())
    fullest = max(counts.values(), default=1)
    return Reception(
        recorded=scored + unscored,
        scored=scored,
        average=sum(totals) // scored if scored else None,
        bands=[
            Band(band, last_of_band(band), counts.get(band, 0), round(100 * counts.get(band, 0) / fullest))
            for band in BANDS
        ],
    )
