"""How the films of a list are marked for whoever looks at it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, Wish


@dataclass(frozen=True)
class Marks:
    """The viewer's own entries by film, and the films that they wait for; None for nobody."""

    mine: dict[int, Entry]
    wished: set[int] | None

    def is_wished(self, film: Film) -> bool | None:
        return None if self.wished is None else film.pk in self.wished


def marks_among(viewer: User | AnonymousUser, films: Collection[Film]) -> Marks:
    wished = wished_among(viewer, films) if viewer.is_authenticated else None
    return Marks(recorded_among(viewer, films), wished)


def recorded_among(viewer: User | AnonymousUser, films: Iterable[Film]) -> dict[int, Entry]:
    """The viewer's own entries of these films, by film."""
    if not viewer.is_authenticated:
        return {}
    return {entry.film_id: entry for entry in Entry.objects.of(viewer).filter(film__in=films)}


def wished_among(viewer: User | AnonymousUser, films: Iterable[Film]) -> set[int]:
    """Which of these films the viewer wants to see."""
    if not viewer.is_authenticated:
        return set()
    return set(Wish.objects.filter(owner=viewer, film__in=films).values_list("film_id", flat=True))
