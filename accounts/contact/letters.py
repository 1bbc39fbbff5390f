from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.contact.models import Category, ContactMessage
from accounts.mail.letters import Letter
from accounts.mail.models import Notice


def to_staff(notice: Notice) -> Letter | None:
    """None where the sender has left since, and with them their message."""
    message = ContactMessage.objects.select_related("sender").filter(pk=notice.about["message"]).first()
    return _to_staff(message) if message else None


def sample_to_staff(language: str) -> Letter:
    """Staff read it in the site's own language, whatever the sender's is."""
    message = ContactMessage(
        pk=1, category=Category.FAULT, email="hanako@example.com", language=language, written_at=timezone.now()
    )
    message.text = "ポスターが表示されません。\n<再読み込み>しても同じです。"
    return _to_staff(message)


def _to_staff(message: ContactMessage) -> Letter:
    """Nothing that the sender wrote stands in the mail's head, but for an address that the form has checked."""
    with override(settings.LANGUAGE_CODE):
        subject = _("Message %(number)s: %(category)s") % {
            "number": message.pk,
            "category": message.get_category_display(),
        }
        body = render_to_string("accounts/contact/mail_to_staff.txt", {"message": message})
    return Letter(subject, body, "", reply_to=message.email)
