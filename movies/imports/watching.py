"""No import hangs: what has not gone on for a while is woken, and after some times given up, with the reason."""

import datetime

import structlog
from django.db.models import F
from django.utils import timezone

from movies.imports import tasks
from movies.imports.jobs import stop_asking
from movies.imports.models import Batch, Mention
from movies.imports.services import NoFile, WrongState, file_arrived

STILL_FOR = datetime.timedelta(minutes=5)
MOST_ATTEMPTS = 3
EXPECTED_FOR = datetime.timedelta(days=1)
DRY_RUN_KEPT_FOR = datetime.timedelta(days=30)
TMDB_KEPT_FOR = datetime.timedelta(days=180)

State = Batch.State
log = structlog.get_logger(__name__)


def wake() -> int:
    """Says how many. TMDB's being away is given up first: what it could not be asked for, its owner decides."""
    still = Batch.objects.at_work().filter(progress_at__lt=timezone.now() - STILL_FOR)
    count = 0
    for batch in still.order_by("pk"):
        count += 1
        if batch.attempts >= MOST_ATTEMPTS and batch.state == State.MATCHING:
            stop_asking(batch)
        elif batch.attempts >= MOST_ATTEMPTS:
            _give_up(batch)
            continue
        attempts = F("attempts") + 1
        Batch.objects.filter(pk=batch.pk).update(attempts=attempts, progress_at=timezone.now())
        log.warning("import.woken", batch=batch.pk, state=batch.state)
        tasks.queue(batch.pk)
    return count


def _give_up(batch: Batch) -> None:
    log.error("import.stalled", batch=batch.pk, state=batch.state)
    Batch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=State.FAILED, error="stalled", error_about=batch.state, ended_at=timezone.now()
    )


def look_for_files() -> None:
    """Files that arrived while their owner was away; and those that never will."""
    now = timezone.now()
    expected = Batch.objects.filter(state=State.EXPECTED)
    for batch in expected.filter(created_at__gt=now - EXPECTED_FOR, created_at__lt=now - STILL_FOR).order_by("pk"):
        try:
            file_arrived(batch=batch)
        except (
            NoFile,
            WrongState,
            Batch.DoesNotExist,
        ):  # its owner has said so, or thrown it away, in this very moment
            continue
    expected.filter(created_at__lt=now - EXPECTED_FOR).delete()
    Batch.objects.filter(state__in=[State.READY, State.ASKING], progress_at__lt=now - DRY_RUN_KEPT_FOR).delete()
    forget_candidates(now - TMDB_KEPT_FOR)


def forget_candidates(before: datetime.datetime) -> None:
    """What TMDB told of films among which somebody never chose, in imports of before that."""
    Mention.objects.filter(batch__created_at__lt=before).exclude(candidates=[]).update(candidates=[])
