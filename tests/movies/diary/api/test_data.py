"""One's own data, by the API."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import EndpointConnectionError
from django.test import Client

from accounts.models import User
from movies.diary.api import data
from tests.api import client_of
from tests.factories import EntryFactory, UserFactory

pytestmark = pytest.mark.django_db

EXPORT = "/api/v1/me/export"


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.mark.parametrize("accepted", ["application/zip", "application/json", "*/*"])
def test_everything_of_mine_comes_as_a_zip(person: User, accepted: str) -> None:
    mine = EntryFactory(owner=person)
    EntryFactory()

    answer = client_of(person, "read").get(EXPORT, headers={"Accept": accepted})

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        entries = json.loads(archive.read("entries.json"))
    assert [entry["id"] for entry in entries] == [mine.pk]
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="mymovie-hanako-' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_visitor_has_no_data() -> None:
    answer = Client().get(EXPORT, headers={"Accept": "application/zip"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_it_is_not_given_without_end(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "DOWNLOADS", data.DOWNLOADS._replace(most=1))
    client = client_of(person)

    answers = [client.get(EXPORT) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert "Retry-After" in answers[1].headers
    answers[0].close()


def test_a_storage_that_is_away_is_a_problem(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://s3")

    User.objects.filter(pk=person.pk).update(avatar="0" * 32)
    monkeypatch.setattr("storages.backends.s3.S3Storage.open", away)

    answer = client_of(person).get(EXPORT, headers={"Accept": "application/zip"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:unavailable")
