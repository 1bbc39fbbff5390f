"""Access tokens that must not be believed, and keys that must not be asked for too often."""

import base64
import datetime
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import hypothesis
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.identity import authentication, bearer, keys, services
from accounts.identity.provider import Refused
from accounts.models import User
from accounts.moderation.services import suspend
from tests.factories import UserFactory
from tests.standins.oidc import (
    APP_ID,
    CLIENT_ID,
    ISSUER,
    Answer,
    OidcServer,
    access_token,
    id_token,
    signing_key,
    url64,
)

pytestmark = pytest.mark.django_db

HOUR = 3600


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory(issuer=ISSUER, subject="subject-1")
    return user


def ask(token: str, scheme: str = "Bearer", path: str = "/api/v1/entries") -> HttpResponse:
    return Client(headers={"Authorization": f"{scheme} {token}", "Accept-Language": "en"}).get(path)


def kind(answer: HttpResponse) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["type"].rpartition(":")[2])


def assert_refused(answer: HttpResponse) -> None:
    assert (answer.status_code, kind(answer)) == (401, "bad-token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_that_holds_is_believed(hanako: User, oidc: OidcServer, scheme: str) -> None:
    assert ask(access_token(), scheme).status_code == 200


def now_and(seconds: int) -> int:
    return int(time.time()) + seconds


FALSE_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://provider.test/other-pool"},
    "an issuer that begins like ours": {"iss": f"{ISSUER}/"},
    "issuers": {"iss": [ISSUER]},
    "another app's": {"client_id": "another-app"},
    "the site's own": {"client_id": CLIENT_ID},
    "several apps'": {"client_id": ["app"]},
    "an app's of a type of its own": {"client_id": {"app": 1}},
    "for signing in": {"token_use": "id"},
    "for refreshing": {"token_use": "refresh"},
    "for several uses": {"token_use": ["access"]},
    "expired": {"exp": now_and(-60)},
    "expired long ago": {"exp": 0},
    "expiring some day": {"exp": "tomorrow"},
    "never expiring": {"exp": float("inf")},
    "not yet valid": {"nbf": now_and(HOUR)},
    "valid some day": {"nbf": "tomorrow"},
    "issued in the future": {"iat": now_and(HOUR)},
    "issued some day": {"iat": "yesterday"},
    "a number for a subject": {"sub": 1},
    "a list for a subject": {"sub": ["subject-1"]},
    "an empty subject": {"sub": ""},
    "a subject with NUL": {"sub": "subject-1\0"},
    "another pool's key under our name": {"signed_by": "second"},
    "an unknown key": {"kid": "second"},
    **{f"no {claim}": {claim: None} for claim in bearer.CLAIMS},
}


@pytest.mark.parametrize("claims", FALSE_CLAIMS.values(), ids=FALSE_CLAIMS.keys())
def test_false_claims_are_refused(hanako: User, oidc: OidcServer, claims: dict[str, Any]) -> None:
    assert_refused(ask(access_token(**claims)))


def test_an_id_token_is_no_access_token(hanako: User, oidc: OidcServer) -> None:
    assert_refused(ask(id_token()))
    assert_refused(ask(id_token(aud="app", client_id="app")))


EVIL = "https://evil.example/keys"
HEADERS: dict[str, dict[str, Any]] = {
    "keys at an address": {"jku": EVIL, "kid": "third"},
    "a certificate at an address": {"x5u": EVIL, "kid": "third"},
    "a key of its own": {"jwk": signing_key("third").as_dict(private=False), "kid": "third"},
    "a certificate of its own": {"x5c": [base64.b64encode(b"certificate").decode()], "kid": "third"},
    "a file for a key": {"kid": "../../../../dev/null"},
    "a statement for a key": {"kid": "' OR 1=1 --"},
    "a list for a key": {"kid": ["first"]},
    "nothing for a key": {"kid": None},
    "another algorithm": {"alg": "RS512"},
    "a list of algorithms": {"alg": ["RS256"]},
    "something critical": {"crit": ["exp"], "exp": now_and(-60)},
    "something critical that nobody knows": {"crit": ["https://evil.example/x"], "https://evil.example/x": True},
    "unencoded": {"crit": ["b64"], "b64": False},
    "unencoded, and not saying so": {"b64": False},
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_no_header_chooses_how_it_is_checked(hanako: User, oidc: OidcServer, header: dict[str, Any]) -> None:
    signed_by = "third" if header.get("kid") == "third" else "first"

    assert_refused(ask(access_token(signed_by=signed_by, header=header)))
    assert set(oidc.calls) <= {"/keys"}


@pytest.mark.parametrize("header", [{"jku": EVIL}, {"x5u": EVIL}, {"jwk": signing_key("third").as_dict(private=False)}])
def test_keys_named_by_a_token_are_not_used_even_beside_ours(
    hanako: User, oidc: OidcServer, header: dict[str, Any]
) -> None:
    assert_refused(ask(access_token(signed_by="third", header=header)))


def under(header: dict[str, Any], secret: bytes = b"") -> str:
    """The claims of a token that holds, signed with HMAC where there is a secret."""
    unsigned = f"{url64(json.dumps(header).encode())}.{access_token().split('.')[1]}"
    return f"{unsigned}.{url64(hmac.digest(secret, unsigned.encode(), hashlib.sha256)) if secret else ''}"


def by_elliptic_curve() -> str:
    unsigned = f"{url64(json.dumps({'alg': 'ES256', 'kid': 'first'}).encode())}.{access_token().split('.')[1]}"
    signature = ec.generate_private_key(ec.SECP256R1()).sign(unsigned.encode(), ec.ECDSA(hashes.SHA256()))
    return f"{unsigned}.{url64(signature)}"


def public(form: serialization.Encoding) -> bytes:
    key = serialization.load_pem_public_key(signing_key("first").as_pem(private=False))
    return key.public_bytes(form, serialization.PublicFormat.SubjectPublicKeyInfo)


HS256 = {"alg": "HS256", "kid": "first"}
FORGERIES: dict[str, Callable[[], str]] = {
    **{f"alg {name}": lambda name=name: under({"alg": name, "kid": "first"}) for name in ["none", "None", "NONE", ""]},
    "no alg": lambda: under({"kid": "first"}),
    "HMAC of the public PEM": lambda: under(HS256, public(serialization.Encoding.PEM)),
    "HMAC of the public DER": lambda: under(HS256, public(serialization.Encoding.DER)),
    "HMAC of the public JWK": lambda: under(HS256, json.dumps(signing_key("first").as_dict(private=False)).encode()),
    "HMAC of the public number": lambda: under(HS256, signing_key("first").as_dict(private=False)["n"].encode()),
    "an elliptic key": by_elliptic_curve,
    "100 KB": lambda: "A" * 100_000,
    "100 KB of dots": lambda: "." * 100_000,
    "long claims": lambda: access_token(scope="x" * 9000),
    "a deep header": lambda: f"{url64(b'[' * 5000)}.e30.AAAA",
    "a header that is a list": lambda: f"{url64(b'[]')}.e30.AAAA",
    "a header that is a number": lambda: f"{url64(b'1')}.e30.AAAA",
    "a header that is not UTF-8": lambda: f"{url64(bytes([0xFF, 0xFE]))}.e30.AAAA",
    "cut off before its signature": lambda: access_token().rpartition(".")[0],
    "cut off in its signature": lambda: access_token()[:-10],
    "an empty signature": lambda: access_token().rpartition(".")[0] + ".",
    "altered": lambda: access_token()[:-8] + "AAAAAAAA",
    "one byte": lambda: "x",
    "two dots": lambda: "..",
    "latin letters": lambda: "ÿÿÿ.ÿÿÿ.ÿÿÿ",
    "letters of two bytes": lambda: "にせもの".encode().decode("latin-1"),
    "nothing": lambda: "",
    "spaces": lambda: "     ",
    "two": lambda: f"{access_token()} {access_token()}",
    "two with a comma": lambda: f"{access_token()}, Bearer {access_token()}",
    "a space in its signature": lambda: f"{access_token()[:-5]} {access_token()[-5:]}",
    "a tab in its signature": lambda: f"{access_token()[:-5]}\t{access_token()[-5:]}",
    "padded": lambda: f"{access_token()}==",
    "in quotes": lambda: f'"{access_token()}"',
    "a personal one's beginning alone": lambda: "mymovie_",
    "a personal one that nobody was given": lambda: "mymovie_" + "A" * 43,
    "a personal one with a tail": lambda: "mymovie_" + "A" * 43 + "\n",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_forgeries_are_refused(hanako: User, oidc: OidcServer, forge: Callable[[], str]) -> None:
    assert_refused(ask(forge()))


@pytest.mark.parametrize("written", ["Bearer", "bearer", "Bearer ", "Bearer\t"])
def test_a_scheme_without_a_token_signs_nobody_in(hanako: User, oidc: OidcServer, written: str) -> None:
    answer = Client(headers={"Authorization": written}).get("/api/v1/entries")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_another_scheme_signs_nobody_in(hanako: User, oidc: OidcServer) -> None:
    for scheme in ("Basic", "Token", "Bearer:", "BearerX", "JWT"):
        assert ask(access_token(), scheme).status_code == 401


def test_whoever_tries_many_is_told_to_stop(hanako: User, oidc: OidcServer) -> None:
    answers = [ask("mymovie_" + "A" * 43).status_code for _ in range(authentication.FAILURES.most + 1)]

    assert answers == [401] * authentication.FAILURES.most + [429]
    assert ask("x").headers["Retry-After"].isdecimal()
    assert ask(access_token()).status_code == 200, "one that holds is no failure"


def test_no_log_has_a_token(hanako: User, oidc: OidcServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refused = access_token(signed_by="second")

    ask(refused)

    assert "token_refused" in caplog.text
    assert refused.rpartition(".")[2] not in caplog.text


# Keys


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many seconds from now, for the keys and for what remembers them; tokens are of now."""
    begun = time.time()
    clock = [begun]
    monkeypatch.setattr(time, "time", lambda: clock[0])

    def at(seconds: int) -> None:
        clock[0] = begun + seconds

    return at


def test_keys_are_fetched_once_an_hour(hanako: User, oidc: OidcServer, at: Callable[[int], None]) -> None:
    token = access_token()
    for minutes in (0, 1, 30, 59):
        at(minutes * 60)
        assert ask(token).status_code == 200
    assert len(oidc.calls) == 1

    at(61 * 60)

    assert ask(token).status_code == 200
    assert len(oidc.calls) == 2


@pytest.mark.parametrize("kid", ["second", "", "x" * 5000])
def test_unknown_keys_are_looked_for_once_a_minute(
    hanako: User, oidc: OidcServer, at: Callable[[int], None], kid: str
) -> None:
    for seconds in (0, 1, 30, 59):
        at(seconds)
        assert ask(access_token(kid=f"{kid}{seconds}", signed_by="second")).status_code == 401
    assert len(oidc.calls) == 1

    at(61)

    assert ask(access_token(kid=kid, signed_by="second")).status_code == 401
    assert len(oidc.calls) == 2


def test_30_unknown_keys_at_once_are_one_question(oidc: OidcServer) -> None:
    def refused(number: int) -> bool:
        with pytest.raises(bearer.Refused):
            bearer.access_of(access_token(kid=f"unknown-{number}", signed_by="second"))
        return True

    oidc.keys = Answer(oidc.keys.body, delay=0.2)
    with ThreadPoolExecutor(30) as flood:
        assert all(flood.map(refused, range(30)))
    assert len(oidc.calls) == 1


def test_keys_that_were_changed_are_known_within_a_minute(
    hanako: User, oidc: OidcServer, at: Callable[[int], None]
) -> None:
    old, new = access_token(), access_token(kid="second")
    assert ask(old).status_code == 200
    oidc.keys = Answer({"keys": [signing_key("second").as_dict(private=False)]})

    at(61)

    assert ask(new).status_code == 200
    assert ask(old).status_code == 401, "the old one is none of theirs any more"


AWAY = {
    "breaks": Answer(b"Internal Server Error", 500),
    "is moved": Answer(b"", 404),
    "answers with a page": Answer(b"<html>Welcome to the hotel's wireless network</html>"),
    "answers with half": Answer(b'{"keys": ['),
    "answers with what is not JSON": Answer(b"\xff\xfe\x00"),
    "answers with a list": Answer([]),
    "answers with a list of lists": Answer({"keys": [[]]}),
    "answers with null": Answer(b"null"),
    "answers deeply": Answer(b"[" * 100_000),
    "has no key": Answer({"keys": []}),
    "has keys without numbers": Answer({"keys": [{"kid": "first", "kty": "RSA"}]}),
    "has something else": Answer({"keys": "none"}),
    "hangs": Answer({}, delay=0.5),
}


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY.keys())
def test_keys_outlast_a_provider_at_fault(
    hanako: User, oidc: OidcServer, at: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, fault: Answer
) -> None:
    monkeypatch.setattr(keys, "PATIENCE", 0.2)
    token = access_token()
    ask(token)
    oidc.keys = fault

    at(20 * HOUR)

    assert ask(token).status_code == 200
    assert len(oidc.calls) == 2


@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY.keys())
def test_without_keys_nobody_is_let_in_and_the_provider_is_left_alone(
    hanako: User, oidc: OidcServer, monkeypatch: pytest.MonkeyPatch, fault: Answer
) -> None:
    monkeypatch.setattr(keys, "PATIENCE", 0.2)
    oidc.keys = fault

    answers = [ask(access_token()) for _ in range(3)]

    assert [(answer.status_code, kind(answer)) for answer in answers] == [(503, "unavailable")] * 3
    assert answers[0].headers["Retry-After"].isdecimal()
    assert len(oidc.calls) == 1


def test_a_provider_that_is_gone_is_named(hanako: User, oidc: OidcServer, settings: Settings) -> None:
    settings.OIDC_JWKS_URL = "http://127.0.0.1:1/keys"

    assert ask(access_token()).status_code == 503


def test_many_wait_together_for_a_provider_that_hangs(oidc: OidcServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "PATIENCE", 0.3)
    oidc.keys = Answer({}, delay=1)

    def unavailable(_: int) -> bool:
        with pytest.raises(bearer.Unavailable):
            bearer.access_of(access_token())
        return True

    with ThreadPoolExecutor(10) as people:
        assert all(people.map(unavailable, range(10)))
    assert len(oidc.calls) == 1


# People


def leave(user: User) -> None:
    services.leave(user=user)


def shut_out(user: User) -> None:
    suspend(actor=UserFactory(is_staff=True), person=user, reason="spam")


def forget(user: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=60)
    User.objects.filter(pk=user.pk).update(is_active=False, deletion_asked_at=long_ago)


@pytest.mark.parametrize(("act", "said"), [(leave, "leaving"), (shut_out, "suspended"), (forget, "suspended")])
def test_whoever_is_shut_out_is_out_at_once(
    hanako: User, oidc: OidcServer, act: Callable[[User], None], said: str
) -> None:
    token = access_token()
    assert ask(token).status_code == 200

    act(hanako)

    answer = ask(token)
    assert (answer.status_code, kind(answer)) == (403, said)


def test_whoever_is_shut_out_sees_what_strangers_see(hanako: User, oidc: OidcServer) -> None:
    User.objects.filter(pk=hanako.pk).update(wall_visibility="private")
    mine = f"/api/v1/people/{hanako.handle}/wall"
    assert ask(access_token(), path=mine).status_code == 200

    shut_out(hanako)

    assert ask(access_token(), path=mine).status_code == 404


def test_whoever_has_no_account_is_told_to_begin_one(oidc: OidcServer) -> None:
    answer = ask(access_token(sub="newcomer"))

    assert (answer.status_code, kind(answer)) == (403, "no-account-yet")


def test_the_same_subject_elsewhere_is_somebody_else(oidc: OidcServer) -> None:
    UserFactory(issuer="https://provider.test/other-pool", subject="subject-1")

    assert kind(ask(access_token())) == "no-account-yet"


# Anything at all

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    VALUES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one, max_size=3)
)
ASKED = {"iss": ISSUER, "client_id": APP_ID, "token_use": "access"}
CLAIMED = st.dictionaries(st.sampled_from([*bearer.CLAIMS, "nbf", "aud", "auth_time"]), ANYTHING, min_size=1)
trying = hypothesis.settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@trying
@given(claims=CLAIMED, header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "zip"]), ANYTHING))
def test_whatever_a_token_of_the_providers_claims_it_is_for_us_or_refused(
    oidc: OidcServer, claims: dict[str, Any], header: dict[str, Any]
) -> None:
    try:
        access = bearer.access_of(access_token(header=header, **claims))
    except Refused:
        return

    assert all(claims.get(name, value) == value for name, value in ASKED.items())
    assert access.issuer == ISSUER
    assert access.subject


@trying
@given(token=st.text(max_size=60) | st.lists(st.binary(max_size=60).map(url64), min_size=3, max_size=3).map(".".join))
def test_whatever_nobody_has_signed_is_refused(oidc: OidcServer, token: str) -> None:
    with pytest.raises(Refused):
        bearer.access_of(token)
