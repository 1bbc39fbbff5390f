import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from structlog.testing import capture_logs

from accounts.mail.models import Notice, State
from accounts.models import User
from mymovie.letters import SAMPLES
from mymovie.outbox.models import Message
from tests.factories import MailboxFactory, NoticeFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "/staff/accounts/notice/"


@pytest.fixture
def staff(client: Client) -> User:
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def in_doubt(**changes: object) -> Notice:
    mailbox = MailboxFactory(address=f"secret{Notice.objects.count()}@example.com")
    return NoticeFactory(
        recipient=mailbox.user,
        state=State.IN_DOUBT,
        claimed_at=timezone.now(),
        task="accounts.people.tasks.mail_request",
        **changes,
    )


def judged(client: Client, action: str, *notices: Notice) -> None:
    answer = client.post(LIST, {"action": action, "_selected_action": [notice.pk for notice in notices]})
    assert answer.status_code == 302


def test_what_is_in_doubt_is_counted_and_no_address_is_named(client: Client, staff: User) -> None:
    notice = in_doubt()
    NoticeFactory()

    pages = [client.get(LIST), client.get(f"{LIST}{notice.pk}/change/")]

    counts = {state: count for state, count, _is_more in pages[0].context["states"]}
    assert counts == dict.fromkeys(State, 0) | {State.IN_DOUBT: 1, State.NEW: 1}
    for page in pages:
        assert page.status_code == 200
        assert "@example.com" not in page.content.decode()


def test_one_finds_what_is_in_doubt(client: Client, staff: User) -> None:
    notice = in_doubt()
    NoticeFactory()

    page = client.get(LIST, {"state__exact": "in_doubt"})

    assert list(page.context["cl"].result_list) == [notice]


def test_what_was_not_sent_is_sent_again_by_the_way_it_came(client: Client, staff: User) -> None:
    notice = in_doubt()

    with capture_logs() as logs:
        judged(client, "send_again", notice)
        judged(client, "send_again", notice)

    notice.refresh_from_db()
    message = Message.objects.get()
    assert notice.state == State.NEW
    assert (message.task, message.queue) == ("accounts.people.tasks.mail_request", "mail-urgent")
    assert message.kwargs == {"notice_id": notice.pk}
    assert (logs[0]["notices"], logs[0]["staff"]) == ([notice.pk], staff.pk)


def test_what_was_sent_is_settled(client: Client, staff: User) -> None:
    notice = in_doubt()

    judged(client, "was_sent", notice)

    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (State.SENT, notice.claimed_at)
    assert not Message.objects.exists()


@pytest.mark.parametrize("action", ["send_again", "was_sent"])
@pytest.mark.parametrize("state", [state for state in State if state != State.IN_DOUBT])
def test_only_what_is_in_doubt_is_judged(client: Client, staff: User, action: str, state: State) -> None:
    notice = NoticeFactory(state=state)

    judged(client, action, notice)

    notice.refresh_from_db()
    assert notice.state == state
    assert not Message.objects.exists()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", SAMPLES)
def test_staff_look_at_every_letter_in_both_languages(client: Client, staff: User, name: str, language: str) -> None:
    page = client.get(f"{LIST}letters/{name}/{language}/")

    assert page.status_code == 200
    assert f"/letters/{name}/{language}/" in client.get(LIST).content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    if name != "contact":
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert f"&lt;style nonce=&quot;{nonce}&quot;&gt;" in page.content.decode()
        assert "sandbox" in page.content.decode()


@pytest.mark.parametrize("path", ["letters/nothing/ja/", "letters/request/fr/"])
def test_a_letter_that_is_none_is_not_found(client: Client, staff: User, path: str) -> None:
    assert client.get(f"{LIST}{path}").status_code == 404


def test_the_list_asks_the_same_for_one_row_as_for_many(client: Client, staff: User) -> None:
    def asked() -> int:
        in_doubt()
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    asked()  # what is looked up once in a process

    assert asked() == asked()
