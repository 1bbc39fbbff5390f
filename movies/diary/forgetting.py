"""Giving up what TMDB told: facts that could not be refreshed for almost six months, or all there is.

Its terms: nothing is kept for longer than six months, and everything is purged when its use ends.
"""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from movies.catalog import bundled
from movies.catalog.facts import one_writer_at_a_time
from movies.catalog.forgetting import forget_facts, forget_people, forget_providers
from movies.catalog.models import Credit, Film, Genre, Person, ReleaseDate, WatchProvider
from movies.diary.films import films_changed, is_wanted, recorded
from movies.diary.models import Wish

KEPT_FOR = datetime.timedelta(days=180)
BATCH = 100
LONGEST_RUN = 40  # seconds; what is left waits for the next hour


@dataclass
class Forgotten:
    """How many films have gone, and how many stay without what TMDB told of them."""

    deleted: int = 0
    emptied: int = 0


def forget_old_facts() -> Forgotten:
    """What TMDB has not confirmed for KEPT_FOR, as it was away or has dropped the film, is given up; so are names that it
    told that long ago of a film that came to be nobody's."""
    ends_at, kept_since = time.monotonic() + LONGEST_RUN, timezone.now() - KEPT_FOR
    forgotten = Forgotten()
    for old in (
        Film.objects.filter(facts_fetched_at__lt=kept_since),
        _nobodys(_known_by_name()).filter(changed_at__lt=kept_since),
    ):
        _forget(old, forgotten, keeps_names=True, goes_on=lambda: time.monotonic() < ends_at)
    return forgotten


def forget_all() -> Forgotten:
    """Everything that TMDB gave; safe to repeat, and to go on with after it was broken off."""
    told = Q(facts_fetched_at__isnull=False) | Q(asked_at__isnull=False, tmdb_id__isnull=False)
    forgotten = Forgotten()
    _forget(Film.objects.filter(told), forgotten, keeps_names=False, goes_on=lambda: True)
    with transaction.atomic():
        one_writer_at_a_time()
        Person.objects.filter(tmdb_id__isnull=False).delete()  # whom other films of the bundled catalogue share
        WatchProvider.objects.all().delete()
        Genre.objects.exclude(pk__in=[pk for pk, _name_ja, _name_en in bundled.GENRES]).delete()
        changed = [film.pk for film in bundled.load(bundled.FILE, is_anew=True)]
        films_changed(recorded(Film.objects.filter(pk__in=changed)))
    cache.clear()
    return forgotten


def _forget(films: QuerySet[Film], forgotten: Forgotten, *, keeps_names: bool, goes_on: Callable[[], bool]) -> None:
    last = 0
    while goes_on() and (batch := list(films.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])):
        last = batch[-1]
        _forget_batch(films.filter(pk__in=batch), forgotten, keeps_names=keeps_names)
    forget_providers()


@transaction.atomic
def _forget_batch(films: QuerySet[Film], forgotten: Forgotten, *, keeps_names: bool) -> None:
    """Films are locked before anybody can record one of them; whoever has done so already is seen then."""
    one_writer_at_a_time()
    locked = [film.pk for film in films.select_for_update(of=("self",)).order_by("pk")]
    chosen = Film.objects.filter(pk__in=locked)
    bundled_films = [film.pk for film, _line in bundled.lines_of(chosen)]
    deleted = list(_nobodys(chosen).exclude(pk__in=bundled_films).values_list("pk", flat=True))
    people = list(Credit.objects.filter(film__in=deleted).values_list("person", flat=True))
    Film.objects.filter(pk__in=deleted).delete()
    forget_people(people)
    kept = list(Film.objects.filter(pk__in=set(locked).difference(deleted)).select_related("merged_into"))
    forget_facts(kept, keeps_names=keeps_names)
    _forget_days_in_wishes(kept)
    films_changed(kept)
    forgotten.deleted += len(deleted)
    forgotten.emptied += len(kept)


def _nobodys(films: QuerySet[Film]) -> QuerySet[Film]:
    """Those that nobody has recorded, wishes, lists or announces, and that have no part in a merger."""
    announced = ReleaseDate.objects.filter(film=OuterRef("pk"), source=ReleaseDate.Source.DISTRIBUTOR)
    return films.exclude(is_wanted()).exclude(Exists(announced)).filter(merged_into=None, merged=None)


def _known_by_name() -> QuerySet[Film]:
    """Those of which TMDB has told the number and the names, as `take_name` takes them, and nothing else so far."""
    return Film.objects.filter(tmdb_id__isnull=False, imdb_id=None, wikidata_id=None, facts_fetched_at=None)


def _forget_days_in_wishes(films: list[Film]) -> None:
    """Whoever waits for a film is not to be told that it no longer has a day: it is only we who know of none."""
    wishes = Wish.objects.filter(film__in=films)
    wishes.filter(film__japan_on=None, known_cinema_on__isnull=False).update(known_cinema_on=None)
    wishes.filter(film__digital_on=None, known_digital_on__isnull=False).update(known_digital_on=None)
