"""The best-known films of each decade: what a wall looks like, for those who have none yet."""

import datetime
from collections.abc import Iterable
from typing import cast

from django.db.models import QuerySet

from movies.catalog import brief
from movies.catalog.models import Film
from movies.catalog.openings import days_japan_waited
from mymovie.prepared import Prepared

BEST_KNOWN = 400
IN_A_DECADE = 2
CENTURY = 10  # decades, as many as the page has columns

Decades = list[tuple[int, list[brief.FilmRow]]]


def _known() -> QuerySet[Film, tuple[object, ...]]:
    known = Film.objects.filter(merged_into=None, world_on__isnull=False).order_by("-fame", "-pk")
    return known.values_list(*brief.COLUMNS)[:BEST_KNOWN]


_best_known = Prepared(_known)


def best_known_by_decade() -> Decades:
    """[(1950, its films)], the earliest of the last ten first; none that nothing well known is of."""
    chosen: dict[int, list[brief.FilmRow]] = {}
    for film in map(brief.FilmRow._make, _best_known.rows()):
        of_decade = chosen.setdefault(cast(datetime.date, film.world_on).year // 10 * 10, [])
        if len(of_decade) < IN_A_DECADE:
            of_decade.append(film)
    return sorted(chosen.items())[-CENTURY:]


def longest_waited(films: Iterable[brief.InBrief]) -> brief.InBrief | None:
    """That of `films` which Japan waited for the longest; None where it waited for none."""
    waits = [(days, film) for film in films if (days := days_japan_waited(film))]
    return max(waits, key=lambda wait: (wait[0], wait[1].pk))[1] if waits else None
