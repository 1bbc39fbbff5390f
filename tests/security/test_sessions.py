"""A session does nothing that its owner did not ask for, leads nowhere else, and ends when it is ended."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.identity import services as identity
from accounts.models import User
from accounts.moderation.services import suspend
from tests.api import client_of
from tests.factories import FilmFactory, UserFactory
from tests.infra.running import bare_environment
from tests.security import everywhere
from tests.security.conftest import Tell
from tests.security.everywhere import changed, sums
from tests.security.roles import World

pytestmark = pytest.mark.django_db

UNSAFE = ("post", "delete")
PROVED_OTHERWISE = {"contact": 400, "unsubscribe": 404, "mail_events": 403}
"""By a stamp, by the token in the address, by the signature of SNS; what each says to whoever lacks that."""
ELSEWHERE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aLocation:%20//evil.example",
    "/\r\nSet-Cookie: a=b", "https://evil.example/", "https:evil.example", "http://testserver@evil.example/",
    "http://testserver.evil.example/", "@evil.example", "javascript:alert(1)", "data:text/html,x", "/\t/evil.example",
    "http:///evil.example", "http://[::1", "/.//evil.example", "\x00//evil.example", "/" + "a" * 5000,
]  # fmt: skip


def test_no_page_does_anything_without_a_token(tell: Tell) -> None:
    """At every address that the resolver knows; those of the API are asked in test_api_authorisation.py."""
    world = World.make()
    everywhere.fill(world)
    client = world.client("staff", enforce_csrf_checks=True)
    addresses = everywhere.pages(world) | everywhere.staff(world) | {"unsubscribe": "/unsubscribe/forged/"}
    before = sums()

    answers = {
        (name, method): getattr(client, method)(address).status_code
        for name, address in addresses.items()
        for method in UNSAFE
    }

    tell(requests=len(answers))
    passed = {asked: status for asked, status in answers.items() if status != 403}
    assert passed == {
        (name, method): status if method == "post" else 405
        for name, status in PROVED_OTHERWISE.items()
        for method in UNSAFE
        if (method, status) != ("post", 403)
    }
    assert list(changed(before, sums())) == []
    assert len(addresses) > 200


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_elsewhere(address: str) -> None:
    """By whatever an address or a header may name as the place to go on to."""
    client, film = Client(), FilmFactory()
    client.force_login(UserFactory())

    led = [
        client.get("/sign-in/", {"next": address}),
        client.get("/staff/login/", {"next": address}),
        client.post(f"/films/{film.pk}/wish/", headers={"Referer": address}),
        client.post(f"/films/{film.pk}/unwish/", {"next": address}, headers={"Referer": address}),
        client.get("/share/", {"url": address, "text": address, "title": address}),
        client.get(f"/films/{film.pk}-x/", {"next": address}),
    ]

    for answer in led:
        assert answer.status_code in {301, 302, 403}
        to = answer.headers.get("Location", "/")
        assert to.startswith("/")
        assert not to.startswith(("//", "/\\"))
        assert not set(to) & {"\r", "\n", "\t", "\0"}


def test_an_address_beside_a_share_goes_no_further_than_our_own_search() -> None:
    answer = Client().get("/share/", {"url": "https://evil.example/"})

    assert answer.headers["Location"].startswith(("/search/", "/sign-in/"))


def test_a_session_that_was_ended_is_nobodys_for_whoever_kept_its_key(client: Client) -> None:
    client.force_login(UserFactory())
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post("/sign-out/")

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert thief.get("/settings/profile/").status_code == 302
    assert not Session.objects.filter(session_key=kept).exists()
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""


def leave(user: User) -> None:
    identity.leave(user=user)


def shut_out(user: User) -> None:
    suspend(actor=UserFactory(is_staff=True), person=user, reason="spam")


def close(user: User) -> None:
    """By hand, in the database."""
    User.objects.filter(pk=user.pk).update(is_active=False, suspended_at=timezone.now())


@pytest.mark.parametrize("act", [leave, shut_out, close])
def test_whoever_is_shut_out_is_out_with_every_session_and_token_at_once(act: object) -> None:
    user = UserFactory()
    browsers, scripts = [Client() for _ in range(3)], [client_of(user, scope) for scope in ("read", "write")]
    for browser in browsers:
        browser.force_login(user)
        assert browser.get("/settings/profile/").status_code == 200
    for script in scripts:
        assert script.get("/api/v1/me").status_code == 200

    act(user)  # type: ignore[operator]

    for browser in browsers:
        assert browser.get("/settings/profile/").status_code in {302, 403}
        assert browser.get("/settings/profile/").status_code == 302
        assert "_auth_user_id" not in browser.session
    assert {script.get("/api/v1/me").status_code for script in scripts} <= {401, 403}


TELL = """
import json
from mymovie import settings
print(json.dumps({name: getattr(settings, name, None) for name in (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_USE_SESSIONS", "SECURE_SSL_REDIRECT",
)}))
"""


def test_the_one_cookie_is_bound_to_this_host_and_stays_out_of_scripts_and_clear_text() -> None:
    """As in production, where it is not told that there is no https."""
    told = {"SECRET_KEY": "x" * 50, "DATABASE_URL": "postgres:///nobody"}
    process = [sys.executable, "-c", TELL]

    said = json.loads(
        subprocess.run(
            process, env=bare_environment() | told, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
        ).stdout
    )

    assert said == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": None,  # Django's own: on
        "SESSION_COOKIE_SAMESITE": None,  # Django's own: Lax
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": None,
        "CSRF_USE_SESSIONS": True,
        "SECURE_SSL_REDIRECT": True,
    }


def test_a_cookie_as_it_is_sent(client: Client, settings: object) -> None:
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-session", True  # type: ignore[attr-defined]

    cookie = client.get("/sign-in/").cookies["__Host-session"]

    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
