import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.mail import unsubscribing
from accounts.mail.models import Kind, Mailbox
from tests.factories import MailboxFactory

pytestmark = pytest.mark.django_db


def path_of(mailbox: Mailbox, kind: Kind = Kind.FOLLOWERS) -> str:
    return unsubscribing.address(mailbox.pk, kind).removeprefix("http://testserver")


@pytest.fixture
def mailbox() -> Mailbox:
    return MailboxFactory(user__handle="hanako", user__display_name="花子", user__language="en")


def test_one_is_asked_first_and_looking_changes_nothing(client: Client, mailbox: Mailbox) -> None:
    answer = client.get(path_of(mailbox))

    assert answer.status_code == 200
    assert '<html lang="en"' in answer.content.decode()
    assert answer.content.decode().count("<button") == 1
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    mailbox.refresh_from_db()
    assert mailbox.wants_followers


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
def test_a_mail_program_or_a_person_turns_it_off_without_signing_in(mailbox: Mailbox, body: dict) -> None:
    stranger = Client(enforce_csrf_checks=True)

    answers = [stranger.post(path_of(mailbox), body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "/en/settings/mail/" in answers[0].content.decode()
    mailbox.refresh_from_db()
    assert not mailbox.wants_followers
    assert mailbox.wants_requests


def test_the_page_does_not_say_whose_it_is(client: Client, mailbox: Mailbox) -> None:
    pages = [client.get(path_of(mailbox)), client.post(path_of(mailbox))]

    for page in pages:
        for told in ["hanako", "花子", "example.com"]:
            assert told not in page.content.decode()


FORGED = {
    "changed": lambda mailbox: path_of(mailbox).replace("/unsubscribe/W", "/unsubscribe/X"),
    "of nobody": lambda mailbox: path_of(Mailbox(pk=mailbox.pk + 1)),
    "signed for something else": lambda mailbox: (
        f"/unsubscribe/{Signer(salt='other').sign_object([mailbox.pk, 'followers'])}/"
    ),
    "of what cannot be turned off": lambda mailbox: path_of(mailbox, Kind.LEAVING),
    "of no form": lambda mailbox: "/unsubscribe/x/",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_token_that_is_none_leads_nowhere(client: Client, mailbox: Mailbox, forged) -> None:
    path = forged(mailbox)

    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    mailbox.refresh_from_db()
    assert mailbox.wants_followers


def test_the_page_asks_for_one_row(client: Client, mailbox: Mailbox) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(path_of(mailbox))

    assert len(queries) == 1
