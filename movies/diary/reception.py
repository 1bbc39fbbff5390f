"""How a film was received: what the entries say that everybody may see."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Sum
from django.db.models.functions import Least

from movies.catalog.models import Film
from movies.diary.models import Entry, EntryQuerySet


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


def entries_of(film: Film) -> EntryQuerySet:
    return Entry.objects.seen_by(AnonymousUser()).filter(film=film)


def reception(film: Film) -> Reception:
    bands = entries_of(film).values(band=Least(F("score") / 10, 9)).annotate(count=Count("pk"), total=Sum("score"))
    rows = {row["band"]: row for row in bands.order_by("band")}
    counts = {band: rows[band]["count"] if band in rows else 0 for band in range(9, -1, -1)}
    scored = sum(counts.values())
    fullest = max(counts.values()) or 1
    return Reception(
        recorded=sum(row["count"] for row in rows.values()),
        scored=scored,
        average=sum(rows[band]["total"] for band in rows if band is not None) // scored if scored else None,
        bands=[
            Band(band * 10, 100 if band == 9 else band * 10 + 9, count, round(100 * count / fullest))
            for band, count in counts.items()
        ],
    )
