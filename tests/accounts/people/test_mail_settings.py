import pytest
from django.test import Client
from django.utils import timezone

from accounts.mail.models import Mailbox
from accounts.people.views.settings import ADDRESS_OPENINGS
from tests.factories import MailboxFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGE, AGAIN = "/settings/mail/", "/settings/mail/use-again/"


@pytest.fixture
def mailbox(client: Client) -> Mailbox:
    mailbox = MailboxFactory(address="hanako@example.com")
    client.force_login(mailbox.user)
    return mailbox


def shown(client: Client, **changes: str) -> dict[str, str]:
    """The form as a browser sends it, with what it was when it was shown; a box that is not ticked is not sent."""
    fields = client.get(PAGE).context["form"]
    was = {f"initial-{field.name}": str(field.initial) for field in fields}
    ticked = {field.name: "on" for field in fields if field.initial}
    return {name: value for name, value in (was | ticked | changes).items() if value}


def test_one_sees_where_one_is_written_to(client: Client, mailbox: Mailbox) -> None:
    page = client.get(PAGE).content.decode()

    assert "hanako@example.com" in page
    assert AGAIN not in page


def test_a_kind_is_turned_off_and_on_again(client: Client, mailbox: Mailbox) -> None:
    client.post(PAGE, shown(client, wants_requests=""))
    mailbox.refresh_from_db()
    assert (mailbox.wants_reminders, mailbox.wants_requests, mailbox.wants_followers) == (True, False, True)

    client.post(PAGE, shown(client, wants_requests="on"))
    mailbox.refresh_from_db()
    assert mailbox.wants_requests
    assert mailbox.address == "hanako@example.com"


def test_what_another_window_turned_off_stays_off(client: Client, mailbox: Mailbox) -> None:
    old = shown(client, wants_requests="")
    client.post(PAGE, shown(client, wants_followers=""))

    client.post(PAGE, old)

    mailbox.refresh_from_db()
    assert (mailbox.wants_requests, mailbox.wants_followers) == (False, False)


def test_who_has_no_mailbox_sees_why_and_may_choose(client: Client) -> None:
    client.force_login(person := UserFactory())

    page = client.get(PAGE)
    assert page.status_code == 200
    assert not Mailbox.objects.exists(), "looking writes nothing"

    client.post(PAGE, shown(client, wants_followers=""))
    assert not person.mailbox.wants_followers


@pytest.mark.parametrize("closed", ["bounced_at", "complained_at"])
def test_a_closed_mailbox_is_said_and_opened_again(client: Client, mailbox: Mailbox, closed: str) -> None:
    Mailbox.objects.update(**{closed: timezone.now()})
    assert AGAIN in client.get(PAGE).content.decode()

    answer = client.post(AGAIN)

    assert answer.headers["Location"] == PAGE
    mailbox.refresh_from_db()
    assert mailbox.is_open


def test_a_mailbox_is_opened_again_a_few_times_a_day(client: Client, mailbox: Mailbox) -> None:
    answers = [client.post(AGAIN).status_code for _ in range(ADDRESS_OPENINGS.most + 1)]

    assert answers == [302] * ADDRESS_OPENINGS.most + [429]


def test_nobody_opens_or_changes_the_mailbox_of_another(client: Client, mailbox: Mailbox) -> None:
    Mailbox.objects.update(bounced_at=timezone.now())
    stranger = Client()
    stranger.force_login(UserFactory())

    stranger.post(PAGE, {"user": str(mailbox.pk), "initial-wants_requests": "True"})
    stranger.post(AGAIN, {"user": str(mailbox.pk)})

    mailbox.refresh_from_db()
    assert mailbox.bounced_at
    assert mailbox.wants_requests


@pytest.mark.parametrize("path", [PAGE, AGAIN])
def test_a_visitor_is_asked_to_sign_in(client: Client, path: str) -> None:
    assert client.post(path).headers["Location"] == f"/sign-in/?next={path}"
