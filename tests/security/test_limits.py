"""A limit holds to the number for 24 who ask at once, by every way that leads to it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from mymovie.rest import quotas
from tests.api import client_of
from tests.factories import EntryFactory
from tests.security.conftest import Tell

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE, BEYOND = 24, 12


@pytest.fixture(autouse=True)
def _within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now().replace(second=30)
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_token_writes_as_often_as_it_may_however_many_send_it(tell: Tell) -> None:
    entry = EntryFactory()
    headers = client_of(entry.owner).defaults
    most = quotas.WRITE.token.most

    def write(number: int) -> HttpResponse:
        try:
            client = Client()
            client.defaults |= headers
            return client.patch(f"/api/v1/entries/{entry.pk}", {"score": number % 100}, "application/json")
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as clients:
        answers = list(clients.map(write, range(most + BEYOND)))

    refused = [answer for answer in answers if answer.status_code == 429]
    tell(requests=len(answers), refused=len(refused))
    assert [answer.status_code for answer in answers].count(200) == most
    assert len(refused) == BEYOND
    assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in refused)


def test_an_address_asks_as_often_as_it_may_whatever_it_writes_of_itself(tell: Tell) -> None:
    """By the connection, as no CDN stands before it here: who forwards it is the client's own word."""
    most = quotas.SEARCH.address.most

    def search(number: int) -> HttpResponse:
        told = {
            "X-Forwarded-For": f"192.0.2.{number}",
            "X-Real-IP": f"192.0.2.{number}",
            "Forwarded": f"for=192.0.2.{number}",
        }
        try:
            return Client().get("/api/v1/films", {"q": "ran"}, headers=told)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as clients:
        statuses = [answer.status_code for answer in clients.map(search, range(most + BEYOND))]

    tell(requests=len(statuses), refused=statuses.count(429))
    assert (statuses.count(200), statuses.count(429)) == (most, BEYOND)
