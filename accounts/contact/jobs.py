import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.contact.models import ContactMessage

log = structlog.get_logger(__name__)


def mail_staff() -> int:
    """Tell staff of each message once; says of how many. Where mail does not go out, the rest waits for the next time.

    A message is claimed before it is sent: a worker that dies in between leaves one untold, never one told twice.
    """
    mailed = 0
    for message in ContactMessage.objects.filter(mailed_at=None).select_related("sender").order_by("pk"):
        unclaimed = ContactMessage.objects.filter(pk=message.pk, mailed_at=None)
        if not unclaimed.update(mailed_at=timezone.now()):
            continue  # another worker was quicker
        try:
            _mail(message)
        except (OSError, ValueError) as error:  # all of SMTP's; and what no mail can be made of
            ContactMessage.objects.filter(pk=message.pk).update(mailed_at=None)
            log.warning("contact.not_mailed", message=message.pk, kind=type(error).__name__)
            if isinstance(error, OSError):
                break
            continue
        mailed += 1
    return mailed


def _mail(message: ContactMessage) -> None:
    """Nothing that the sender wrote stands in the mail's head, but for an address that the form has checked."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Message %(number)s: %(category)s") % {
            "number": message.pk,
            "category": message.get_category_display(),
        }
        body = render_to_string("accounts/contact/mail_to_staff.txt", {"message": message})
    EmailMessage(subject, body, to=[settings.MAIL_TO_STAFF], reply_to=[message.email]).send()
