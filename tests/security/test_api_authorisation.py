"""Who may do what by the API: every address, every method, every kind of person. One that the table lacks fails."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.security.addresses import operations
from tests.security.api_table import ACTS, OPERATIONS, PAGES, TABLE, UNSAFE
from tests.security.roles import ROLES, World

pytestmark = pytest.mark.django_db

NOBODYS_DATA = ("limits_count", "accounts_personaltoken")  # how often, and when last


def test_no_address_is_missing_from_the_table() -> None:
    assert operations() == set(OPERATIONS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_every_address_answers_every_person_as_the_table_says(name: str, method: str, role: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.script(role), world)

    assert answer.status_code == address.expected(method, role), answer.content


@pytest.mark.parametrize("name", [name for name, method in OPERATIONS if method == "get"])
def test_no_get_changes_anything(name: str) -> None:
    world, address = World.make(), TABLE[name]
    address.path(world)
    client = world.script("owner")

    with CaptureQueriesContext(connection) as queries:
        address.ask(name, "get", client, world)

    said = [query["sql"] for query in queries.captured_queries]
    writes = [sql for sql in said if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if not any(table in sql for table in NOBODYS_DATA)] == []


@pytest.mark.parametrize("role", ["anonymous", "owner"])
@pytest.mark.parametrize("name", [name for name in TABLE if name not in PAGES])
def test_no_address_takes_another_method(name: str, role: str) -> None:
    world, address = World.make(), TABLE[name]
    client = world.script(role)

    for method in {*UNSAFE, "options", "trace"} - address.statuses.keys():
        answer = getattr(client, method)(f"{address.ask(name, 'head', client, world).wsgi_request.path}")
        assert answer.status_code in ({401, 405} if role == "anonymous" else {403, 405}), method


@pytest.mark.parametrize("role", ["owner", "staff"])
@pytest.mark.parametrize(("name", "method"), ACTS)
def test_a_token_that_may_only_read_changes_nothing(name: str, method: str, role: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.script(role, "read"), world)

    assert answer.status_code == 403
    assert answer.json()["type"].rpartition(":")[2] in {"read-only-token", "forbidden"}


@pytest.mark.parametrize("role", ["owner", "staff"])
@pytest.mark.parametrize(("name", "method"), ACTS)
def test_a_session_alone_changes_nothing(name: str, method: str, role: str) -> None:
    world, address = World.make(), TABLE[name]
    client = world.client(role, enforce_csrf_checks=True)

    alone = address.ask(name, method, client, world)
    with_another = address.ask(name, method, client, world, **{"X-CSRFToken": "A" * 64})

    assert (alone.status_code, with_another.status_code) == (401, 403)


@pytest.mark.parametrize(("name", "method"), [one for one in OPERATIONS if one[0] not in PAGES])
def test_a_session_alone_reads_nothing_that_is_not_for_all(name: str, method: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.client("owner"), world)

    assert answer.status_code == address.expected(method, "anonymous")


@pytest.mark.parametrize(("name", "method"), [one for one in OPERATIONS if one[0] not in PAGES])
def test_a_token_that_does_not_hold_is_refused_even_where_anybody_may_ask(name: str, method: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.client("owner"), world, Authorization="Bearer mymovie_" + "A" * 43)

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:mymovie:problem:bad-token"
