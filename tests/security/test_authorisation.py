"""Who may do what: every address, every method, every kind of person. An address that the table lacks fails."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.security.addresses import names
from tests.security.everywhere import staff_page
from tests.security.page_table import TABLE, expected
from tests.security.roles import ROLES, World

pytestmark = pytest.mark.django_db


def test_no_address_is_missing_from_the_table() -> None:
    assert {name for name in names() if not name.startswith("admin:")} == TABLE.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", TABLE)
def test_every_address_answers_every_person_as_the_table_says(name: str, role: str) -> None:
    world, address = World.make(), TABLE[name]
    client, path = world.client(role), reverse(name, kwargs=address.path(world))

    with CaptureQueriesContext(connection) as queries:
        got = client.get(path)
        b"".join(got)  # a file is closed when it has been read
    posted = client.post(path, address.data).status_code

    assert (got.status_code, posted) == (expected(address.get, role), expected(address.post, role))
    assert writes(queries) == []


def writes(queries: CaptureQueriesContext) -> list[str]:
    """What a GET must not do; sessions and limits count, and are nobody's data, and a picture may be asked for."""
    return [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and not any(table in query["sql"] for table in ("django_session", "limits_count", "outbox_message"))
    ]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("name", TABLE)
def test_no_address_takes_a_method_that_no_page_uses(name: str, method: str) -> None:
    world = World.make()
    path = reverse(name, kwargs=TABLE[name].path(world))

    answer = getattr(world.client("owner"), method)(path)

    assert answer.status_code == 405 or (name == "delete_account" and answer.status_code == 403)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "staff"])
@pytest.mark.parametrize("name", sorted(name for name in names() if name.startswith("admin:")))
def test_the_staff_site_is_closed_to_whoever_is_not_staff(name: str, role: str) -> None:
    world = World.make()
    client, path = world.client(role), staff_page(name, world)

    for answer in (client.get(path), client.post(path)):
        assert answer.status_code in ({302} if role == "anonymous" else {302, 403, 404}), path
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith(("/staff/login/", "/sign-in/", "/", settings.OIDC_DOMAIN))
            assert not answer.headers["Location"].startswith("/staff/movies")


@pytest.mark.parametrize("name", sorted(name for name in names() if name.startswith("admin:")))
def test_the_staff_site_never_fails_its_staff(name: str) -> None:
    world = World.make()

    answer = world.client("staff").get(staff_page(name, world))

    assert answer.status_code in {200, 302, 400, 403, 404, 405}
