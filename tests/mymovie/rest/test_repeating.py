"""A request that is sent again with its Idempotency-Key is done once, whatever happens in between."""

import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from movies.diary import services
from movies.diary.models import Entry, Viewing
from mymovie.rest import jobs, repeating
from mymovie.rest.models import Answer
from tests.api import client_of
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.security.api_table import BY_ACCESS_TOKEN, OPERATIONS, TABLE
from tests.security.roles import ROLES, World

pytestmark = pytest.mark.django_db

ENTRIES = "/api/v1/entries"
POSTS = [name for name, method in OPERATIONS if method == "post" and TABLE[name].statuses["post"] != BY_ACCESS_TOKEN]


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory()
    return user


def record(client: Client, key: str = "key-1", film: int = 1, **asked: Any) -> HttpResponse:
    path = asked.pop("path", ENTRIES)
    return client.post(path, {"film": str(film), **asked}, "application/json", headers={"Idempotency-Key": key})


def same(first: HttpResponse, again: HttpResponse) -> bool:
    said = [(one.status_code, one.content, one.headers.get("ETag"), one["Content-Type"]) for one in (first, again)]
    return said[0] == said[1]


@pytest.mark.parametrize("name", POSTS)
def test_every_act_that_is_sent_again_is_answered_the_same(name: str) -> None:
    world, address = World.make(), TABLE[name]
    role = next(role for role in ROLES if 200 <= address.expected("post", role) < 300)
    client, path, body = world.script(role), address.path(world), address.data(world)
    asked = {"path": lambda _: path, "data": lambda _: body}
    address = type(address)(address.statuses, **asked)

    first, again = [address.ask(name, "post", client, world, **{"Idempotency-Key": "key-1"}) for _ in range(2)]

    assert same(first, again), again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again["Idempotency-Replayed"] == "true"
    assert again["Cache-Control"] == "private, no-store"


def test_it_is_done_once(hanako: User) -> None:
    FilmFactory(pk=1)
    client = client_of(hanako)

    assert same(record(client), record(client))
    assert Entry.objects.count() == 1


def test_what_has_changed_since_changes_no_answer(hanako: User) -> None:
    FilmFactory(pk=1)
    client = client_of(hanako)
    first = record(client, score=10)
    client.delete(f"{ENTRIES}/{first.json()['id']}")

    assert same(first, record(client, score=10))


def test_another_token_of_the_same_person_is_the_same_person(hanako: User) -> None:
    FilmFactory(pk=1)

    assert same(record(client_of(hanako)), record(client_of(hanako)))


def test_another_request_with_the_same_key_is_refused(hanako: User) -> None:
    FilmFactory(pk=1)
    FilmFactory(pk=2)
    client = client_of(hanako)
    entry = record(client).json()["id"]

    for answer in (
        record(client, film=2),
        record(client, score=5),
        record(client, path=f"{ENTRIES}?x=1"),
        record(client, path=f"{ENTRIES}/{entry}/viewings"),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:mymovie:problem:idempotency-key-reused"
    assert Entry.objects.count() == 1
    assert not Viewing.objects.exists()


def test_a_key_is_each_persons_own(hanako: User) -> None:
    FilmFactory(pk=1)

    first, other = record(client_of(hanako)), record(client_of(UserFactory()))

    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["owner"] != other.json()["owner"]
    assert "Idempotency-Replayed" not in other.headers


def test_what_was_refused_is_not_kept(hanako: User) -> None:
    client = client_of(hanako)
    assert record(client).status_code == 404
    assert record(client, score=101).status_code == 400
    FilmFactory(pk=1)

    assert record(client).status_code == 201
    assert record(client, key="key-2").status_code == 409
    assert set(Answer.objects.values_list("status", flat=True)) == {201}


def test_after_a_day_it_is_done_anew(hanako: User) -> None:
    film = FilmFactory(pk=1)
    client = client_of(hanako)
    client.delete(f"{ENTRIES}/{record(client).json()['id']}")
    Answer.objects.update(ends_at=timezone.now() - datetime.timedelta(seconds=1))

    again = record(client, score=7)

    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again.headers
    assert same(again, record(client, score=7))
    assert Entry.objects.filter(film=film, deleted_at=None).count() == 1


def test_what_is_kept_ends_after_a_day(hanako: User) -> None:
    FilmFactory(pk=1)
    record(client_of(hanako))
    kept = Answer.objects.get()
    left = kept.ends_at - timezone.now()

    assert datetime.timedelta(hours=23, minutes=59) < left <= datetime.timedelta(hours=24)
    assert jobs.forget_answers() == 0
    Answer.objects.update(ends_at=timezone.now() - datetime.timedelta(seconds=1))
    assert jobs.forget_answers() == 1


def test_what_is_kept_tells_nothing_without_the_key(hanako: User) -> None:
    FilmFactory(pk=1, original_title="Secret of the Sea")
    answer = record(client_of(hanako), key="sesame-sesame")

    kept = Answer.objects.values().get()

    assert b"Secret of the Sea" in answer.content
    for secret in ("Secret of the Sea", "sesame", hanako.handle, f'"id":"{answer.json()["id"]}"'):
        assert secret.encode() not in bytes(kept["body"])
        assert secret not in str(kept["headers"]) + kept["key"] + kept["asked"]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü", "\x7f", "a\tb", "鍵".encode().decode("latin-1")])
def test_a_key_that_is_none_is_refused(hanako: User, key: str) -> None:
    FilmFactory(pk=1)

    answer = record(client_of(hanako), key=key)

    assert answer.status_code == 400
    assert not Entry.objects.exists()


@pytest.mark.parametrize("key", ["a", "x" * 255, "'; DROP TABLE x; --", '"quoted"', "%s", "~!@#$%^&*()"])
def test_a_key_is_whatever_can_be_seen(hanako: User, key: str) -> None:
    FilmFactory(pk=1)
    key, client = key.replace(" ", ""), client_of(hanako)

    assert same(record(client, key=key), record(client, key=key))


def test_a_key_of_anybody_else_is_no_way_in(hanako: User) -> None:
    FilmFactory(pk=1)
    record(client_of(hanako))

    assert record(Client()).status_code == 401
    assert record(client_of(hanako, "read")).status_code == 403


def test_no_other_method_knows_of_keys(hanako: User) -> None:
    entry = EntryFactory(owner=hanako)
    client = client_of(hanako)

    for score in (1, 2):
        client.patch(f"{ENTRIES}/{entry.pk}", {"score": score}, "application/json", headers={"Idempotency-Key": "k"})

    entry.refresh_from_db()
    assert entry.score == 2


def test_what_breaks_in_between_has_done_nothing(hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    FilmFactory(pk=1)
    client = client_of(hanako)
    client.raise_request_exception = False

    def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(repeating, "_keep", broken)
        assert record(client).status_code == 500
        assert not Entry.objects.exists()
        assert not Answer.objects.exists()

    assert record(client).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_8_at_once_are_done_once_and_answered_the_same(hanako: User) -> None:
    FilmFactory(pk=1)
    clients = [client_of(hanako) for _ in range(8)]

    def one(client: Client) -> HttpResponse:
        try:
            return record(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as taps:
        answers = list(taps.map(one, clients))

    assert {answer.status_code for answer in answers} == {201}
    assert all(same(answers[0], answer) for answer in answers)
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert Entry.objects.count() == 1
    assert Viewing.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_too_long_is_told_to_come_again(hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    FilmFactory(pk=1)
    slow, quick = client_of(hanako), client_of(hanako)
    monkeypatch.setattr(repeating, "PATIENCE", "100ms")
    log_film = services.log_film

    def slowly(**asked: Any) -> Any:
        time.sleep(1)
        return log_film(**asked)

    monkeypatch.setattr("movies.diary.services.log_film", slowly)

    def first() -> HttpResponse:
        try:
            return record(slow)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as taps:
        running = taps.submit(first)
        time.sleep(0.5)
        meanwhile = record(quick)
        done = running.result()

    assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "urn:mymovie:problem:still-running")
    assert meanwhile["Retry-After"] == "1"
    assert same(done, record(quick))
    assert Entry.objects.count() == 1


DYING = """
import os, signal, sys
import django
django.setup()
from django.test import Client
from mymovie.rest import repeating

def die(*_):
    print("dying", flush=True)
    signal.pause()

repeating._keep = die
Client().post("/api/v1/entries", {"film": "1"}, "application/json",
              headers={"Authorization": sys.argv[1], "Idempotency-Key": "key-1", "Host": "127.0.0.1"})
"""


@pytest.fixture
def dying(hanako: User) -> Iterator[subprocess.Popen[bytes]]:
    """A server that has recorded the film, and has not said so yet."""
    address = connection.settings_dict
    where = f"postgres://{address['USER']}@/{address['NAME']}?host={address['HOST']}&port={address['PORT']}"
    environment = os.environ | {"DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "mymovie.settings"}
    token = client_of(hanako).defaults["HTTP_AUTHORIZATION"]
    with subprocess.Popen([sys.executable, "-c", DYING, token], env=environment, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_killed_in_between_has_done_nothing_and_holds_nothing_up(
    hanako: User, request: pytest.FixtureRequest
) -> None:
    FilmFactory(pk=1)
    dying: subprocess.Popen[bytes] = request.getfixturevalue("dying")
    assert dying.stdout
    assert dying.stdout.readline() == b"dying\n"

    dying.send_signal(signal.SIGKILL)
    dying.wait()

    begun = time.monotonic()
    assert not Entry.objects.exists()
    assert record(client_of(hanako)).status_code == 201
    assert time.monotonic() - begun < 3
    assert Entry.objects.count() == 1
