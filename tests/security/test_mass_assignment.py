"""Whatever is sent beside what an address takes changes nothing: every name of every column of every model."""

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import User
from tests.description import taken
from tests.factories import EntryFactory
from tests.security.api_table import ACTS, BY_ACCESS_TOKEN, TABLE, Address
from tests.security.roles import World

pytestmark = pytest.mark.django_db

COLUMNS = sorted(
    {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
    | {"pk", "is_superuser", "password", "groups", "user", "person", "__class__", "_state", "owner__is_staff"}
)
UNKEPT = {"limits_count", "rest_answer", "django_session"}
KEYS_OF_PEOPLE = {
    "owner_id",
    "user_id",
    "follower_id",
    "followee_id",
    "blocker_id",
    "blocked_id",
    "recipient_id",
    "reporter_id",
}
OURS = [
    (name, method) for name, method in ACTS if method != "delete" and TABLE[name].statuses[method] != BY_ACCESS_TOKEN
]
INTRUDER = 1_987_654_321
INTRUSIONS: list[Any] = [
    INTRUDER,
    str(INTRUDER),
    "intruder",
    True,
    "2001-02-03",
    "2001-02-03T04:05:06Z",
    {"id": INTRUDER},
    None,
]

Rows = dict[tuple[str, Any], dict[str, Any]]


def rows() -> Rows:
    """Everything in the database."""
    return {
        (model._meta.db_table, row[model._meta.pk.attname]): row
        for model in apps.get_models()
        if model._meta.db_table not in UNKEPT
        for row in model._base_manager.values()
    }


def changes(before: Rows, after: Rows) -> list[tuple[str, str, Any]]:
    """Table, column and value of all that is new."""
    return [
        (key[0], column, value)
        for key, row in after.items()
        for column, value in row.items()
        if key not in before or before[key][column] != value
    ]


def is_intruder(value: Any) -> bool:
    is_of_2001 = isinstance(value, datetime.date) and value.year == 2001
    return is_of_2001 or value in (INTRUDER, str(INTRUDER), "intruder")


@pytest.mark.parametrize("intrusion", INTRUSIONS, ids=str)
@pytest.mark.parametrize(("name", "method"), OURS)
def test_nothing_is_set_that_an_address_does_not_take(name: str, method: str, intrusion: Any) -> None:
    world, address = World.make(), TABLE[name]
    EntryFactory(owner__handle="victim")
    client, path, asked = world.script("owner"), address.path(world), address.data(world)
    beside = [column for column in COLUMNS if column not in taken(reverse(name, kwargs=path), method)]
    intruding = Address(address.statuses, lambda _: path, lambda _: dict.fromkeys(beside, intrusion) | asked)
    before = rows()

    answer = intruding.ask(name, method, client, world)

    assert answer.status_code == address.expected(method, "owner"), answer.content
    after = rows()
    assert [change for change in changes(before, after) if is_intruder(change[2])] == []
    assert [
        table for table, column, value in changes(before, after) if column.startswith("is_") and value is True
    ] == []
    for key, row in before.items():
        is_others = key[0] == User._meta.db_table and row["handle"] != "owner"
        assert not is_others or after[key] == row, "somebody else was changed"
        for column in KEYS_OF_PEOPLE & row.keys():
            assert key not in after or after[key][column] == row[column], (key, column)


@pytest.mark.parametrize(("name", "method"), OURS)
def test_what_is_sent_beside_makes_no_other_answer(name: str, method: str) -> None:
    world, address = World.make(), TABLE[name]
    client, path, asked = world.script("owner"), address.path(world), address.data(world)
    beside = [column for column in COLUMNS if column not in taken(reverse(name, kwargs=path), method)]
    query = "&".join(f"{column}=1" for column in beside)

    answer = getattr(client, method)(f"{reverse(name, kwargs=path)}?{query}", asked, "application/json")

    assert answer.status_code == address.expected(method, "owner"), answer.content
