"""How the films of a list are marked for whoever looks at it."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, Wish


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
