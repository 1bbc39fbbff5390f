import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from pytest_django import Settings

from accounts.identity.models import PersonalToken, Scope
from accounts.identity.serializers import MadeTokenSerializer, TokenSerializer
from accounts.identity.tokens import MOST_TOKENS, make_token
from accounts.models import User
from tests.accounts.identity.api.test_me import app
from tests.api import client_of
from tests.factories import UserFactory
from tests.standins.oidc import ISSUER, OidcServer

pytestmark = pytest.mark.django_db

TOKENS = "/api/v1/me/tokens"
JSON = "application/json"
NEW = {"name": "backup", "scope": "read"}


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako", issuer=ISSUER, subject="subject-1")


@pytest.fixture
def mine(settings: Settings, oidc: OidcServer, hanako: User) -> Client:
    """Her app."""
    return app(settings)


def test_a_token_is_made_shown_once_and_holds(mine: Client, hanako: User) -> None:
    answer = mine.post(TOKENS, NEW, JSON)

    assert answer.status_code == 201
    made = answer.json()
    assert made.keys() == MadeTokenSerializer().fields.keys()
    script = Client(headers={"Authorization": f"Bearer {made['token']}"})
    assert script.get("/api/v1/me").json()["handle"] == "hanako"
    listed = mine.get(TOKENS)
    (token,) = listed.json()["results"]
    assert token.keys() == TokenSerializer().fields.keys()
    assert (token["id"], token["name"], token["scope"]) == (made["id"], "backup", "read")
    assert token["used_at"]
    assert made["token"] not in listed.content.decode()


@pytest.mark.parametrize(("sent", "days"), [({}, 90), ({"expires_in_days": 30}, 30), ({"expires_in_days": 365}, 365)])
def test_a_token_ends_by_itself(mine: Client, sent: dict[str, int], days: int) -> None:
    made = mine.post(TOKENS, NEW | sent, JSON).json()

    ends_at = parse_datetime(made["expires_at"])
    assert ends_at
    assert abs(ends_at - timezone.now() - datetime.timedelta(days=days)) < datetime.timedelta(minutes=1)


def test_a_token_may_hold_without_end(mine: Client) -> None:
    assert mine.post(TOKENS, NEW | {"expires_in_days": None}, JSON).json()["expires_at"] is None


def test_a_request_that_is_sent_twice_makes_one_token(mine: Client) -> None:
    answers = [mine.post(TOKENS, NEW, JSON, headers={"Idempotency-Key": "once"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert PersonalToken.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "a" * 51}, "/name"),
        ({"name": "\u200b"}, "/name"),
        ({"name": None}, "/name"),
        ({"scope": "admin"}, "/scope"),
        ({"scope": None}, "/scope"),
        ({"expires_in_days": 31}, "/expires_in_days"),
        ({"expires_in_days": -1}, "/expires_in_days"),
        ({"expires_in_days": True}, "/expires_in_days"),
        ({"expires_in_days": [30]}, "/expires_in_days"),
    ],
)
def test_bad_input_is_refused_clearly(mine: Client, sent: dict[str, object], pointer: str) -> None:
    answer = mine.post(TOKENS, NEW | sent, JSON)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not PersonalToken.objects.exists()


def test_nobody_has_tokens_without_end(mine: Client, hanako: User) -> None:
    for number in range(MOST_TOKENS):
        make_token(owner=hanako, name=f"{number}", scope=Scope.READ)

    answer = mine.post(TOKENS, NEW, JSON)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mymovie:problem:too-many-tokens")
    assert PersonalToken.objects.count() == MOST_TOKENS


def test_a_token_is_revoked_at_once(mine: Client, hanako: User) -> None:
    script = client_of(hanako)
    (token,) = mine.get(TOKENS).json()["results"]

    assert mine.delete(f"{TOKENS}/{token['id']}").status_code == 204
    assert script.get("/api/v1/me").status_code == 401
    assert mine.delete(f"{TOKENS}/{token['id']}").status_code == 404


def test_the_tokens_of_others_are_not_there(mine: Client) -> None:
    theirs, _secret = make_token(owner=UserFactory(), name="theirs", scope=Scope.READ)

    assert mine.get(TOKENS).json()["results"] == []
    assert mine.delete(f"{TOKENS}/{theirs.pk}").status_code == 404
    assert PersonalToken.objects.get() == theirs


@pytest.mark.parametrize("pk", ["0", "9" * 18, "9" * 19, "x"])
def test_a_token_that_nobody_has_is_not_there(mine: Client, pk: str) -> None:
    assert mine.delete(f"{TOKENS}/{pk}").status_code == 404


def test_a_token_makes_lists_and_revokes_no_tokens(hanako: User) -> None:
    script = client_of(hanako)
    (token,) = PersonalToken.objects.all()

    answers = [script.get(TOKENS), script.post(TOKENS, NEW, JSON), script.delete(f"{TOKENS}/{token.pk}")]

    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (403, "urn:mymovie:problem:sign-in-needed")
    }
    assert PersonalToken.objects.get() == token


def test_a_visitor_has_no_tokens(client: Client) -> None:
    answers = [client.get(TOKENS), client.post(TOKENS, NEW, JSON), client.delete(f"{TOKENS}/1")]

    assert [answer.status_code for answer in answers] == [401] * 3


def test_whoever_reads_the_documentation_signed_in_makes_one(hanako: User) -> None:
    docs = Client(headers={"X-CSRFToken": "x"})
    docs.force_login(hanako)

    assert docs.post(TOKENS, NEW, JSON).status_code == 201


@pytest.mark.parametrize("number", [3, MOST_TOKENS])
def test_the_list_costs_the_same_however_long_it_is(mine: Client, hanako: User, number: int) -> None:
    for _ in range(number):
        make_token(owner=hanako, name="x", scope=Scope.READ)

    with CaptureQueriesContext(connection) as queries:
        answer = mine.get(TOKENS)

    assert len(answer.json()["results"]) == number
    assert len(queries) == 3  # who it is, the limit, the list
