"""Id tokens that must not be believed, from a stand-in that would sign anything."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Mailbox, User
from tests.factories import MailboxFactory, UserFactory
from tests.standins.oidc import CLIENT_ID, ISSUER, OidcServer, come_back, id_token, leave, sign_in, signing_key

pytestmark = pytest.mark.django_db


def url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def with_header(token: str, header: dict[str, str], secret: bytes = b"") -> str:
    """The claims of `token` under another header, signed with HMAC when there is a secret."""
    unsigned = f"{url64(json.dumps(header).encode())}.{token.split('.')[1]}"
    return f"{unsigned}.{url64(hmac.digest(secret, unsigned.encode(), hashlib.sha256)) if secret else ''}"


def test_a_token_that_holds_is_believed(client: Client, oidc: OidcServer) -> None:
    user = UserFactory(issuer=ISSUER, subject="subject-1")

    answer = sign_in(client, oidc)

    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(user.pk)


FALSE_CLAIMS = {
    "another issuer": {"iss": "https://provider.test/other-pool"},
    "no issuer": {"iss": None},
    "another site's": {"aud": "another-site"},
    "another site's, authorised by ours": {"aud": "another-site", "azp": CLIENT_ID},
    "no audience": {"aud": None},
    "an access token": {"token_use": "access"},
    "no use": {"token_use": None},
    "expired": {"exp": int(time.time()) - 60},
    "never expiring": {"exp": None},
    "not yet valid": {"nbf": int(time.time()) + 3600},
    "issued in the future": {"iat": int(time.time()) + 3600},
    "another sign-in's": {"nonce": "of-another-sign-in"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number for a subject": {"sub": 1},
    "another key under a known name": {"signed_by": "second"},
    "an unknown key": {"kid": "second"},
}


@pytest.mark.parametrize("claims", FALSE_CLAIMS.values(), ids=FALSE_CLAIMS.keys())
def test_false_claims_are_refused(client: Client, oidc: OidcServer, claims: dict[str, object]) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")

    answer = sign_in(client, oidc, **claims)

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session
    assert "newcomer" not in client.session


FORGERIES: dict[str, Callable[[str], object]] = {
    "without a signature": lambda token: with_header(token, {"alg": "none", "kid": "first"}),
    "signed with the public key": lambda token: with_header(
        token, {"alg": "HS256", "kid": "first"}, signing_key("first").as_pem(private=False)
    ),
    "keys of its own choice": lambda token: with_header(
        token, {"alg": "RS256", "kid": "mine", "jku": "https://evil.example/keys"}, b"whatever"
    ),
    "altered": lambda token: token[:-8] + "AAAAAAAA",
    "cut off": lambda token: token.rsplit(".", 1)[0],
    "not a token": lambda token: "not a token",
    "100 KB": lambda token: "A" * 100_000,
    "not ASCII": lambda token: "にせもの",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_forgeries_are_refused(client: Client, oidc: OidcServer, forge: Callable[[str], object]) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")
    asked = leave(client)
    oidc.vouch(forge(id_token(nonce=asked["nonce"])))

    answer = come_back(client, asked["state"])

    assert answer.status_code == 400
    assert "_auth_user_id" not in client.session


def test_a_name_and_an_address_do_not_make_somebody_known(client: Client, oidc: OidcServer) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1", display_name="Hanako")

    answer = sign_in(client, oidc, sub="subject-2", name="Hanako", email="hanako@example.com", email_verified="true")

    assert answer.headers["Location"] == "/welcome/"
    assert "_auth_user_id" not in client.session


def address_after(client: Client, oidc: OidcServer, **claims: object) -> str:
    sign_in(client, oidc, **claims)
    return Mailbox.objects.get().address


@pytest.mark.parametrize("is_verified", [True, "true"])
def test_an_address_is_kept_that_the_provider_has_verified(
    client: Client, oidc: OidcServer, is_verified: object
) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")

    assert address_after(client, oidc, email="hanako@example.com", email_verified=is_verified) == "hanako@example.com"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "hanako@example.com"},
        {"email": "hanako@example.com", "email_verified": False},
        {"email": "hanako@example.com", "email_verified": "false"},
        {"email": "hanako@example.com", "email_verified": ["true"]},
        {"email": ["hanako@example.com"], "email_verified": True},
        {"email": "hanako@example.com\nBcc: all@example.com", "email_verified": True},
        {"email": "a" * 250 + "@example.com", "email_verified": True},
        {"email": "nobody", "email_verified": True},
    ],
)
def test_nobody_is_written_to_at_an_address_that_is_not_theirs_for_sure(
    client: Client, oidc: OidcServer, claims: dict[str, object]
) -> None:
    MailboxFactory(user=UserFactory(issuer=ISSUER, subject="subject-1"), address="old@example.com")

    assert address_after(client, oidc, **claims) == ""


def test_the_address_of_somebody_else_tells_neither_who_they_are_nor_what_is_theirs(
    client: Client, oidc: OidcServer
) -> None:
    hanako = MailboxFactory(user=UserFactory(issuer=ISSUER, subject="subject-1"), address="hanako@example.com")

    sign_in(client, oidc, sub="subject-2", email="hanako@example.com", email_verified=True)
    client.post("/welcome/", {"handle": "another", "display_name": "Another"})

    hanako.refresh_from_db()
    assert hanako.address == "hanako@example.com"
    assert set(Mailbox.objects.values_list("user__handle", "address")) == {
        (hanako.user.handle, "hanako@example.com"),
        ("another", "hanako@example.com"),
    }


def test_the_same_subject_at_another_issuer_is_somebody_else(client: Client, oidc: OidcServer) -> None:
    UserFactory(issuer="https://provider.test/other-pool", subject="subject-1")

    assert sign_in(client, oidc).headers["Location"] == "/welcome/"


@pytest.mark.parametrize("groups", [None, [], ["nonstaff"], "staff", "nonstaff", {"staff": 1}, 1])
def test_only_the_staff_group_makes_staff(client: Client, oidc: OidcServer, groups: object) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")

    sign_in(client, oidc, **{"cognito:groups": groups})

    assert not User.objects.get().is_staff


def test_a_token_for_several_sites_counts_when_it_was_made_for_us(client: Client, oidc: OidcServer) -> None:
    UserFactory(issuer=ISSUER, subject="subject-1")

    sign_in(client, oidc, aud=[CLIENT_ID, "another-site"], azp=CLIENT_ID)

    assert "_auth_user_id" in client.session


@pytest.mark.parametrize("subject", ["subject-1", "a-newcomer"])
def test_nothing_of_the_person_before_is_left_in_the_session(client: Client, oidc: OidcServer, subject: str) -> None:
    known = UserFactory(issuer=ISSUER, subject="subject-1")
    asked = leave(client)
    client.force_login(UserFactory())
    session = client.session
    session["draft"] = "of the person before"
    session.save()
    oidc.vouch(id_token(nonce=asked["nonce"], sub=subject))

    come_back(client, asked["state"])

    assert "draft" not in client.session
    assert client.session.get("_auth_user_id") == (str(known.pk) if subject == known.subject else None)
