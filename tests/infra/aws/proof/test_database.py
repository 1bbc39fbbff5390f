from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.aws.proof.database import LocalAurora

HOST = "mymovie.cluster-abc.ap-northeast-1.rds.amazonaws.com"


@pytest.fixture(scope="module")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAurora]:
    folder: Path = tmp_path_factory.mktemp("aurora")
    with LocalAurora(folder / "postgres", host=HOST, user="mymovie", password="of the secret") as server:
        yield server


def connect(aurora: LocalAurora, *, password: str, sslmode: str) -> psycopg.Connection:
    return psycopg.connect(
        host=HOST,
        hostaddr=aurora.address,
        dbname="mymovie",
        user="mymovie",
        password=password,
        sslmode=sslmode,
        connect_timeout=5,
    )


def test_the_application_comes_in_by_tls_and_its_password_and_is_no_superuser(aurora: LocalAurora) -> None:
    with connect(aurora, password="of the secret", sslmode="require") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")  # as its migrations do
        rights = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

        assert connection.pgconn.ssl_in_use
    assert rights == (False,)


def test_another_password_is_refused(aurora: LocalAurora) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(aurora, password="of somebody else", sslmode="require")


def test_whoever_does_not_ask_for_tls_is_sent_away(aurora: LocalAurora) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect(aurora, password="of the secret", sslmode="disable")
