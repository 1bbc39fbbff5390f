"""Films whose facts change, and with them the walls that show them."""

from collections.abc import Collection

from django.db import transaction

from accounts.models import User, Visibility
from movies.catalog import tmdb
from movies.catalog.facts import take_facts
from movies.catalog.models import Film
from movies.diary.models import Entry, release_keys


@transaction.atomic
def film_from_tmdb(facts: tmdb.FilmFacts) -> Film:
    """The film with these facts, made or brought up to them, and with it the walls that show it."""
    film, is_changed = take_facts(facts)
    if is_changed:
        films_changed([film])
    return film


@transaction.atomic
def films_changed(films: Collection[Film]) -> None:
    """Bring the walls that show `films` up to their facts: all entries before any wall, as whoever records does."""
    for film in films:
        Entry.objects.filter(film=film).update(**release_keys(film))
    entries = Entry.objects.filter(film__in=films)
    for_all = entries.standing().filter(visibility=Visibility.PUBLIC)
    User.objects.in_one_order(User.objects.filter(entries__in=entries))
    User.objects.raise_revision_of_films(for_all.values_list("owner_id", flat=True), is_public=True)
    User.objects.raise_revision_of_films(
        entries.exclude(pk__in=for_all).values_list("owner_id", flat=True), is_public=False
    )
