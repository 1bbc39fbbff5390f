"""One's own data, by the API."""

import csv
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
LETTERBOXD = "/api/v1/me/export/letterboxd"


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


@pytest.mark.parametrize("accepted", ["text/csv", "application/zip", "*/*"])
def test_my_films_come_as_letterboxd_takes_them(person: User, accepted: str) -> None:
    EntryFactory(owner=person, score=70, film__original_title="Ran")
    EntryFactory()

    answer = client_of(person, "read").get(LETTERBOXD, headers={"Accept": accepted})

    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["Title"], row["Rating10"]) == ("Ran", "7")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('-letterboxd.csv"')


@pytest.mark.parametrize("address", [EXPORT, LETTERBOXD])
def test_a_visitor_has_no_data(address: str) -> None:
    answer = Client().get(address, headers={"Accept": "application/zip"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_it_is_not_given_without_end(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "DOWNLOADS", data.DOWNLOADS._replace(most=1))
    client = client_of(person)

    answers = [client.get(address) for address in (EXPORT, EXPORT, LETTERBOXD)]

    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert all("Retry-After" in answer.headers for answer in answers[1:])
    answers[0].close()


def test_a_storage_that_is_away_is_a_problem(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://s3")

    User.objects.filter(pk=person.pk).update(avatar="0" * 32)
    monkeypatch.setattr("storages.backends.s3.S3Storage.open", away)

    answer = client_of(person).get(EXPORT, headers={"Accept": "application/zip"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:unavailable")
