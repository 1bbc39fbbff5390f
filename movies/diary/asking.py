"""When TMDB is asked for a film's facts: where somebody needs them, and before they are old. Only queues; safe to repeat."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.diary import tasks
from movies.diary.films import wanted
from movies.diary.jobs import ASKED_AGAIN_AFTER
from mymovie.outbox import services as outbox
from mymovie.outbox.models import Run

OLD_AFTER = datetime.timedelta(days=150)  # TMDB wants nothing kept for longer than six months
JUST_ASKED = datetime.timedelta(days=1)
MOST_AN_HOUR = 2000  # at 18 a second two minutes' work: pages, and all else that is queued, find their turn
AT_ONCE = 200
COMING = datetime.timedelta(days=120)


def ask_for_facts(film: Film) -> None:
    """Have the facts of a film fetched that somebody records or waits for, where they never were. Call this last in the
    transaction."""
    if asks_for_facts(film):
        _refresh([film.pk])


def asks_for_facts(film: Film) -> bool:
    """Whether `ask_for_facts` would."""
    was_asked_lately = film.asked_at and film.asked_at > timezone.now() - ASKED_AGAIN_AFTER
    return film.facts_fetched_at is None and tmdb.is_enabled() and not was_asked_lately


def ask_for_facts_of(films: Collection[int]) -> int:
    """The same for many at once, in transactions of its own; says how many are asked for."""
    if not tmdb.is_enabled():
        return 0
    unknown = _to_be_asked_for().filter(pk__in=films, facts_fetched_at=None)
    return _refresh(unknown.order_by("pk").values_list("pk", flat=True))


def refresh_stale() -> int:
    """The films with the oldest facts, and those that somebody has though their facts never came; says how many."""
    if not tmdb.is_enabled():
        return 0
    now = timezone.now()
    stale = _to_be_asked_for().filter(tmdb_id__isnull=False, facts_fetched_at__lt=now - OLD_AFTER)
    chosen = list(stale.order_by("facts_fetched_at", "pk").values_list("pk", flat=True)[:MOST_AN_HOUR])
    unknown = wanted(_to_be_asked_for()).filter(tmdb_id__isnull=False, facts_fetched_at=None)
    chosen += list(unknown.order_by("pk").values_list("pk", flat=True)[: MOST_AN_HOUR - len(chosen)])
    return _refresh(chosen)


def resolve_bundled() -> int:
    """Films without a number at TMDB, by their other ids; says how many."""
    if not tmdb.is_enabled():
        return 0
    with_another_id = Q(imdb_id__isnull=False) | Q(wikidata_id__isnull=False)
    unresolved = _to_be_asked_for().filter(with_another_id, tmdb_id=None)
    return _refresh(unresolved.order_by("pk").values_list("pk", flat=True)[:MOST_AN_HOUR])


def refresh_changed() -> int:
    """What TMDB changed since this was last done, day by day; says how many days."""
    if not tmdb.is_enabled():
        return 0
    today = timezone.now().date()  # TMDB's days are UTC's
    first = today - tmdb.LONGEST_SPAN
    if done := Run.objects.filter(job="refresh_changed", error="", ended_at__isnull=False).order_by("-slot").first():
        first = max(first, done.started_at.date())
    days = [first + datetime.timedelta(days=n) for n in range((today - first).days)]
    for day in days:
        outbox.add(tasks.look_at_changes, dedupe_key=tasks.changes_key(f"{day}", 1), day=f"{day}")
    return len(days)


def discover_openings() -> None:
    """What comes out in Japan in the coming months."""
    if not tmdb.is_enabled():
        return
    today = timezone.localdate()
    for channel in tmdb.Channel:
        where: dict[str, Any] = {"channel": str(channel), "first": f"{today}", "last": f"{today + COMING}"}
        outbox.add(tasks.look_for_openings, dedupe_key=tasks.openings_key(**where, page=1), **where)


def _to_be_asked_for() -> QuerySet[Film]:
    """Not those for which TMDB was asked in vain lately."""
    lately = timezone.now() - ASKED_AGAIN_AFTER
    return Film.objects.filter(Q(asked_at=None) | Q(asked_at__lt=lately), merged_into=None)


def _refresh(films: Iterable[int]) -> int:
    """In parts, each in one order: who queues several films while another does must not wait for what that one holds."""
    films = list(films)
    since = (timezone.now() - JUST_ASKED).isoformat()
    for start in range(0, len(films), AT_ONCE):
        with transaction.atomic():
            for film_id in sorted(films[start : start + AT_ONCE]):
                outbox.add(tasks.refresh_film, dedupe_key=tasks.film_key(film_id), film_id=film_id, since=since)
    return len(films)
