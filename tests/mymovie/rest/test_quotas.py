"""How often an app may ask: exactly as often as we say."""

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.identity import authentication
from accounts.models import User
from mymovie.limits.services import Limit
from mymovie.rest import quotas
from mymovie.rest.quotas import MINUTE, Quota
from mymovie.rest.views import ApiViewSet
from tests.api import client_of
from tests.factories import FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

ENTRIES, CONFIG = "/api/v1/entries", "/api/v1/auth/config"
BEGUN = datetime.datetime(2026, 11, 25, 12, 10, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """So many seconds after a span has begun."""

    def at(seconds: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: BEGUN + datetime.timedelta(seconds=seconds))

    at(0)
    return at


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def few(person: int, token: int, address: int) -> None:
        for kind in ("read", "write"):
            quota = Quota.of(kind, person=person, token=token, address=address, span=MINUTE)
            monkeypatch.setattr(ApiViewSet, f"{kind}_quota", quota)

    return few


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory()
    return user


def let_through(client: Client, times: int, path: str = ENTRIES, **headers: str) -> int:
    answers = [client.get(path, headers=headers).status_code for _ in range(times)]
    assert set(answers) <= {200, 429}
    return answers.count(200)


def test_a_token_asks_as_often_as_it_may(hanako: User, few: Callable[..., None]) -> None:
    few(person=9, token=3, address=1)

    assert let_through(client_of(hanako), 5) == 3
    assert let_through(client_of(hanako), 5) == 3, "another token has its own"


def test_a_person_asks_as_often_as_they_may_by_all_their_tokens(hanako: User, few: Callable[..., None]) -> None:
    few(person=5, token=3, address=1)

    assert [let_through(client_of(hanako), 3) for _ in range(3)] == [3, 2, 0]
    assert let_through(client_of(UserFactory()), 4) == 3, "another person has their own"


def test_an_address_asks_as_often_as_it_may(few: Callable[..., None]) -> None:
    few(person=9, token=9, address=3)

    assert let_through(Client(), 5, CONFIG) == 3
    assert let_through(Client(REMOTE_ADDR="203.0.113.9"), 5, CONFIG) == 3


def test_the_next_minute_begins_anew(hanako: User, few: Callable[..., None], at: Callable[[int], None]) -> None:
    few(person=3, token=3, address=3)
    client = client_of(hanako)
    let_through(client, 5)

    at(59)
    assert let_through(client, 1) == 0
    at(60)
    assert let_through(client, 5) == 3


def test_reading_and_writing_are_counted_apart(hanako: User, few: Callable[..., None]) -> None:
    few(person=2, token=2, address=2)
    client = client_of(hanako)
    let_through(client, 3)

    assert client.post(ENTRIES, {"film": str(FilmFactory().pk)}, "application/json").status_code == 201


def test_what_is_wrong_counts_too(hanako: User, few: Callable[..., None]) -> None:
    few(person=2, token=2, address=2)
    client = client_of(hanako)

    answers = [client.post(ENTRIES, b"{", "application/json").status_code for _ in range(4)]

    assert answers == [400, 400, 429, 429]


def test_what_is_known_already_counts_too(hanako: User, few: Callable[..., None]) -> None:
    few(person=3, token=3, address=3)
    client = client_of(hanako)
    tag = client.get(ENTRIES)["ETag"]

    answers = [client.get(ENTRIES, headers={"If-None-Match": tag}).status_code for _ in range(3)]

    assert answers == [304, 304, 429]


def test_a_request_sent_again_counts_too(hanako: User, few: Callable[..., None]) -> None:
    few(person=2, token=2, address=2)
    client, film = client_of(hanako), {"film": str(FilmFactory().pk)}

    again = [
        client.post(ENTRIES, film, "application/json", headers={"Idempotency-Key": "k"}).status_code for _ in range(3)
    ]

    assert again == [201, 201, 429]


def test_a_refused_request_writes_nothing(hanako: User, few: Callable[..., None]) -> None:
    few(person=0, token=0, address=0)

    answer = client_of(hanako).post(ENTRIES, {"film": str(FilmFactory().pk)}, "application/json")

    assert answer.status_code == 429
    assert not hanako.entries.exists()


def headers_of(answer: HttpResponse) -> tuple[str, str]:
    return answer["RateLimit-Policy"], answer["RateLimit"]


def test_each_answer_says_how_often_more(hanako: User, few: Callable[..., None], at: Callable[[int], None]) -> None:
    few(person=5, token=2, address=1)
    at(13)
    client = client_of(hanako)

    first, second, third, other = [client.get(ENTRIES) for _ in range(3)] + [client_of(hanako).get(ENTRIES)]

    assert headers_of(first) == ('"read";q=2;w=60', '"read";r=1;t=47')
    assert headers_of(second) == ('"read";q=2;w=60', '"read";r=0;t=47')
    assert headers_of(third) == ('"read";q=2;w=60', '"read";r=0;t=47')
    assert headers_of(other) == ('"read";q=5;w=60', '"read";r=1;t=47') or headers_of(other)[1] == '"read";r=1;t=47'
    assert (third.status_code, third["Retry-After"]) == (429, "47")
    assert third.json()["type"] == "urn:mymovie:problem:too-many-requests"
    assert third["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [f"{ENTRIES}?order=x", f"{ENTRIES}/999", "/api/v1/people/nobody/wall"])
def test_problems_say_it_too(hanako: User, path: str) -> None:
    assert client_of(hanako).get(path)["RateLimit"].startswith('"read";r=')


def test_what_we_promise_is_in_the_code() -> None:
    said = {
        quota.person.name: tuple(limit.most for limit in vars(quota).values()) for quota in (quotas.READ, quotas.WRITE)
    }

    assert said == {"read": (600, 300, 300), "write": (120, 60, 30)}


# Addresses


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "X-Client-IP", "Via"]
)
def test_no_header_of_their_own_makes_somebody_else_of_them(few: Callable[..., None], header: str) -> None:
    few(person=9, token=9, address=3)
    client = Client()

    through = sum(let_through(client, 1, CONFIG, **{header: f"203.0.113.{number}"}) for number in range(6))

    assert through == 3


def test_the_header_of_the_cdn_says_who_asks(few: Callable[..., None], settings: Settings) -> None:
    few(person=9, token=9, address=3)
    settings.CLIENT_ADDRESS_HEADER = "HTTP_CLOUDFRONT_VIEWER_ADDRESS"
    viewer = "CloudFront-Viewer-Address"

    assert let_through(Client(), 5, CONFIG, **{viewer: "203.0.113.1:4000", "X-Forwarded-For": "198.51.100.7"}) == 3
    assert let_through(Client(), 1, CONFIG, **{viewer: "203.0.113.1:5000", "X-Forwarded-For": "198.51.100.8"}) == 0
    assert let_through(Client(), 5, CONFIG, **{viewer: "203.0.113.2:4000"}) == 3
    assert let_through(Client(), 5, CONFIG, **{viewer: "[2001:db8::1]:4000"}) == 3
    assert let_through(Client(), 1, CONFIG, **{viewer: "[2001:db8::2]:4000"}) == 0, "a /64 is one"


def test_the_cdns_header_is_not_believed_where_there_is_no_cdn(few: Callable[..., None]) -> None:
    few(person=9, token=9, address=3)

    through = sum(
        let_through(Client(), 1, CONFIG, **{"CloudFront-Viewer-Address": f"203.0.113.{number}:1"})
        for number in range(6)
    )

    assert through == 3


# Many at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["person", "token", "address"])
def test_a_limit_is_exact_under_24_at_once(hanako: User, few: Callable[..., None], who: str) -> None:
    few(**{"person": 99, "token": 99, "address": 99} | {who: 11})
    token, tokens = client_of(hanako), [client_of(hanako) for _ in range(8)]
    clients = {
        "person": [tokens[number % 8] for number in range(48)],
        "token": [token] * 48,
        "address": [Client()] * 48,
    }[who]
    path = CONFIG if who == "address" else ENTRIES

    def ask(client: Client) -> int:
        try:
            return (
                Client(headers={"Authorization": client.defaults.get("HTTP_AUTHORIZATION", "")}).get(path).status_code
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(ask, clients))

    assert (answers.count(200), answers.count(429)) == (11, 37)


@pytest.mark.django_db(transaction=True)
def test_guessing_at_tokens_is_counted_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "FAILURES", Limit("bad tokens", 7, MINUTE))

    def guess(number: int) -> int:
        try:
            return Client(headers={"Authorization": f"Bearer mymovie_{number:043}"}).get(CONFIG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as crowd:
        answers = list(crowd.map(guess, range(24)))

    assert (answers.count(401), answers.count(429)) == (7, 17)


@pytest.mark.django_db
def test_who_is_refused_is_counted_too() -> None:
    assert Client().get("/api/v1/me").headers["RateLimit"] != Client().get("/api/v1/me").headers["RateLimit"]
