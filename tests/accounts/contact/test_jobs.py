import pytest
from django.core import mail
from django.utils.translation import override
from structlog.testing import capture_logs

from accounts.contact.jobs import mail_staff
from accounts.contact.services import write_to_staff
from accounts.mail.models import Notice, State
from accounts.models import ContactMessage, User
from mymovie.outbox.models import Message
from tests.factories import UserFactory
from tests.standins.ses import Ses

pytestmark = pytest.mark.django_db


def written(sender: User | None = None, **changes: str) -> int:
    """The number of the notice that staff have something to read."""
    message = {"language": "ja", "category": "question", "email": "somebody@example.com", "text": "How?"}
    write_to_staff(sender=sender, counted_as="somebody", **message | changes)
    return Notice.objects.latest("pk").pk


def test_a_message_is_kept_with_the_task_to_mail_it():
    notice_id = written()

    message = Message.objects.get()
    assert (message.task, message.queue) == ("accounts.contact.tasks.mail_staff", "mail-urgent")
    assert message.kwargs == {"notice_id": notice_id}


def test_staff_are_told_who_wrote_what(settings):
    settings.MAIL_TO_STAFF, settings.DEFAULT_FROM_EMAIL = "staff@example.com", "mymovie@example.com"
    notice_id = written(
        UserFactory(handle="hanako"), category="fault", language="en", text="1 < 2 & 「3」\nNothing opens."
    )

    with override("en"):
        mail_staff(notice_id)

    (sent,), message = mail.outbox, ContactMessage.objects.get()
    assert (sent.to, sent.from_email) == (["staff@example.com"], "mymovie@example.com")
    assert sent.reply_to == ["somebody@example.com"]
    assert str(message.pk) in sent.subject
    assert (sent.content_subtype, sent.alternatives) == ("plain", [])
    assert sent.body.endswith("\n\n1 < 2 & 「3」\nNothing opens.\n\n")
    for told in ["@hanako", "English", "somebody@example.com"]:
        assert told in sent.body
    assert message.mailed_at


def test_each_message_is_told_once():
    notices = [written(text=f"{number}") for number in range(3)]

    for notice_id in notices * 2:
        mail_staff(notice_id)

    assert len({sent.subject for sent in mail.outbox}) == len(mail.outbox) == 3
    assert not ContactMessage.objects.filter(mailed_at=None).exists()


def test_nothing_that_was_written_reaches_the_head_of_the_mail():
    mail_staff(written(text="Hello\r\nBcc: victim@example.com\nContent-Type: text/html\n\n<b>x</b>"))

    (sent,) = mail.outbox
    message = sent.message()
    assert sent.recipients() == sent.to
    assert "Bcc" not in message
    assert message.get_content_type() == "text/plain"
    assert "\n" not in sent.subject


def test_where_mail_does_not_go_out_the_message_waits(ses: Ses):
    notice_id = written()
    ses.status, ses.error = 503, "ServiceUnavailable"

    with capture_logs() as logs:
        mail_staff(notice_id)

    assert ContactMessage.objects.get().mailed_at is None
    assert "example.com" not in str(logs)
    assert "How?" not in str(logs)
    ses.status = 200
    mail_staff(notice_id)
    assert ContactMessage.objects.get().mailed_at


def test_a_message_that_its_sender_took_along_is_not_mailed():
    notice_id = written(sender := UserFactory())
    sender.delete()

    mail_staff(notice_id)

    assert mail.outbox == []
    assert Notice.objects.get(pk=notice_id).state == State.DROPPED
