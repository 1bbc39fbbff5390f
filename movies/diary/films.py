"""Films whose facts change, and with them the walls that show them."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User, Visibility
from movies.catalog import tmdb
from movies.catalog.facts import take_facts
from movies.catalog.models import Film
from movies.diary.models import Entry, FilmListItem, Wish, wall_keys


@transaction.atomic
def film_from_tmdb(facts: tmdb.FilmFacts) -> Film:
    """The film with these facts, made or brought up to them, and with it the walls that show it."""
    film, is_changed = take_facts(facts)
    if is_changed:
        films_changed([film])
    return film


def found(*, pk: int | None = None, tmdb_id: int | None = None) -> Film | tmdb.FilmFacts:
    """The film of this id, ours or TMDB's; where we have none, what TMDB says of it. May ask TMDB, with the patience of a page.

    Raises Film.DoesNotExist, tmdb.TmdbError.
    """
    ours = Film.objects.select_related("merged_into")
    film = ours.filter(tmdb_id=tmdb_id).first() if pk is None else ours.filter(pk=pk).first()
    if film:
        return film.merged_into or film
    if pk is not None:
        raise Film.DoesNotExist(pk)
    try:
        facts = tmdb.for_pages.film(tmdb_id or 0)
    except tmdb.NotFound as error:
        raise Film.DoesNotExist(tmdb_id) from error
    if facts.is_adult:
        raise Film.DoesNotExist(tmdb_id)
    return facts


def made(found: Film | tmdb.FilmFacts) -> Film:
    """The film itself, of what `found` has found."""
    return found if isinstance(found, Film) else film_from_tmdb(found)


@transaction.atomic
def films_changed(films: Collection[Film] | QuerySet[Film]) -> None:
    """Bring the walls that show `films` up to their facts: all entries before any wall, as whoever records does."""
    for film in films:
        Entry.objects.filter(film=film).update(**wall_keys(film))
    entries = Entry.objects.filter(film__in=films)
    for_all = entries.standing().filter(visibility=Visibility.PUBLIC)
    User.objects.in_one_order(User.objects.filter(entries__in=entries))
    User.objects.raise_revision_of_films(for_all.values_list("owner_id", flat=True), is_public=True)
    User.objects.raise_revision_of_films(
        entries.exclude(pk__in=for_all).values_list("owner_id", flat=True), is_public=False
    )


def recorded(films: QuerySet[Film]) -> QuerySet[Film]:
    return films.filter(Exists(Entry.objects.filter(film=OuterRef("pk"))))


def wanted(films: QuerySet[Film]) -> QuerySet[Film]:
    """Those that somebody has recorded, be it that they can still undo its deletion, wants to see, or has put on a list."""
    return films.filter(is_wanted())


def wanted_or_upcoming(today: datetime.date) -> QuerySet[Film]:
    return Film.objects.filter(is_wanted() | Q(japan_on__gte=today) | Q(digital_on__gte=today), merged_into=None)


def is_wanted() -> Q:
    entries, wishes, listed = (model.objects.filter(film=OuterRef("pk")) for model in (Entry, Wish, FilmListItem))
    return Q(Exists(entries)) | Q(Exists(wishes)) | Q(Exists(listed))
