"""What is asked of TMDB in the background. What one answer leads to is queued in one transaction, in one order."""

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from movies.catalog import tmdb
from movies.diary import jobs
from mymovie.background import Task, task
from mymovie.outbox import services as outbox

LONGEST_WAIT = datetime.timedelta(days=1)
LAST_PAGE_OF_OPENINGS = 100  # two thousand films: more than come out in four months


@contextmanager
def or_later(task: Task, dedupe_key: str, until: str | None, **kwargs: Any) -> Iterator[None]:
    """That TMDB wants to be left alone, or our key is refused, is no message's fault, and costs it none of its three tries: it comes again in a
    few minutes, until a day has passed."""
    try:
        yield
    except (tmdb.Unavailable, tmdb.BadKey) as failure:
        now = timezone.now()
        gives_up_at = datetime.datetime.fromisoformat(until) if until else now + LONGEST_WAIT
        is_left_alone = isinstance(failure, tmdb.RateLimited | tmdb.BadKey) or tmdb.is_left_alone()
        if not is_left_alone or now >= gives_up_at:
            raise
        pause = datetime.timedelta(seconds=random.uniform(180, 420))  # noqa: S311 (no secret: not all at once)
        outbox.add(task, available_at=now + pause, dedupe_key=dedupe_key, until=gives_up_at.isoformat(), **kwargs)


@task
def refresh_film(film_id: int, since: str, until: str | None = None) -> None:
    with or_later(refresh_film, film_key(film_id), until, film_id=film_id, since=since):
        jobs.refresh_film(film_id, datetime.datetime.fromisoformat(since))


@task
def bring_film(tmdb_id: int, until: str | None = None) -> None:
    with or_later(bring_film, number_key(tmdb_id), until, tmdb_id=tmdb_id):
        jobs.bring_film(tmdb_id)


@task
def look_at_changes(day: str, page: int = 1, until: str | None = None) -> None:
    """A page of what was changed at TMDB on a day."""
    with or_later(look_at_changes, changes_key(day, page), until, day=day, page=page):
        changed_on = datetime.date.fromisoformat(day)
        found = jobs.changed_films(changed_on, page)
        # Facts of the day itself may be older than the change.
        end_of_day = datetime.datetime.combine(changed_on, datetime.time.max, datetime.UTC)
        with transaction.atomic():
            _queue(found, since=end_of_day)
            if found.next_page:
                key = changes_key(day, found.next_page)
                outbox.add(look_at_changes, dedupe_key=key, day=day, page=found.next_page)


@task
def look_for_openings(channel: str, first: str, last: str, page: int = 1, until: str | None = None) -> None:
    """A page of what comes out in Japan between two days."""
    where: dict[str, Any] = {"channel": channel, "first": first, "last": last}
    with or_later(look_for_openings, openings_key(**where, page=page), until, **where, page=page):
        days = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
        found = jobs.opening_films(tmdb.Channel(channel), *days, page)
        with transaction.atomic():
            _queue(found, since=timezone.now() - jobs.CURRENT_FOR)
            if found.next_page and found.next_page <= LAST_PAGE_OF_OPENINGS:
                key = openings_key(**where, page=found.next_page)
                outbox.add(look_for_openings, dedupe_key=key, **where, page=found.next_page)


def _queue(found: jobs.Found, *, since: datetime.datetime) -> None:
    for film_id in found.to_refresh:
        outbox.add(refresh_film, dedupe_key=film_key(film_id), film_id=film_id, since=since.isoformat())
    for tmdb_id in found.to_bring:
        outbox.add(bring_film, dedupe_key=number_key(tmdb_id), tmdb_id=tmdb_id)


def film_key(film_id: int) -> str:
    return f"film {film_id}"


def number_key(tmdb_id: int) -> str:
    return f"tmdb {tmdb_id}"


def changes_key(day: str, page: int) -> str:
    return f"changes {day} {page}"


def openings_key(channel: str, first: str, last: str, page: int) -> str:
    return f"openings {channel} {first} {last} {page}"
