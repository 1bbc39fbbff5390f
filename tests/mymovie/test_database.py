import contextlib
import json
import select
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import boto3
import psycopg
import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import connection

from accounts.models import User
from infra.local.postgres import Postgres
from mymovie.database import RotatingConnection, WatchedConnection

WANTS_A_PASSWORD = "local all rotating scram-sha-256\n"


class Secrets:
    """Stands in for Secrets Manager."""

    def __init__(self) -> None:
        self.password = "old"
        self.is_away = False
        self.asked = 0

    def get_secret_value(self, **about: str) -> dict[str, str]:
        self.asked += 1
        if self.is_away:
            raise EndpointConnectionError(endpoint_url="https://secrets.example")
        return {"SecretString": json.dumps({"username": "rotating", "password": self.password})}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Secrets:
    secrets = Secrets()
    monkeypatch.setattr(boto3, "client", lambda name, **about: secrets)
    monkeypatch.setattr(RotatingConnection, "known", {})
    return secrets


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    folder: Path = tmp_path_factory.mktemp("rotating") / "postgres"
    with Postgres(folder, durable=False) as server:
        rules = folder / "pg_hba.conf"
        rules.write_text(WANTS_A_PASSWORD + rules.read_text())
        with psycopg.connect(server.url("postgres"), autocommit=True) as us:
            us.execute("CREATE ROLE rotating LOGIN")
            us.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def rotate(server: Postgres, secrets: Secrets) -> Callable[[str], None]:
    def change(password: str) -> None:
        with psycopg.connect(server.url("postgres"), autocommit=True) as us:
            us.execute(psycopg.sql.SQL("ALTER ROLE rotating PASSWORD {}").format(password))
        secrets.password = password

    change("old")
    return change


def connect(server: Postgres) -> psycopg.Connection:
    return RotatingConnection.connect(host=str(server.socket_dir), dbname="postgres", user="rotating", password="old")


def test_as_long_as_the_password_holds_nobody_is_asked(
    server: Postgres, secrets: Secrets, rotate: Callable[[str], None]
) -> None:
    connect(server).close()

    assert secrets.asked == 0


def test_a_password_that_was_changed_is_asked_for_once(
    server: Postgres, secrets: Secrets, rotate: Callable[[str], None]
) -> None:
    before = connect(server)
    rotate("new")

    connect(server).close()
    connect(server).close()

    assert secrets.asked == 1
    assert before.execute("SELECT 1").fetchone() == (1,)
    before.close()


def test_it_may_change_again(server: Postgres, secrets: Secrets, rotate: Callable[[str], None]) -> None:
    for password in ("new", "newer"):
        rotate(password)
        connect(server).close()

    assert secrets.asked == 2


@pytest.mark.parametrize("is_away", [True, False], ids=["nobody answers", "the secret is as wrong"])
def test_who_is_refused_for_good_is_told_so(
    server: Postgres, secrets: Secrets, rotate: Callable[[str], None], is_away: bool
) -> None:
    rotate("new")
    secrets.password, secrets.is_away = "also wrong", is_away

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server)


def test_another_fault_asks_nobody(server: Postgres, secrets: Secrets) -> None:
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        RotatingConnection.connect(host=str(server.socket_dir), dbname="nowhere", user="mymovie")

    assert secrets.asked == 0


class TestBeforeEachRequest:
    """The pool asks by an empty statement whether a connection still stands."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        sent: list[str] = []
        execute = psycopg.Connection.execute
        monkeypatch.setattr(
            psycopg.Connection,
            "execute",
            lambda self, query, *rest, **named: sent.append(query) or execute(self, query, *rest, **named),
        )
        return sent

    def test_a_server_is_not_asked_that_has_said_nothing(self, server: Postgres, asked: list[str]) -> None:
        with WatchedConnection.connect(server.url("postgres"), autocommit=True) as us:
            us.execute("")
            us.execute("SELECT 1")

        assert asked == ["SELECT 1"]

    def test_one_that_has_ended_the_connection_is_found_out(self, server: Postgres) -> None:
        us = WatchedConnection.connect(server.url("postgres"), autocommit=True)
        with psycopg.connect(server.url("postgres"), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [us.info.backend_pid])

        with pytest.raises(psycopg.OperationalError):
            us.execute("")

        assert us.closed

    def test_one_that_tells_something_else_stands(self, server: Postgres, asked: list[str]) -> None:
        with WatchedConnection.connect(server.url("postgres"), autocommit=True) as us:
            us.execute("LISTEN word")
            with psycopg.connect(server.url("postgres"), autocommit=True) as other:
                other.execute("NOTIFY word")
            select.select([us.fileno()], [], [], 5)  # it is told at once, but by another process

            us.execute("")

            assert asked[-1] == ""
            assert not us.closed


@pytest.mark.django_db(transaction=True)
def test_of_many_that_are_dead_nobody_is_given_one_after_the_other() -> None:
    """Between two of them the pool would wait, each time twice as long, until it gives up."""
    many = 7
    all_open = Barrier(many)

    def held() -> None:
        with contextlib.closing(connection):
            connection.ensure_connection()
            all_open.wait(timeout=20)

    with ThreadPoolExecutor(many) as pool:
        list(pool.map(lambda _number: held(), range(many)))
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE {others}")
        [ended] = cursor.fetchone()

    def asked() -> int:
        with contextlib.closing(connection):
            return User.objects.count()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asked).result() == 0
    assert ended >= many - 1
