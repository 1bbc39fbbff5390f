import pytest
from django.db import OperationalError, connection


def test_live_never_touches_the_database(client):
    # No database is allowed in this test: a query would fail it.
    assert client.get("/healthz/live").content == b"live"


@pytest.mark.django_db
def test_ready_asks_the_database(client):
    assert client.get("/healthz/ready").status_code == 200


@pytest.mark.django_db
def test_without_a_database_it_is_not_ready(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)

    assert client.get("/healthz/ready").status_code == 503


@pytest.mark.parametrize("path", ["/healthz/live"])
def test_a_probe_may_carry_any_host(client, path):
    assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
