import logging
import time

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.identity import keys, provider
from tests.factories import UserFactory
from tests.standins.oidc import ISSUER, Answer, OidcServer, come_back, id_token, leave, sign_in, signing_key

pytestmark = pytest.mark.django_db

FAULTS = {
    "breaks": Answer(b"Internal Server Error", 500),
    "is overloaded": Answer(b"<html>slow down</html>", 429),
    "answers with a page": Answer(b"<html>Welcome to the hotel's wireless network</html>"),
    "answers with a list": Answer([]),
    "does not know us": Answer({"error": "invalid_client"}, 400),
    "gives no id token": Answer({"access_token": "access", "token_type": "Bearer"}),
    "stalls": Answer({}, delay=1),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_provider_at_fault_is_named_and_nothing_is_lost(
    client: Client, oidc: OidcServer, monkeypatch: pytest.MonkeyPatch, fault: Answer
) -> None:
    monkeypatch.setattr(provider, "PATIENCE", 0.3)
    monkeypatch.setattr(keys, "PATIENCE", 0.3)
    asked = leave(client, "/en/sign-in/?next=/en/about/")
    oidc.token = fault

    answer = come_back(client, asked["state"])

    assert answer.status_code == 503
    assert answer.headers["Content-Language"] == "en"
    assert 'href="/en/sign-in/?next=%2Fen%2Fabout%2F"' in answer.content.decode()


def test_a_provider_that_is_gone_is_named(client: Client, oidc: OidcServer, settings: LazySettings) -> None:
    asked = leave(client)
    settings.OIDC_DOMAIN = "http://127.0.0.1:1"

    assert come_back(client, asked["state"]).status_code == 503


@pytest.mark.parametrize("fault", [*FAULTS.values(), Answer({"keys": []}), Answer({"keys": "none"})])
def test_keys_that_cannot_be_had_are_asked_for_again_a_minute_later(
    client: Client, oidc: OidcServer, monkeypatch: pytest.MonkeyPatch, fault: Answer
) -> None:
    monkeypatch.setattr(keys, "ASKED_AGAIN_AFTER", 0)
    UserFactory(issuer=ISSUER, subject="subject-1")
    good, oidc.keys = oidc.keys, fault
    with monkeypatch.context() as impatient:
        impatient.setattr(provider, "PATIENCE", 0.3)
        impatient.setattr(keys, "PATIENCE", 0.3)
        assert sign_in(client, oidc).status_code == 503
    oidc.keys = good

    assert sign_in(client, oidc).status_code == 302


def test_keys_are_fetched_once_for_many(oidc: OidcServer) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")

    for _ in range(3):
        assert sign_in(Client(), oidc).status_code == 302

    assert oidc.calls.count("/keys") == 1


def test_an_unknown_key_is_looked_for_once_a_minute_at_most(oidc: OidcServer) -> None:
    for _ in range(3):
        assert sign_in(Client(), oidc, kid="second").status_code == 400

    assert oidc.calls.count("/keys") == 1


def test_a_new_key_is_found_once_the_minute_is_over(
    client: Client, oidc: OidcServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "ASKED_AGAIN_AFTER", 0)
    UserFactory(issuer=ISSUER, subject="subject-1")
    sign_in(Client(), oidc)
    oidc.keys = Answer({"keys": [signing_key("second").as_dict(private=False)]})

    answer = sign_in(client, oidc, kid="second")

    assert answer.headers["Location"] == "/"


def test_one_who_turns_back_is_not_told_off(client: Client, oidc: OidcServer) -> None:
    asked = leave(client, "/en/sign-in/")

    answer = come_back(client, asked["state"], error="access_denied", error_description="<b>no</b>")

    assert answer.status_code == 200
    assert answer.context["failure"].title == "You did not sign in"
    assert "<b>no</b>" not in answer.content.decode()
    assert oidc.calls == []


def test_an_error_of_the_provider_is_not_the_persons(client: Client, oidc: OidcServer) -> None:
    asked = leave(client)

    assert come_back(client, asked["state"], error="temporarily_unavailable").status_code == 503


QUESTIONS_NEVER_ASKED = [
    {},
    {"code": "code"},
    {"code": "code", "state": "forged"},
    {"code": "code", "state": ""},
    {"code": "code", "state": "\0"},
    {"error": "server_error", "state": "forged"},
]


@pytest.mark.parametrize("answer", QUESTIONS_NEVER_ASKED)
def test_an_answer_to_no_question_is_refused_unread(client: Client, oidc: OidcServer, answer: dict[str, str]) -> None:
    leave(client)

    assert client.get("/sign-in/callback", answer).status_code == 400
    assert oidc.calls == []


def test_an_answer_without_a_code_is_refused(client: Client, oidc: OidcServer) -> None:
    asked = leave(client)

    assert come_back(client, asked["state"], code="").status_code == 400
    assert oidc.calls == []


def test_an_answer_that_took_more_than_an_hour_is_refused(
    client: Client, oidc: OidcServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = leave(client)
    an_hour_later = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: an_hour_later)
    oidc.vouch(id_token(nonce=asked["nonce"]))

    assert come_back(client, asked["state"]).status_code == 400


def test_sign_ins_in_two_tabs_do_not_disturb_each_other(client: Client, oidc: OidcServer) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")
    first = leave(client, "/sign-in/?next=/about/")
    leave(client, "/en/sign-in/?next=/en/search/")
    oidc.vouch(id_token(nonce=first["nonce"]))

    answer = come_back(client, first["state"])

    assert answer.headers["Location"] == "/about/"


def test_the_failed_page_repeats_neither_code_nor_state(client: Client, oidc: OidcServer) -> None:
    asked = leave(client)

    page = come_back(client, asked["state"], code="a-secret-code").content.decode()

    assert "a-secret-code" not in page
    assert asked["state"] not in page


def test_nothing_secret_is_written_down(client: Client, oidc: OidcServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked = leave(client)
    token = id_token(nonce="wrong")
    oidc.vouch(token)

    come_back(client, asked["state"], code="a-secret-code")

    assert "Refused" in caplog.text
    for secret in ["a-secret-code", token, asked["state"], asked["nonce"], "secret"]:
        assert secret not in caplog.text


@pytest.mark.parametrize("name", ["OIDC_ISSUER", "OIDC_DOMAIN", "OIDC_CLIENT_ID"])
def test_without_a_provider_sign_in_says_so(client: Client, settings: LazySettings, name: str) -> None:
    setattr(settings, name, "")

    assert client.get("/sign-in/").status_code == 503
    assert client.get("/sign-in/callback?code=c&state=s").status_code == 503


def test_without_a_provider_one_can_still_sign_out(client: Client, settings: LazySettings) -> None:
    settings.OIDC_ISSUER = ""
    client.force_login(UserFactory())

    answer = client.post("/en/sign-out/")

    assert answer.headers["Location"] == "/en/"
    assert "_auth_user_id" not in client.session
