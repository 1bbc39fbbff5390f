import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.identity import sessions
from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def who_is(client: Client) -> object:
    return client.get("/about/").wsgi_request.user


def key_of(client: Client) -> str:
    return str(client.session.session_key)


@pytest.fixture
def hanako(client: Client) -> User:
    hanako: User = UserFactory(handle="hanako")
    client.force_login(hanako)
    client.get("/about/")  # the first page of a session writes its token
    return hanako


def test_a_session_brings_its_person_along_once_this_process_has_met_it(client: Client, hanako: User) -> None:
    sessions._met.cache_clear()
    statements = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert who_is(client) == hanako
        statements.append(len(asked))

    assert statements[0] - statements[1] == 1


def test_whose_a_session_is_it_alone_decides(client: Client, hanako: User) -> None:
    other = UserFactory()
    sessions._met(key_of(client)).person_id = other.pk

    assert who_is(client) == hanako


@pytest.mark.parametrize(
    "change",
    [{"is_active": False, "suspended_at": timezone.now()}, {"sessions_ended": 1}, {"subject": "somebody else"}],
    ids=["shut out", "all sessions ended", "another at the provider"],
)
def test_who_may_no_longer_have_one_is_out_at_once_though_they_were_met(
    client: Client, hanako: User, change: dict[str, object]
) -> None:
    assert who_is(client) == hanako
    User.objects.filter(pk=hanako.pk).update(**change)

    assert not client.get("/settings/profile/").wsgi_request.user.is_authenticated


def test_a_key_longer_than_any_of_ours_is_not_even_looked_for(client: Client) -> None:
    client.cookies["session"] = "a" * 41

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/settings/profile/").status_code == 302

    assert not any("django_session" in query["sql"] for query in asked)


def test_a_person_is_as_they_are_now(client: Client, hanako: User) -> None:
    User.objects.filter(pk=hanako.pk).update(display_name="花子")

    assert "花子" in client.get("/@hanako/").content.decode()


def test_who_signs_out_and_who_comes_after_them_have_nothing_in_common(client: Client, hanako: User) -> None:
    key = key_of(client)
    client.logout()
    client.cookies["session"] = key

    assert not client.get("/about/").wsgi_request.user.is_authenticated
    client.force_login(UserFactory(handle="taro"))
    assert getattr(who_is(client), "handle", None) == "taro"
