import time

import pytest

from accounts.identity.proof import LATELY, PROVED_AT
from accounts.models import User
from tests.factories import UserFactory
from tests.standins.oidc import CLIENT_ID, ISSUER, leave, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/account/delete/"


@pytest.fixture
def person():
    return UserFactory(issuer=ISSUER, subject="subject-1")


def proved(client, seconds_ago):
    session = client.session
    session[PROVED_AT] = time.time() - seconds_ago
    session.save()


def test_a_visitor_is_asked_to_sign_in_not_to_prove(client):
    assert client.get(PAGE).url == f"/sign-in/?next={PAGE}"
    assert client.post(PAGE).url == f"/sign-in/?next={PAGE}"


@pytest.mark.parametrize(("seconds_ago", "status"), [(0, 200), (LATELY - 5, 200), (LATELY + 5, 403), (10**9, 403)])
def test_a_proof_is_good_for_ten_minutes(client, person, seconds_ago, status):
    client.force_login(person)
    proved(client, seconds_ago)

    assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_has_none_is_led_to_prove_it_and_back_in_their_language(client, person, language, method):
    client.force_login(person)

    answer = getattr(client, method)(f"{language}{PAGE}")

    back = f"{language}{PAGE}".replace("/", "%2F")
    assert answer.status_code == 403
    assert f'href="{language}/sign-in/?again=1&amp;next={back}"' in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert User.objects.get().is_active


def test_whoever_proves_it_is_back_at_the_page_with_a_proof(client, oidc, person):
    client.force_login(person)

    answer = sign_in(client, oidc, f"/sign-in/?again=1&next={PAGE}", auth_time=int(time.time()))

    assert answer.url == PAGE
    assert client.get(PAGE).status_code == 200


def test_the_proof_is_asked_for_anew_of_whom_the_provider_still_knows(client, oidc, person):
    client.force_login(person)

    asked = leave(client, "/sign-in/?again=1")

    assert (asked["prompt"], asked["client_id"]) == ("login", CLIENT_ID)


def test_a_provider_that_asks_for_nothing_proves_nothing(client, oidc, person):
    client.force_login(person)

    sign_in(client, oidc, f"/sign-in/?again=1&next={PAGE}", auth_time=int(time.time()) - LATELY - 5)

    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("auth_time", [None, "now", [], -1, 0, True])
def test_a_time_that_cannot_be_read_is_no_proof(client, oidc, person, auth_time):
    sign_in(client, oidc, auth_time=auth_time)

    assert client.get(PAGE).status_code in {302, 403}
    assert client.session.get(PROVED_AT, 0) <= 1


def test_a_sign_in_that_fails_proves_nothing_and_ends_nothing(client, oidc, person):
    client.force_login(person)

    answer = sign_in(client, oidc, "/sign-in/?again=1", nonce="another", auth_time=int(time.time()))

    assert answer.status_code == 400
    assert client.get(PAGE).status_code == 403


def test_the_proof_of_one_is_not_that_of_another(client, oidc, person):
    other = UserFactory(issuer=ISSUER, subject="subject-2")
    client.force_login(person)
    proved(client, 0)

    sign_in(client, oidc, "/sign-in/?again=1", sub="subject-2", auth_time=int(time.time()) - 3600)

    assert client.session["_auth_user_id"] == str(other.pk)
    assert client.get(PAGE).status_code == 403


def test_a_newcomer_has_just_proved_it(client, oidc):
    sign_in(client, oidc, auth_time=int(time.time()))

    client.post("/welcome/", {"handle": "hanako", "display_name": "花子"})

    assert client.get(PAGE).status_code == 200
