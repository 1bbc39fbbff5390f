import datetime

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from mymovie import queues
from mymovie.outbox.models import Run
from mymovie.schedule import CHORES

LOST_AFTER = datetime.timedelta(seconds=2 * queues.TIME_LIMIT)  # by then nobody can be at it any more
RUNS_KEPT_FOR = datetime.timedelta(days=30)

log = structlog.get_logger(__name__)


def run_chore(job: str, due_at: datetime.datetime) -> bool:
    """Do a periodic job for the slot that `due_at` lies in, unless that was begun before; says whether it did.

    A job that fails is noted, and has its next slot; it is not tried again within this one. One whose worker was lost is.
    """
    run = _begin(job, CHORES[job].slot_at(due_at))
    if run is None:
        return False
    _do(run)
    return True


def do_now(job: str) -> str:
    """Do it once more, whatever became of its slot; says what went wrong, "" if nothing did."""
    now = timezone.now()
    anew = {"started_at": now, "ended_at": None, "error": ""}
    run, _ = Run.objects.update_or_create(job=job, slot=CHORES[job].slot_at(now), defaults=anew)
    return _do(run)


def _do(run: Run) -> str:
    try:
        CHORES[run.job].do()
    except Exception as error:
        run.error = f"{type(error).__name__}: {error}"[:300]
        log.exception("chore.failed", job=run.job)
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at", "error"])
    return run.error


def _begin(job: str, slot: datetime.datetime) -> Run | None:
    try:
        with transaction.atomic():
            return Run.objects.create(job=job, slot=slot)
    except IntegrityError:
        now = timezone.now()
        lost = Run.objects.filter(job=job, slot=slot, ended_at=None, started_at__lt=now - LOST_AFTER)
        return Run.objects.get(job=job, slot=slot) if lost.update(started_at=now) else None


def forget_runs() -> int:
    return Run.objects.filter(started_at__lt=timezone.now() - RUNS_KEPT_FOR).delete()[0]
