import datetime

from django.utils import timezone

from movies.catalog import tmdb
from movies.imports import jobs
from mymovie.background import task
from mymovie.outbox import services as outbox
from mymovie.uploads import StorageAway

PAUSE = datetime.timedelta(seconds=30)


@task
def advance(batch_id: int) -> None:
    """That TMDB or the bucket is away is no message's fault: it comes again, until `watching` gives it up."""
    now = timezone.now()
    try:
        if jobs.advance(batch_id):
            queue(batch_id, at=now)
    except (StorageAway, tmdb.TmdbError):
        queue(batch_id, at=now + PAUSE)


def queue(batch_id: int, *, at: datetime.datetime | None = None) -> None:
    outbox.add(advance, available_at=at, dedupe_key=f"import {batch_id}", batch_id=batch_id)
