import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mail.delivery import deliver
from accounts.mail.events import UnreadableEvent, take_event
from accounts.mail.letters import Letter
from accounts.mail.models import Mailbox, Notice, State
from accounts.mail.sending import TAG
from accounts.mail.services import use_again
from tests.accounts.mail.signing import signed, written
from tests.factories import MailboxFactory, NoticeFactory

pytestmark = pytest.mark.django_db


def event(kind: str, *, notice: Notice | None = None, service_id: str = "ses-1", **parts: Any) -> str:
    tags = {TAG: [str(notice.pk)]} if notice else {}
    return json.dumps({"eventType": kind, "mail": {"messageId": service_id, "tags": tags}, **parts})


def bounce(address: str, kind: str = "Permanent") -> dict[str, Any]:
    return {"bounce": {"bounceType": kind, "bouncedRecipients": [{"emailAddress": address}]}}


def complaint(address: str) -> dict[str, Any]:
    return {"complaint": {"complainedRecipients": [{"emailAddress": address}]}}


@pytest.mark.parametrize("state", [State.NEW, State.CLAIMED, State.IN_DOUBT])
@pytest.mark.parametrize("kind", ["Send", "Delivery"])
def test_a_mail_in_doubt_has_been_sent_when_ses_says_so(state: State, kind: str) -> None:
    notice = NoticeFactory(state=state)

    take_event(event(kind, notice=notice))

    notice.refresh_from_db()
    assert (notice.state, notice.service_id) == (State.SENT, "ses-1")
    assert notice.sent_at is not None


def test_a_mail_is_found_by_its_number_at_ses_too() -> None:
    notice = NoticeFactory(state=State.IN_DOUBT, service_id="ses-7")

    take_event(event("Delivery", service_id="ses-7"))

    notice.refresh_from_db()
    assert notice.state == State.SENT


@pytest.mark.parametrize("state", [State.CLAIMED, State.SENT])
@pytest.mark.parametrize("kinds", [["Reject"], ["Rendering Failure"], ["Reject", "Send"]])
def test_a_mail_that_ses_took_and_then_refused_is_refused_in_whatever_order_it_says_so(
    state: State, kinds: list[str]
) -> None:
    notice = NoticeFactory(state=state)

    for kind in kinds:
        take_event(event(kind, notice=notice))

    notice.refresh_from_db()
    assert notice.state == State.REFUSED


@pytest.mark.parametrize("state", [State.DROPPED, State.REFUSED])
@pytest.mark.parametrize("kind", ["Delivery", "Reject"])
def test_what_is_settled_stays_as_it_is(state: State, kind: str) -> None:
    notice = NoticeFactory(state=state)

    take_event(event(kind, notice=notice))

    notice.refresh_from_db()
    assert notice.state == state


@pytest.mark.parametrize("written_as", ["hanako@example.com", "Hanako@Example.com", "花子 <hanako@example.com>"])
def test_mail_that_came_back_for_good_closes_the_mailbox(written_as: str) -> None:
    hanako, taro = MailboxFactory(address="hanako@example.com"), MailboxFactory(address="taro@example.com")

    take_event(event("Bounce", **bounce(written_as)))

    hanako.refresh_from_db()
    taro.refresh_from_db()
    assert not hanako.is_open
    assert taro.is_open


@pytest.mark.parametrize(
    ("kept", "told"),
    [("Hanako@Example.com", "hanako@example.com"), ("hanako@日本語.jp", "hanako@xn--wgv71a119e.jp")],
)
def test_an_address_is_the_same_however_it_is_written(kept: str, told: str) -> None:
    hanako = MailboxFactory(address=kept)

    take_event(event("Bounce", notice=NoticeFactory(recipient=hanako.user, state=State.SENT), **bounce(told)))

    hanako.refresh_from_db()
    assert not hanako.is_open


def test_a_full_mailbox_is_written_to_again() -> None:
    hanako = MailboxFactory(address="hanako@example.com")

    take_event(event("Bounce", **bounce("hanako@example.com", kind="Transient")))

    hanako.refresh_from_db()
    assert hanako.is_open


def test_a_complaint_closes_the_mailbox_and_the_first_time_counts() -> None:
    hanako = MailboxFactory(address="hanako@example.com")
    take_event(event("Complaint", **complaint("hanako@example.com")))
    first = Mailbox.objects.get(pk=hanako.pk).complained_at

    take_event(event("Complaint", **complaint("hanako@example.com")))

    hanako.refresh_from_db()
    assert hanako.complained_at == first
    assert not hanako.is_open


@pytest.mark.parametrize(
    ("kind", "parts"),
    [("Bounce", bounce("hanako@example.com")), ("Complaint", complaint("hanako@example.com"))],
)
def test_what_ses_says_twice_does_not_close_a_mailbox_that_was_opened_again(kind: str, parts: dict[str, Any]) -> None:
    hanako = MailboxFactory(address="hanako@example.com")
    notice = NoticeFactory(recipient=hanako.user, state=State.IN_DOUBT)
    take_event(event(kind, notice=notice, **parts))
    use_again(user_pk=hanako.pk)

    take_event(event(kind, notice=notice, **parts))

    hanako.refresh_from_db()
    notice.refresh_from_db()
    assert hanako.is_open
    assert notice.state == State.SENT


def test_a_bounce_stops_what_is_queued() -> None:
    hanako = MailboxFactory(address="hanako@example.com")
    queued = NoticeFactory(recipient=hanako.user)
    take_event(event("Bounce", **bounce("hanako@example.com")))

    assert deliver(queued.pk, lambda notice: Letter("a", "b", "")) == State.DROPPED


@pytest.mark.parametrize(
    "text",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "{}",
        "[]",
        '{"eventType": "Bounce", "mail": {}}',
        '{"eventType": "Bounce", "mail": {}, "bounce": {"bounceType": "Permanent", "bouncedRecipients": [5]}}',
        '{"eventType": "Send", "mail": {"tags": {"notice": [5]}}}',
        '{"eventType": "Send", "mail": 5}',
    ],
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(UnreadableEvent):
        take_event(text)


@pytest.mark.parametrize("pk", ["99999999999999999999", "-1", "abc", "٣", ""])
def test_a_mail_that_we_never_wrote_changes_nothing(pk: str) -> None:
    take_event(json.dumps({"eventType": "Send", "mail": {"messageId": "x", "tags": {TAG: [pk]}}}))


def test_an_event_that_sns_has_signed_is_taken_and_one_that_we_do_not_know_too(client: Client, sns: list[str]) -> None:
    notice = NoticeFactory(state=State.CLAIMED, claimed_at=timezone.now())

    answers = [
        client.post("/hooks/mail-events/", written(signed(Message=text)), content_type="text/plain").status_code
        for text in (event("Delivery", notice=notice), event("Open", notice=notice), "no event")
    ]

    assert answers == [200, 200, 200]
    notice.refresh_from_db()
    assert notice.state == State.SENT
