"""When a film comes out in Japan, from the release dates that we have of it, and whether that is still ahead."""

import datetime
from collections.abc import Iterable

from movies.catalog.brief import InBrief
from movies.catalog.dates import last_possible
from movies.catalog.models import Film, Precision, ReleaseDate

FROM_CINEMA_TO_HOME = datetime.timedelta(days=365)  # after so long nobody waits for the digital release of a film
IN_CINEMAS = (ReleaseDate.Kind.THEATRICAL, ReleaseDate.Kind.LIMITED)  # at large comes before in a few


def cinema_day(releases: Iterable[ReleaseDate]) -> datetime.date | None:
    releases = list(releases)
    days = (_first(releases, kind) for kind in IN_CINEMAS)
    return next(filter(None, days), None)


def digital_day(releases: Iterable[ReleaseDate]) -> datetime.date | None:
    return _first(releases, ReleaseDate.Kind.DIGITAL)


def _first(releases: Iterable[ReleaseDate], kind: ReleaseDate.Kind) -> datetime.date | None:
    days = (release.released_on for release in releases if release.country == "JP" and release.kind == kind)
    return min(days, default=None)


def heed(film: Film, announced: Iterable[ReleaseDate]) -> None:
    """What a distributor announces counts before what anybody else says."""
    announced = [release for release in announced if release.source == ReleaseDate.Source.DISTRIBUTOR]
    if day := cinema_day(announced):
        film.japan_on, film.japan_precision = day, Precision.DAY
    if day := digital_day(announced):
        film.digital_on = day


def is_ahead_in_cinemas(film: Film, today: datetime.date) -> bool:
    """Whether it may still open after `today`, which has no end where no day is known."""
    return film.japan_on is None or last_possible(film.japan_on, film.japan_precision) > today


def is_ahead_digitally(film: Film, today: datetime.date) -> bool:
    if film.digital_on:
        return film.digital_on > today
    return film.japan_on is None or film.japan_on > today - FROM_CINEMA_TO_HOME


def days_japan_waited(film: InBrief) -> int | None:
    """Days from the first release in the world to the one in Japan, where both are known to the day and Japan waited."""
    if {film.world_precision, film.japan_precision} != {Precision.DAY} or not (film.japan_on and film.world_on):
        return None
    days = (film.japan_on - film.world_on).days
    return days if days > 0 else None
