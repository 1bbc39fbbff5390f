"""Sparse answers: less than all, and never more."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import User
from tests.api import client_of
from tests.factories import EntryFactory, UserFactory
from tests.security.api_table import READABLE, TABLE
from tests.security.roles import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

ENTRIES = "/api/v1/entries"


@pytest.fixture
def hanako() -> User:
    return EntryFactory(owner__handle="hanako", score=3).owner  # type: ignore[no-any-return]


@pytest.fixture
def client(hanako: User) -> Client:
    return client_of(hanako)


def paths(said: Any, before: str = "") -> set[str]:
    match said:
        case dict():
            return {path for name, inner in said.items() for path in {before + name} | paths(inner, f"{before}{name}.")}
        case list():
            return {path for inner in said for path in paths(inner, before)}
        case _:
            return set()


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("id", {"id"}),
        ("id,score", {"id", "score"}),
        ("film.title", {"film", "film.title"}),
        ("film.title,film.japan.on", {"film", "film.title", "film.japan"}),
        ("score,score,score", {"score"}),
        (",,id,,", {"id"}),
    ],
)
def test_a_list_says_of_each_what_was_asked_for(client: Client, asked: str, given: set[str]) -> None:
    answer = client.get(ENTRIES, {"fields": asked})

    assert answer.json().keys() == {"results", "next"}
    assert paths(answer.json()["results"]) == given


UNKNOWN = ["x", "ID", "id ", " id", "film.x", "film.title.x", "id.x", "results", "results.id", "next", "film..title", ".", ".id",
           "film.", "__class__", "film.__dict__", "film__title", "film.search_text", "owner_id", "film.tmdb_payload", "*",
           "\0", "id\0", "花", "x" * 5000, "a." * 2000, "pk", "film.pk", "-id", "id;score", "id|score", "[id]"]  # fmt: skip


@pytest.mark.parametrize("asked", UNKNOWN)
def test_what_is_not_there_cannot_be_asked_for(client: Client, hanako: User, asked: str) -> None:
    for path in (ENTRIES, f"/api/v1/people/{hanako.handle}/wall", f"{ENTRIES}/{hanako.entries.get().pk}"):
        for fields in (asked, f"id,{asked}"):
            answer = client.get(path, {"fields": fields})
            assert answer.status_code == 400, fields
            assert answer.json()["type"] == "urn:mymovie:problem:bad-request"
            assert len(answer.content) < 500


COLUMNS = sorted({field.name for model in apps.get_models() for field in model._meta.get_fields()})


@pytest.mark.parametrize("name", READABLE)
def test_no_column_can_be_reached_that_the_whole_answer_does_not_have(name: str) -> None:
    """Every name of every column of every model, alone and of everything that has parts."""
    world, address = World.make(), TABLE[name]
    client = world.script("owner")
    whole = address.ask(name, "get", client, world)
    path = whole.wsgi_request.path
    parts = {""} | {f"{member.partition('.')[0]}." for member in paths(whole.json()) if "." in member} - {"results."}

    for column in COLUMNS:
        for part in parts:
            answer = client.get(path, address.query | {"fields": part + column})
            assert answer.status_code in {200, 400}
            if answer.status_code == 200:
                assert paths(answer.json()) <= paths(whole.json()) | {"results", "next"}


@pytest.mark.parametrize("name", READABLE)
def test_each_member_of_an_answer_can_be_asked_for_alone(name: str) -> None:
    world, address = World.make(), TABLE[name]
    client = world.script("owner")
    whole = address.ask(name, "get", client, world)
    said = whole.json()
    rows = said["results"] if isinstance(said, dict) and said.keys() == {"results", "next"} else said

    for member in paths(rows):
        answer = client.get(whole.wsgi_request.path, address.query | {"fields": member})
        assert answer.status_code == 200, member
        alone = answer.json()["results"] if rows is not said else answer.json()
        assert paths(alone) == {
            one for one in paths(rows) if f"{one}.".startswith(f"{member}.") or member.startswith(f"{one}.")
        }


def test_a_private_wall_says_nothing_in_however_few_fields() -> None:
    entry = EntryFactory(owner__wall_visibility="private")

    answer = client_of(UserFactory()).get(f"/api/v1/people/{entry.owner.handle}/wall", {"fields": "id"})

    assert answer.status_code == 404


@pytest.mark.parametrize("fields", ["film,film.title", "film.title,film"])
def test_what_is_wanted_whole_is_not_cut_by_what_is_wanted_of_it(fields: str) -> None:
    entry = EntryFactory()

    said = client_of(entry.owner).get(f"/api/v1/entries/{entry.pk}?fields={fields}").json()

    assert said["film"]["id"] == str(entry.film.pk)
