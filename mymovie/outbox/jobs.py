import datetime

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from mymovie.outbox.models import Run
from mymovie.schedule import CHORES

RUNS_KEPT_FOR = datetime.timedelta(days=30)

log = structlog.get_logger(__name__)


def run_chore(job: str, due_at: datetime.datetime) -> bool:
    """Do a periodic job for the slot that `due_at` lies in, unless that was begun before; says whether it did.

    A job that fails is noted, and has its next slot; it is not tried again within this one.
    """
    try:
        with transaction.atomic():
            run = Run.objects.create(job=job, slot=CHORES[job].slot_at(due_at))
    except IntegrityError:
        return False
    try:
        CHORES[job].do()
    except Exception as error:
        run.error = f"{type(error).__name__}: {error}"[:300]
        log.exception("chore.failed", job=job)
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at", "error"])
    return True


def forget_runs() -> int:
    return Run.objects.filter(started_at__lt=timezone.now() - RUNS_KEPT_FOR).delete()[0]
