from django.utils import timezone

from accounts.contact import letters
from accounts.contact.models import ContactMessage
from accounts.mail.delivery import deliver
from accounts.mail.models import Notice, State


def mail_staff(notice_id: int) -> None:
    """Tell staff of a message, once."""
    if deliver(notice_id, letters.to_staff) == State.SENT:
        about = Notice.objects.values_list("about", flat=True).get(pk=notice_id)
        ContactMessage.objects.filter(pk=about["message"], mailed_at=None).update(mailed_at=timezone.now())
