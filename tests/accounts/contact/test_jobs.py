import smtplib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils.translation import override
from structlog.testing import capture_logs

from accounts.contact.jobs import mail_staff
from accounts.models import ContactMessage
from tests.factories import ContactMessageFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_staff_are_told_who_wrote_what(settings):
    settings.MAIL_TO_STAFF, settings.DEFAULT_FROM_EMAIL = "staff@example.com", "mymovie@example.com"
    message = ContactMessageFactory(
        sender=UserFactory(handle="hanako"), category="fault", language="en", text="1 < 2 & 「3」\nNothing opens."
    )

    with override("en"):
        assert mail_staff() == 1

    (sent,) = mail.outbox
    assert (sent.to, sent.from_email) == (["staff@example.com"], "mymovie@example.com")
    assert sent.reply_to == ["somebody@example.com"]
    assert str(message.pk) in sent.subject
    assert sent.content_subtype == "plain"
    assert sent.body.endswith("\n\n1 < 2 & 「3」\nNothing opens.\n\n")
    for told in ["@hanako", "English", "somebody@example.com"]:
        assert told in sent.body


def test_each_message_is_told_once_the_oldest_first():
    messages = ContactMessageFactory.create_batch(3)

    assert mail_staff() == 3
    assert mail_staff() == 0

    subjects = [sent.subject for sent in mail.outbox]
    assert all(str(message.pk) in subject for message, subject in zip(messages, subjects, strict=True))
    assert not ContactMessage.objects.filter(mailed_at=None).exists()


def test_nothing_that_was_written_reaches_the_head_of_the_mail():
    hostile = "Hello\r\nBcc: victim@example.com\nContent-Type: text/html\n\n<b>x</b>"
    ContactMessageFactory(text=hostile)

    mail_staff()

    (sent,) = mail.outbox
    message = sent.message()
    assert sent.recipients() == sent.to
    assert "Bcc" not in message
    assert message.get_content_type() == "text/plain"
    assert "\n" not in sent.subject


class NoServer(EmailBackend):
    """Takes one mail, then answers no more."""

    error: Exception

    def send_messages(self, messages):
        if mail.outbox:
            raise self.error
        return super().send_messages(messages)


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected("gone"), smtplib.SMTPDataError(451, b"later"), TimeoutError()]
)
def test_where_mail_does_not_go_out_the_rest_waits(settings, monkeypatch, error):
    monkeypatch.setattr(NoServer, "error", error, raising=False)
    ContactMessageFactory.create_batch(3)

    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.NoServer"
    with capture_logs() as logs:
        assert mail_staff() == 1

    assert ContactMessage.objects.filter(mailed_at=None).count() == 2
    settings.EMAIL_BACKEND = working
    assert mail_staff() == 2
    assert [line["event"] for line in logs] == ["contact.not_mailed"]
    assert "example.com" not in str(logs)
    assert "How?" not in str(logs)


class ClaimSeen(EmailBackend):
    """Notes whether others see that the message is claimed while its mail goes out."""

    seen: list[bool]

    def send_messages(self, messages):
        with ThreadPoolExecutor(1) as another:
            self.seen.append(another.submit(nothing_is_left).result())
        return super().send_messages(messages)


def nothing_is_left() -> bool:
    try:
        return not ContactMessage.objects.filter(mailed_at=None).exists()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_claim_stands_before_the_mail_goes_out(settings, monkeypatch):
    monkeypatch.setattr(ClaimSeen, "seen", [], raising=False)
    settings.EMAIL_BACKEND = f"{__name__}.ClaimSeen"
    ContactMessageFactory()

    mail_staff()

    assert ClaimSeen.seen == [True]


class Slow(EmailBackend):
    """Takes its time, in which others look for work."""

    def send_messages(self, messages):
        time.sleep(0.05)
        return super().send_messages(messages)


def work() -> int:
    try:
        return mail_staff()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_of_each_message_once(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    ContactMessageFactory.create_batch(8)

    with ThreadPoolExecutor(4) as workers:
        told = [worker.result() for worker in [workers.submit(work) for _ in range(4)]]

    assert sum(told) == 8
    assert len({sent.subject for sent in mail.outbox}) == len(mail.outbox) == 8
