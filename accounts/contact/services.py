import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.contact import tasks
from accounts.contact.models import Category, ContactMessage
from accounts.mail.models import Kind
from accounts.mail.services import notify
from accounts.people.models import User
from mymovie.limits.services import Limit, spend

MESSAGES = Limit("contact", 5, datetime.timedelta(hours=1))
SAME_WITHIN = datetime.timedelta(minutes=10)
TOLD_LATE_FOR = datetime.timedelta(days=30)
LOCK = 7_021_896


@transaction.atomic
def write_to_staff(
    *, sender: User | None, counted_as: str, language: str, category: Category, email: str, text: str
) -> ContactMessage:
    """Keep a message for staff; the same words sent again within SAME_WITHIN are the same message. Raises Exceeded.

    Only what is kept counts, so the limit is spent in here: whoever presses twice is not told that it was too often.
    """
    _one_at_a_time()
    lately = ContactMessage.objects.filter(written_at__gt=timezone.now() - SAME_WITHIN)
    if kept := lately.filter(sender=sender, email=email, text=text).first():
        return kept
    spend(MESSAGES, who=counted_as)
    message = ContactMessage.objects.create(sender=sender, language=language, category=category, email=email, text=text)
    _tell_staff(message.pk)
    return message


def tell_staff_of_the_rest() -> int:
    """Also of what the version before this one has kept: it wrote no notices. Says of how many."""
    now = timezone.now()
    untold = ContactMessage.objects.filter(
        mailed_at=None, written_at__range=(now - TOLD_LATE_FOR, now - SAME_WITHIN)
    )  # beyond that its notice may have been forgotten, and would be written anew
    return sum(_tell_staff(pk) for pk in untold.order_by("pk").values_list("pk", flat=True))


def _tell_staff(message_id: int) -> bool:
    """Once, however often it is asked for."""
    return notify(
        task=tasks.mail_staff,
        recipient_id=None,
        kind=Kind.CONTACT,
        key=f"contact {message_id}",
        about={"message": message_id},
    )


def _one_at_a_time() -> None:
    """Else a form that is sent twice at once finds nothing of itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
