"""Days that distributors announce for Japan."""

import datetime

from django.db import transaction

from movies.catalog import bundled
from movies.catalog.facts import one_writer_at_a_time
from movies.catalog.models import Film, Precision, ReleaseDate
from movies.catalog.openings import IN_CINEMAS, cinema_day, digital_day, heed


@transaction.atomic
def announce(*, film: Film, kind: ReleaseDate.Kind, released_on: datetime.date | None) -> bool:
    """Set, move or, with None, withdraw the day that the distributor names for `film` in Japan, and bring the film's own
    days up to it; safe to repeat. Says whether anything changed: then call `films_changed`, in the same transaction.

    `film` is read anew, and locked until that transaction ends.
    """
    one_writer_at_a_time()
    film.refresh_from_db(from_queryset=Film.objects.select_for_update())
    announced = film.release_dates.filter(country="JP", kind=kind, source=ReleaseDate.Source.DISTRIBUTOR)
    days = list(announced.order_by("pk").values_list("released_on", flat=True))
    if days == ([released_on] if released_on else []):
        return False
    announced.delete()
    if released_on:
        film.release_dates.create(
            country="JP", kind=kind, released_on=released_on, source=ReleaseDate.Source.DISTRIBUTOR
        )
    _bring_up(film, kind)
    film.save(update_fields=["japan_on", "japan_precision", "digital_on", "changed_at"])
    return True


def _bring_up(film: Film, kind: ReleaseDate.Kind) -> None:
    """What others say of the day, unless a distributor names one."""
    releases = list(film.release_dates.all())
    of_tmdb = [release for release in releases if release.source == ReleaseDate.Source.TMDB]
    if kind in IN_CINEMAS:
        if day := cinema_day(of_tmdb):
            film.japan_on, film.japan_precision = day, Precision.DAY
        else:
            film.japan_on, film.japan_precision = bundled.japan_day_of(film)
    elif kind == ReleaseDate.Kind.DIGITAL:
        film.digital_on = digital_day(of_tmdb)
    heed(film, releases)
