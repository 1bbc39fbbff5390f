"""How the films of a list are marked for whoever looks at it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing, Wish, on_wall_of
from mymovie.alongside import alongside, rebuilt


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


def with_my_entry(films: QuerySet[Any], viewer: User | AnonymousUser) -> QuerySet[Any]:
    """The viewer's own entry comes along with each film: `my_entry` says it."""
    if not isinstance(viewer, User):
        return films
    mine = FilteredRelation("entries", condition=Q(**on_wall_of(viewer, "entries__")))
    return films.annotate(entry_of_mine=mine).select_related("entry_of_mine")


def with_all_of_mine(films: QuerySet[Any], viewer: User | AnonymousUser) -> QuerySet[Any]:
    """And what `my_viewings` and `my_wish` say."""
    if not isinstance(viewer, User):
        return films
    wish = FilteredRelation("wishes", condition=Q(wishes__owner=viewer))
    viewings = Viewing.objects.filter(entry=OuterRef("entry_of_mine__pk")).order_by("watched_on", "pk")
    said = alongside(viewings, "id", "watched_on", "score")
    with_wish = with_my_entry(films, viewer).annotate(wish_of_mine=wish).select_related("wish_of_mine")
    return with_wish.annotate(viewings_of_mine=said)


def my_entry(film: Film) -> Entry | None:
    return getattr(film, "entry_of_mine", None)  # Django gives it to those alone that have one


def my_viewings(film: Film) -> list[Viewing]:
    """By their days, the unknown ones last."""
    return rebuilt(Viewing, getattr(film, "viewings_of_mine", []))


def my_wish(film: Film) -> Wish | None:
    return getattr(film, "wish_of_mine", None)
