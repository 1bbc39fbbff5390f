"""Who follows somebody anew is told them once a day, at nine in the morning where they are."""

import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.mail.models import Kind, Mailbox, Notice
from accounts.mail.services import NewNotice, notify_all
from accounts.people import tasks
from accounts.people.models import Follow

TOLD_AT = 9  # o'clock
AT_MOST_EVERY = datetime.timedelta(hours=20)  # an hour may come twice, or early
WORTH_TELLING_FOR = datetime.timedelta(hours=12)
SETTLED_AFTER = datetime.timedelta(minutes=1)  # a follow that is written just now is for the next day
BATCH = 1000


def tell_of_followers() -> int:
    """Plan the mails of this hour; says how many. Done again within it, it plans no more."""
    now = timezone.now()
    zones = [name for name in available_timezones() if now.astimezone(ZoneInfo(name)).hour == TOLD_AT]
    planned, last = 0, 0
    while batch := _plan_batch(zones, after=last, now=now):
        planned, last = planned + len(batch), batch[-1]
    return planned


@transaction.atomic
def _plan_batch(zones: list[str], *, after: int, now: datetime.datetime) -> list[int]:
    """Whose mails are planned now: the next of them by number. What they are told of and since when they have been told
    are written together."""
    until = now - SETTLED_AFTER
    new = Follow.objects.filter(
        followee=OuterRef("pk"),
        accepted_at__gt=OuterRef("followers_told_until"),
        accepted_at__lte=until,
        follower__is_active=True,
    )
    told = Notice.objects.filter(recipient=OuterRef("pk"), kind=Kind.FOLLOWERS, created_at__gt=now - AT_MOST_EVERY)
    due = (
        Mailbox.objects.open_for(Kind.FOLLOWERS)
        .filter(Exists(new), ~Exists(told), pk__gt=after, user__is_active=True, user__time_zone__in=zones)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    mailboxes = list(due[:BATCH])
    if not mailboxes:
        return []
    people = [mailbox.pk for mailbox in mailboxes]
    notices = [
        NewNotice(
            recipient_id=mailbox.pk,
            kind=Kind.FOLLOWERS,
            key=f"followers {until.isoformat()}",
            about={"since": mailbox.followers_told_until.isoformat(), "until": until.isoformat()},
            not_after=now + WORTH_TELLING_FOR,
        )
        for mailbox in mailboxes
    ]
    Mailbox.objects.filter(pk__in=people).update(followers_told_until=until)
    notify_all(task=tasks.mail_followers, notices=notices)
    return people
