"""When a mail may go out. The mail service takes MAIL_PER_SECOND of all workers together; bulk has 80 % of it, so that
other mail never waits behind it."""

import datetime
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.mail.models import BULK
from mymovie.pace import PostgresBucket

SHARE_OF_BULK = 0.8
LONGEST_WAIT = 5.0  # seconds that a worker waits for its turn
SLOT = datetime.timedelta(minutes=10)
SLOTS_KEPT_FOR = datetime.timedelta(days=1)


def wait_for_turn(kind: str) -> bool:
    """False, at once, where it is too far off to wait for."""
    everything = PostgresBucket("mail", per_second=settings.MAIL_PER_SECOND)
    if kind in BULK:
        return _bulk("mail-bulk").take(LONGEST_WAIT) and everything.take(LONGEST_WAIT)
    return everything.take(LONGEST_WAIT)


def spread(wanted: Iterable[datetime.datetime]) -> list[datetime.datetime]:
    """When bulk that is wanted at these moments, the earliest first, goes out: as soon as the pace allows.

    Turns are counted for each SLOT by itself, so that mail of tomorrow does not keep back that of today. Planners lock
    slots in the order of time: call it once in a transaction.
    """
    now = timezone.now()
    turns: list[datetime.datetime] = []
    for _minute, group in groupby((max(moment, now) for moment in wanted), lambda moment: moment.timestamp() // 60):
        moments = list(group)
        turns += _turns(len(moments), not_before=max(moments))
    return turns


def _turns(count: int, *, not_before: datetime.datetime) -> Iterator[datetime.datetime]:
    """What one slot cannot take goes to the next."""
    while count:
        begins_at = datetime.datetime.fromtimestamp(not_before.timestamp() // SLOT.seconds * SLOT.seconds, datetime.UTC)
        ends_at = begins_at + SLOT
        bucket = _bulk(f"bulk {begins_at:%Y%m%dT%H%M}")
        first, step = bucket.reserve(count, not_before=not_before), datetime.timedelta(seconds=bucket.step)
        while count and first < ends_at:
            yield first
            first += step
            count -= 1
        not_before = min(first, ends_at + step)


def _bulk(name: str) -> PostgresBucket:
    return PostgresBucket(name, per_second=settings.MAIL_PER_SECOND * SHARE_OF_BULK)


def forget_past_slots() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM movies_requestpace WHERE name LIKE 'bulk %%' AND next_at < %s",
            [timezone.now() - SLOTS_KEPT_FOR],
        )
