import datetime
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings
from structlog.testing import capture_logs

from accounts.mail import sending, turns, unsubscribing
from accounts.mail.delivery import deliver
from accounts.mail.letters import Letter
from accounts.mail.models import Kind, Notice, State
from accounts.mail.services import keep_address, turn_off
from infra.local.aws import ACCOUNT
from mymovie.outbox.models import Message
from mymovie.pace import PostgresBucket
from tests.factories import MailboxFactory, NoticeFactory
from tests.standins.ses import Ses, client_params

pytestmark = pytest.mark.django_db

LETTER = Letter("件名", "本文\n", "<p>本文</p>")


def compose(notice: Notice) -> Letter:
    return LETTER


@pytest.fixture
def notice() -> Notice:
    return NoticeFactory(recipient=MailboxFactory(user__handle="hanako").user, task="accounts.contact.tasks.mail_staff")


def state_of(notice: Notice) -> tuple[str, str]:
    notice.refresh_from_db()
    return notice.state, notice.why


def test_a_mail_goes_out_once(notice: Notice) -> None:
    assert [deliver(notice.pk, compose), deliver(notice.pk, compose)] == [State.SENT, State.SENT]

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["hanako@example.com"], "件名", "本文\n")
    assert sent.alternatives[0] == ("<p>本文</p>", "text/html")
    notice.refresh_from_db()
    assert notice.claimed_at <= notice.sent_at


def test_a_notice_that_is_gone_is_nobodys() -> None:
    assert deliver(12345, compose) is None


@pytest.mark.parametrize("state", [State.CLAIMED, State.SENT, State.IN_DOUBT, State.DROPPED, State.REFUSED])
def test_only_a_new_notice_is_sent(notice: Notice, state: State) -> None:
    Notice.objects.filter(pk=notice.pk).update(state=state)

    assert deliver(notice.pk, compose) == state

    assert mail.outbox == []


LONG_AGO = timezone.now() - datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"not_after": LONG_AGO}, "too late"),
        ({"recipient__is_active": False, "recipient__suspended_at": LONG_AGO}, "account closed"),
        ({"recipient__mailbox__address": ""}, "mailbox closed"),
        ({"recipient__mailbox__bounced_at": LONG_AGO}, "mailbox closed"),
        ({"recipient__mailbox__complained_at": LONG_AGO}, "mailbox closed"),
        ({"recipient__mailbox__wants_requests": False}, "not wanted"),
    ],
)
def test_what_is_not_to_be_sent_any_more_is_dropped_though_it_was_queued(
    notice: Notice, changes: dict, why: str
) -> None:
    for path, value in changes.items():
        *way, column = path.split("__")
        row = notice
        for step in way:
            row = getattr(row, step)
        type(row).objects.filter(pk=row.pk).update(**{column: value} | side_effects(path, value))

    assert deliver(notice.pk, compose) == State.DROPPED

    assert state_of(notice) == ("dropped", why)
    assert mail.outbox == []


def side_effects(path: str, value: object) -> dict:
    return {"suspended_at": LONG_AGO} if path.endswith("is_active") else {}


def test_who_has_no_mailbox_is_not_written_to() -> None:
    assert deliver(NoticeFactory().pk, compose) == State.DROPPED


def test_who_leaves_is_told_so_though_their_account_is_closed(notice: Notice) -> None:
    Notice.objects.update(kind=Kind.LEAVING)
    type(notice.recipient).objects.update(is_active=False, deletion_asked_at=timezone.now())

    assert deliver(notice.pk, compose) == State.SENT


def test_what_is_no_longer_true_is_not_sent(notice: Notice) -> None:
    assert deliver(notice.pk, lambda notice: None) == State.DROPPED

    assert state_of(notice) == ("dropped", "no longer true")


def test_staff_are_written_to_at_their_address_and_answer_the_sender(settings: Settings) -> None:
    settings.MAIL_TO_STAFF = "staff@example.com"
    notice = NoticeFactory(recipient=None, kind=Kind.CONTACT)

    deliver(notice.pk, lambda notice: Letter("a", "b", "", reply_to="somebody@example.org"))

    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["staff@example.com"], ["somebody@example.org"])
    assert not sent.alternatives
    assert "List-Unsubscribe" not in sent.extra_headers


# What SES is told


def test_ses_is_given_a_mail_that_says_how_to_be_rid_of_it(settings: Settings, ses: Ses, notice: Notice) -> None:
    settings.DEFAULT_FROM_EMAIL = "MyMovie <mymovie@example.com>"

    assert deliver(notice.pk, compose) == State.SENT

    (asked,), (sent,) = ses.asked, ses.mails
    assert asked["EmailTags"] == [{"Name": "notice", "Value": str(notice.pk)}]
    assert asked["Destination"] == {"ToAddresses": ["hanako@example.com"]}
    assert "ConfigurationSetName" not in asked
    assert sent["From"] == "MyMovie <mymovie@example.com>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Unsubscribe"].strip() == f"<{unsubscribing.address(notice.recipient_id, Kind.REQUEST)}>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Message-ID"] is None
    assert sent.get_body(("plain",)).get_content() == "本文\n"
    assert sent.get_body(("html",)).get_content().strip() == "<p>本文</p>"
    notice.refresh_from_db()
    assert notice.service_id == "ses-1"


def test_ses_publishes_what_becomes_of_a_mail_where_it_is_told_to(settings: Settings, ses: Ses, notice: Notice) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"AMAZON_SES_CONFIGURATION_SET_NAME": "mymovie"}

    deliver(notice.pk, compose)

    assert ses.asked[0]["ConfigurationSetName"] == "mymovie"


@pytest.mark.parametrize("kind", [Kind.LEAVING])
def test_what_concerns_the_account_offers_no_end(ses: Ses, notice: Notice, kind: Kind) -> None:
    Notice.objects.update(kind=kind)

    deliver(notice.pk, compose)

    assert ses.mails[0]["List-Unsubscribe"] is None


def test_the_ses_of_this_machine_takes_it_and_shows_it(settings: Settings, notice: Notice) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
    sending._connection.cache_clear()

    assert deliver(notice.pk, compose) == State.SENT

    shown = httpx.get(f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages").json()
    notice.refresh_from_db()
    (found,) = [one for one in shown["messages"][ACCOUNT] if one["MessageId"] == notice.service_id]
    assert (found["To"], found["Subject"]) == (["hanako@example.com"], "件名")
    sending._connection.cache_clear()


def test_whether_it_is_still_true_is_asked_after_it_has_waited(
    notice: Notice, ses: Ses, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_true = [True]
    monkeypatch.setattr(turns, "wait_for_turn", lambda kind: is_true.pop())

    assert deliver(notice.pk, lambda notice: compose(notice) if is_true else None) == State.DROPPED

    assert ses.asked == []


# What SES answers


@pytest.mark.parametrize(("status", "error"), [(400, "MessageRejected"), (400, "BadRequestException")])
def test_a_mail_that_ses_will_not_take_is_refused(ses: Ses, notice: Notice, status: int, error: str) -> None:
    ses.status, ses.error = status, error

    assert deliver(notice.pk, compose) == State.REFUSED

    assert state_of(notice) == ("refused", error)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, "TooManyRequestsException"),
        (400, "LimitExceededException"),
        (400, "SendingPausedException"),
        (403, "ExpiredTokenException"),
        (503, "ServiceUnavailable"),
    ],
)
def test_a_mail_that_ses_does_not_take_now_is_tried_again(ses: Ses, notice: Notice, status: int, error: str) -> None:
    ses.status, ses.error = status, error

    assert deliver(notice.pk, compose) == State.NEW

    assert state_of(notice) == ("new", error)
    again = Message.objects.get()
    assert again.kwargs == {"notice_id": notice.pk}
    assert again.available_at > timezone.now()
    ses.status, ses.error = 200, ""
    assert deliver(notice.pk, compose) == State.SENT
    assert state_of(notice) == ("sent", "")


def test_where_nobody_answers_it_is_tried_again(settings: Settings, notice: Notice, ses: Ses) -> None:
    settings.ANYMAIL = {"AMAZON_SES_CLIENT_PARAMS": client_params("http://127.0.0.1:1")}

    assert deliver(notice.pk, compose) == State.NEW

    assert state_of(notice)[0] == "new"


def test_a_mail_that_is_not_taken_for_a_day_is_left_to_the_dead_letters(ses: Ses, notice: Notice) -> None:
    ses.status, ses.error = 503, "ServiceUnavailable"
    Notice.objects.update(created_at=timezone.now() - datetime.timedelta(days=1, minutes=1))

    with pytest.raises(sending.NotTaken):
        deliver(notice.pk, compose)

    assert state_of(notice)[0] == "new"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "fault",
    [{"hangs_up": True}, {"hangs_for": 1.0}, {"status": 504, "error": "Gateway"}, {"status": 500, "error": "X"}],
)
def test_a_mail_that_may_have_been_taken_is_in_doubt_and_not_sent_again(ses: Ses, notice: Notice, fault: dict) -> None:
    for name, value in fault.items():
        setattr(ses, name, value)

    assert deliver(notice.pk, compose) == State.IN_DOUBT
    assert deliver(notice.pk, compose) == State.IN_DOUBT

    assert len(ses.asked) <= 1


def test_what_no_mail_can_be_made_of_is_refused(ses: Ses, notice: Notice) -> None:
    assert deliver(notice.pk, lambda notice: Letter("a\nBcc: b@example.com", "", "")) == State.REFUSED

    assert ses.asked == []


def test_an_event_that_is_quicker_than_the_answer_counts(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    def send(notice: Notice, letter: Letter, *, to: str) -> str:
        Notice.objects.update(state=State.SENT, service_id="from-event")
        raise sending.OutcomeUnknown("ReadTimeoutError")

    monkeypatch.setattr(sending, "send", send)

    deliver(notice.pk, compose)

    assert state_of(notice)[0] == "sent"


@pytest.mark.parametrize("status", [200, 400])
def test_no_log_names_an_address(ses: Ses, notice: Notice, status: int) -> None:
    ses.status, ses.error = status, "MessageRejected" if status == 400 else ""

    with capture_logs() as logs:
        deliver(notice.pk, compose)

    assert logs
    assert "example.com" not in str(logs)


def test_what_is_raised_does_not_tell_what_ses_said(ses: Ses, notice: Notice) -> None:
    ses.status, ses.error = 503, "ServiceUnavailable"
    Notice.objects.update(created_at=timezone.now() - datetime.timedelta(days=2))

    with pytest.raises(sending.NotTaken) as raised:
        deliver(notice.pk, compose)

    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None


# Turns


def test_bulk_that_has_its_turn_far_off_goes_back_to_the_outbox(notice: Notice, monkeypatch) -> None:
    Notice.objects.update(kind=Kind.REMINDER)
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.0)
    PostgresBucket("mail-bulk", per_second=0.1).reserve(1, not_before=timezone.now())

    assert deliver(notice.pk, compose) == State.NEW

    message = Message.objects.get()
    assert (message.task, message.kwargs) == ("accounts.contact.tasks.mail_staff", {"notice_id": notice.pk})
    assert message.available_at > timezone.now()
    assert mail.outbox == []


def while_it_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    monkeypatch.setattr(turns, "wait_for_turn", lambda kind: bool(happens()) or True)


def test_what_is_turned_off_while_it_waits_for_its_turn_is_not_sent(notice: Notice, monkeypatch) -> None:
    Notice.objects.update(kind=Kind.FOLLOWERS)
    while_it_waits_for_its_turn(monkeypatch, lambda: turn_off(user_pk=notice.recipient_id, kind=Kind.FOLLOWERS))

    assert deliver(notice.pk, compose) == State.DROPPED

    assert mail.outbox == []
    assert state_of(notice) == ("dropped", "not wanted")


def test_a_mail_goes_to_the_address_that_they_have_when_its_turn_comes(notice: Notice, monkeypatch) -> None:
    person = notice.recipient
    while_it_waits_for_its_turn(monkeypatch, lambda: keep_address(user=person, address="new@example.com"))

    deliver(notice.pk, compose)

    assert [sent.to for sent in mail.outbox] == [["new@example.com"]]


def test_who_is_gone_while_it_waits_for_its_turn_is_not_written_to(notice: Notice, monkeypatch) -> None:
    while_it_waits_for_its_turn(monkeypatch, notice.recipient.delete)

    assert deliver(notice.pk, compose) is None

    assert mail.outbox == []


def test_urgent_mail_does_not_wait_behind_bulk(notice: Notice, monkeypatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.0)
    PostgresBucket("mail-bulk", per_second=0.1).reserve(1, not_before=timezone.now())

    assert deliver(notice.pk, compose) == State.SENT


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_not_sent_inside_of_a_transaction(notice: Notice) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        deliver(notice.pk, compose)

    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_the_claim_is_committed_before_the_mail_goes_out(notice: Notice, monkeypatch) -> None:
    seen = []

    def send(notice: Notice, letter: Letter, *, to: str) -> str:
        with ThreadPoolExecutor(1) as another:
            seen.append(another.submit(look).result())
        return ""

    def look() -> str:
        try:
            return Notice.objects.get(pk=notice.pk).state
        finally:
            connection.close()

    monkeypatch.setattr(sending, "send", send)

    deliver(notice.pk, compose)

    assert seen == [State.CLAIMED]
