"""The best-known films of each decade: what a wall looks like, for those who have none yet."""

from collections.abc import Iterable

from movies.catalog.models import Film
from movies.catalog.openings import days_japan_waited

BEST_KNOWN = 400
IN_A_DECADE = 2
CENTURY = 10  # decades, as many as the page has columns


def best_known_by_decade() -> list[tuple[int, list[Film]]]:
    """[(1950, its films)], the earliest of the last ten first; none that nothing well known is of."""
    known = Film.objects.filter(merged_into=None, world_on__isnull=False).order_by("-fame", "pk")
    chosen: dict[int, list[int]] = {}
    for pk, year in known.values_list("pk", "world_on__year")[:BEST_KNOWN]:
        of_decade = chosen.setdefault(year // 10 * 10, [])
        if len(of_decade) < IN_A_DECADE:
            of_decade.append(pk)
    century = sorted(chosen.items())[-CENTURY:]
    films = Film.objects.in_bulk([pk for _decade, of_decade in century for pk in of_decade])
    return [(decade, [films[pk] for pk in of_decade]) for decade, of_decade in century]


def longest_waited(films: Iterable[Film]) -> Film | None:
    """That of `films` which Japan waited for the longest; None where it waited for none."""
    waits = [(days, film) for film in films if (days := days_japan_waited(film))]
    return max(waits, key=lambda wait: (wait[0], wait[1].pk))[1] if waits else None
