import datetime

import structlog
from django.utils import timezone

from accounts.mail import turns
from accounts.mail.models import Notice, State

CLAIMS_GOOD_FOR = datetime.timedelta(minutes=10)  # ten times as long as a task may take
KEPT_FOR = datetime.timedelta(days=180)

log = structlog.get_logger(__name__)


def doubt_old_claims() -> int:
    """Whoever claimed these was killed, before they were sent or after: nobody knows. Says how many."""
    old = Notice.objects.filter(state=State.CLAIMED, claimed_at__lt=timezone.now() - CLAIMS_GOOD_FOR)
    if doubted := old.update(state=State.IN_DOUBT, why="worker lost"):
        log.warning("notices.in_doubt", count=doubted)
    return doubted


def forget_notices() -> int:
    """What is settled long since; what is in doubt waits for staff."""
    settled = [State.SENT, State.DROPPED, State.REFUSED]
    turns.forget_past_slots()
    return Notice.objects.filter(state__in=settled, created_at__lt=timezone.now() - KEPT_FOR).delete()[0]
