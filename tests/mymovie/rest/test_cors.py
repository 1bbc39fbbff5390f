"""Scripts of other sites: those that we list, by token, and never with a cookie."""

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.api import client_of
from tests.factories import UserFactory
from tests.security.api_table import OPERATIONS, PAGES, TABLE
from tests.security.roles import World

pytestmark = pytest.mark.django_db

FRIEND = "https://friend.example"
STRANGERS = ["https://evil.example", "https://friend.example.evil.example", "http://friend.example", "https://friend.example:8443",
             "https://FRIEND.example.", "https://evil.example#https://friend.example", "null", "file://", "", "*", "https://",
             "https://friend.example, https://evil.example", "x" * 9000, "\xff", "https://[::1"]  # fmt: skip


@pytest.fixture(autouse=True)
def _one_friend(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = [FRIEND]


def preflight(origin: str, method: str = "POST", path: str = "/api/v1/entries") -> HttpResponse:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization",
    }
    return Client().options(path, headers=asked)


def allowed(answer: HttpResponse) -> str | None:
    return answer.headers.get("Access-Control-Allow-Origin")


def test_a_site_that_is_listed_may_ask() -> None:
    asked, answered = preflight(FRIEND), client_of(UserFactory()).get("/api/v1/entries", headers={"Origin": FRIEND})

    assert (allowed(asked), allowed(answered)) == (FRIEND, FRIEND)
    assert {"authorization", "if-match", "idempotency-key"} <= set(asked["Access-Control-Allow-Headers"].split(", "))
    assert "etag" in answered["Access-Control-Expose-Headers"]
    assert "origin" in answered["Vary"].lower()


@pytest.mark.parametrize("origin", STRANGERS)
def test_no_other_site_may(origin: str) -> None:
    asked = preflight(origin)
    answered = client_of(UserFactory()).get("/api/v1/entries", headers={"Origin": origin})

    assert (allowed(asked), allowed(answered)) == (None, None)
    assert answered.status_code == 200


@pytest.mark.parametrize("origin", [FRIEND, *STRANGERS])
def test_no_site_sends_cookies(origin: str) -> None:
    for answer in (preflight(origin), Client().get("/api/v1/auth/config", headers={"Origin": origin})):
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_a_session_is_of_no_use_to_another_site(name: str, method: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.client("owner", enforce_csrf_checks=True), world, Origin=FRIEND)

    if name not in PAGES:
        assert answer.status_code == address.expected(method, "anonymous")


@pytest.mark.parametrize(
    "path", ["/", "/settings/profile/", "/@nobody/", "/staff/", "/apis/", "/x/api/v1/entries", "/api"]
)
def test_pages_are_read_by_no_other_site(path: str) -> None:
    for answer in (preflight(FRIEND, "GET", path), Client().get(path, headers={"Origin": FRIEND})):
        assert allowed(answer) is None


def test_a_problem_can_be_read_by_whoever_may_ask() -> None:
    for path in ("/api/v1/entries", "/api/v1/nothing"):
        assert allowed(Client().get(path, headers={"Origin": FRIEND})) == FRIEND
