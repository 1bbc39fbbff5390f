"""How a film was received, as far as the viewer may know."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Sum

from accounts.models import User
from accounts.people.models import is_followed
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
    public = entries_of(film, viewer).seen_by(AnonymousUser())
    grouped = public.values(band=band_in_sql()).annotate(count=Count("pk"), total=Sum("score")).order_by("band")
    rows = {row["band"]: row for row in grouped}
    unscored = rows.pop(None, {"count": 0})["count"]
    scored = sum(row["count"] for row in rows.values())
    fullest = max((row["count"] for row in rows.values()), default=1)
    counts = {band: rows[band]["count"] if band in rows else 0 for band in BANDS}
    return Reception(
        recorded=scored + unscored,
        scored=scored,
        average=sum(row["total"] for row in rows.values()) // scored if scored else None,
        bands=[Band(band, last_of_band(band), count, round(100 * count / fullest)) for band, count in counts.items()],
    )
