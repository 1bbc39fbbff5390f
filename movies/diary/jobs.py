import datetime
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from movies.catalog import tmdb
from movies.catalog.claims import claimed
from movies.catalog.models import Film
from movies.diary.films import film_from_tmdb, wanted_or_upcoming
from movies.diary.models import Entry

ASKED_AGAIN_AFTER = datetime.timedelta(days=30)  # where TMDB did not know
CURRENT_FOR = datetime.timedelta(days=1)  # a film that is about to open

AT_ONCE = 1000

log = structlog.get_logger(__name__)


def purge_deleted() -> int:
    """End what was deleted too long ago to be undone, with all that hangs on it; says how many. What somebody holds just
    now is left for the next time: who waits for one entry while holding another may be waited for."""
    beyond_undo = Entry.objects.beyond_undo(timezone.now()).order_by("pk")
    count = 0
    while True:
        with transaction.atomic():
            some = list(beyond_undo.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
            Entry.objects.filter(pk__in=some).delete()
        count += len(some)
        if len(some) < AT_ONCE:
            return count


def refresh_film(film_id: int, since: datetime.datetime) -> bool:
    """Bring a film up to what TMDB says of it now, unless that was done since then, or somebody is just doing it.
    Says whether it did. Raises TmdbError."""
    if _to_be_asked_for(film_id, since) is None:
        return False
    with claimed(f"film {film_id}") as is_ours:
        # Looked at again: whoever was at it may have ended between our look and our claim.
        film = _to_be_asked_for(film_id, since) if is_ours else None
        if film is None:
            return False
        try:
            facts = _facts_of(film)
        except tmdb.Invalid:
            Film.objects.filter(pk=film.pk).update(
                asked_at=timezone.now()
            )  # not every hour: somebody has to look at it
            raise
        return _take(film, facts)


def _to_be_asked_for(film_id: int, since: datetime.datetime) -> Film | None:
    """None where the film is gone, or its answer is there."""
    film = Film.objects.filter(pk=film_id, merged_into=None).first() if tmdb.is_enabled() else None
    if film is None:
        return None
    if film.tmdb_id is None:
        answered_at, since = film.asked_at, timezone.now() - ASKED_AGAIN_AFTER
    else:
        answered_at = film.asked_at if film.dropped_at else film.facts_fetched_at
    return None if answered_at and answered_at >= since else film


def _facts_of(film: Film) -> tmdb.FilmFacts | None:
    """By its number at TMDB; where it has none, or TMDB has dropped that one, by the number that its other ids lead to."""
    if film.tmdb_id:
        if facts := _facts(film.tmdb_id):
            return facts
        Film.objects.filter(pk=film.pk, tmdb_id=film.tmdb_id).update(
            dropped_at=Coalesce("dropped_at", timezone.now()), asked_at=timezone.now()
        )
    for known_as, source in (
        (film.imdb_id, tmdb.ExternalSource.IMDB),
        (film.wikidata_id, tmdb.ExternalSource.WIKIDATA),
    ):
        found = tmdb.for_jobs.find(known_as, source).films if known_as else ()
        if found and found[0].tmdb_id != film.tmdb_id:
            return _facts(found[0].tmdb_id)
    return None


def _facts(tmdb_id: int) -> tmdb.FilmFacts | None:
    try:
        return tmdb.for_jobs.film(tmdb_id, is_kept_enough=False)
    except tmdb.NotFound:
        return None


def _take(film: Film, facts: tmdb.FilmFacts | None) -> bool:
    taken = film_from_tmdb(facts) if facts and not facts.is_adult else None
    if taken != film:  # what its ids lead to is another film of ours: those two are staff's to merge
        log.info("film.unknown_to_tmdb", film=film.pk, other=taken.pk if taken else None)
        Film.objects.filter(pk=film.pk).update(asked_at=timezone.now())
    return taken == film


def bring_film(tmdb_id: int) -> bool:
    """Have a film that only TMDB has so far; says whether it was brought. Raises TmdbError."""
    if not tmdb.is_enabled() or Film.objects.filter(tmdb_id=tmdb_id).exists():
        return False
    with claimed(f"tmdb {tmdb_id}") as is_ours:
        if not is_ours or Film.objects.filter(tmdb_id=tmdb_id).exists():
            return False
        facts = _facts(tmdb_id)
        if facts is None or facts.is_adult:
            return False
        film_from_tmdb(facts)
        return True


@dataclass(frozen=True)
class Found:
    """What a page of a list at TMDB asks for: films of ours to be refreshed, films to be brought, the next page."""

    to_refresh: list[int]
    to_bring: list[int]
    next_page: int | None


NOTHING = Found([], [], None)


def changed_films(day: datetime.date, page: int) -> Found:
    """Films that were changed at TMDB on a day (UTC): of ours, those that somebody has, waits for, or soon may.
    Raises TmdbError."""
    if not tmdb.is_enabled():
        return NOTHING
    changes = tmdb.for_jobs.changes(day, day + datetime.timedelta(days=1), page=page)
    ours = wanted_or_upcoming(timezone.localdate()).filter(tmdb_id__in=changes.results)
    return Found(
        to_refresh=sorted(ours.values_list("pk", flat=True)),
        to_bring=[],
        next_page=page + 1 if page < changes.pages else None,
    )


def opening_films(channel: tmdb.Channel, first: datetime.date, last: datetime.date, page: int) -> Found:
    """Films that come out in Japan between two days. Raises TmdbError."""
    if not tmdb.is_enabled():
        return NOTHING
    found = tmdb.for_jobs.discover(channel, first, last, page=page)
    numbers = {film.tmdb_id for film in found.results}
    ours = {film.tmdb_id: film for film in Film.objects.filter(tmdb_id__in=numbers)}
    current_since = timezone.now() - CURRENT_FOR
    old = [film for film in ours.values() if not film.facts_fetched_at or film.facts_fetched_at < current_since]
    return Found(
        to_refresh=sorted(film.pk for film in old if film.merged_into_id is None),
        to_bring=sorted(numbers - ours.keys()),
        next_page=page + 1 if page < found.pages else None,
    )
