"""Entity tags (RFC 9110), and what may be kept of an answer."""

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from movies.diary.models import Entry
from tests.api import client_of
from tests.factories import EntryFactory, UserFactory, ViewingFactory
from tests.security.api_table import FILES, OPERATIONS, READABLE, TABLE
from tests.security.roles import World

pytestmark = pytest.mark.django_db

OPEN = [name for name in READABLE if TABLE[name].statuses["get"].startswith("200")]


def asked_twice(name: str, role: str, **headers: str) -> tuple[HttpResponse, HttpResponse]:
    world, address = World.make(), TABLE[name]
    client = world.script(role)
    address.path(world)
    first = address.ask(name, "get", client, world)
    return first, address.ask(
        name,
        "get",
        client,
        world,
        **{h: v.replace("{}", first["ETag"]).replace("W/W/", "W/") for h, v in headers.items()},
    )


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("sent", ["{}", '"other", {}', "W/{}", "W/{}, {}", "*"])
def test_what_is_known_is_not_said_again(name: str, sent: str) -> None:
    first, second = asked_twice(name, "owner", **{"If-None-Match": sent})

    assert first.status_code == 200
    assert (second.status_code, second.content) == (304, b"")
    for header in ("ETag", "Cache-Control", "Content-Language"):
        assert second[header] == first[header]
    assert second["RateLimit"] != first["RateLimit"]


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("sent", ['"other"', "", "nonsense", '"', "W/", "x" * 9000, '"\xff"'])
def test_what_is_not_known_is_said(name: str, sent: str) -> None:
    _first, second = asked_twice(name, "owner", **{"If-None-Match": sent})

    assert second.status_code == 200
    assert second.content


@pytest.mark.parametrize("name", READABLE)
def test_the_same_is_said_under_the_same_tag(name: str) -> None:
    first, second = asked_twice(name, "owner")

    assert (first["ETag"], first.content) == (second["ETag"], second.content)


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("header", ["If-Match", "If-Unmodified-Since", "If-Modified-Since", "Range", "If-Range"])
def test_reading_knows_no_other_condition(name: str, header: str) -> None:
    said = "bytes=0-3" if header == "Range" else "Sun, 06 Nov 1994 08:49:37 GMT" if "Since" in header else '"other"'

    first, second = asked_twice(name, "owner", **{header: said})

    assert (second.status_code, second.content) == (200, first.content)


@pytest.mark.parametrize("name", READABLE)
def test_a_head_has_the_headers_of_its_get(name: str) -> None:
    world, address = World.make(), TABLE[name]
    client = world.script("owner")
    address.path(world)

    got, head = address.ask(name, "get", client, world), address.ask(name, "head", client, world)

    assert (head.status_code, head.content) == (200, b"")
    for header in ("ETag", "Cache-Control", "Content-Type", "Vary", "Content-Length"):
        assert got.headers.get(header) == head.headers.get(header), header


@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_what_is_for_one_person_is_kept_by_nobody(name: str, method: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, method, world.script("owner"), world)

    if name not in FILES | {"api:schema"}:
        assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies


@pytest.mark.parametrize("name", OPEN)
def test_what_is_for_all_is_kept_and_asked_for_again(name: str) -> None:
    world, address = World.make(), TABLE[name]

    answer = address.ask(name, "get", Client(), world)

    assert set(answer["Cache-Control"].split(", ")) == {"public", "max-age=0", "must-revalidate"}
    assert not answer.cookies
    assert {"Accept-Language", "Authorization"} <= {one.strip() for one in answer["Vary"].split(",")}


def test_a_public_wall_is_kept_by_all_until_somebody_is_signed_in() -> None:
    wall = f"/api/v1/people/{EntryFactory().owner.handle}/wall"

    assert "public" in Client().get(wall)["Cache-Control"]
    assert client_of(UserFactory()).get(wall)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/api/v1/entries", "/api/v1/nothing", "/api/v1/people/nobody/wall"])
def test_no_problem_is_kept(path: str) -> None:
    answer = Client().get(path)

    assert answer.status_code in {401, 404}
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies


@pytest.mark.parametrize("name", READABLE)
def test_no_address_of_ours_is_made_of_what_a_client_sent(settings: Settings, name: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    world, address = World.make(), TABLE[name]
    EntryFactory.create_batch(70, owner=world.owner)
    evil = dict.fromkeys(
        ("Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Original-URL", "Forwarded"), "evil.example"
    )

    answer = address.ask(name, "get", world.script("owner"), world, **evil)

    assert b"evil.example" not in answer.content
    assert "evil.example" not in str(answer.headers)


def test_the_next_page_is_at_our_own_address(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    hanako = UserFactory()
    EntryFactory.create_batch(70, owner=hanako)

    answer = client_of(hanako).get(
        "/api/v1/entries", {"order": "recorded", "x": "a\r\nb&c=\0"}, headers={"Host": "evil"}
    )

    assert answer.json()["next"].startswith(
        f"{settings.SITE_URL}/api/v1/entries?order=recorded&x=a%0D%0Ab%26c%3D%00&after="
    )


# Changes


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory()
    return user


def entry_of(user: User) -> tuple[Client, str, Entry]:
    entry: Entry = ViewingFactory(entry__owner=user, entry__score=10).entry
    return client_of(user), f"/api/v1/entries/{entry.pk}", entry


def test_whoever_has_read_it_may_change_it(hanako: User) -> None:
    client, path, _entry = entry_of(hanako)
    tag = client.get(path)["ETag"]

    answer = client.patch(path, {"score": 20}, "application/json", headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["score"]) == (200, 20)
    assert answer["ETag"] == client.get(path)["ETag"] != tag


@pytest.mark.parametrize("method", ["patch", "delete"])
@pytest.mark.parametrize("sent", ['"other"', "nonsense", "", '""', 'W/"other"', '".x"', "\xff", '"' * 9000])
def test_whoever_has_not_read_it_changes_nothing(hanako: User, method: str, sent: str) -> None:
    client, path, entry = entry_of(hanako)

    answer = getattr(client, method)(path, {"score": 20}, "application/json", headers={"If-Match": sent})

    assert answer.status_code == 412
    assert answer.json()["type"] == "urn:mymovie:problem:changed-meanwhile"
    entry.refresh_from_db()
    assert (entry.score, entry.deleted_at) == (10, None)


def test_a_tag_from_before_another_change_is_too_old(hanako: User) -> None:
    client, path, entry = entry_of(hanako)
    tag = client.get(path)["ETag"]
    client.patch(path, {"score": 11}, "application/json")

    for method in ("patch", "delete"):
        answer = getattr(client, method)(path, {"score": 20}, "application/json", headers={"If-Match": tag})
        assert answer.status_code == 412

    entry.refresh_from_db()
    assert (entry.score, entry.deleted_at) == (11, None)


@pytest.mark.parametrize("how", [{"Accept-Language": "ja"}, {"fields": "id"}, {"fields": "score,film.title"}])
def test_a_tag_holds_in_any_language_and_with_any_fields(hanako: User, how: dict[str, str]) -> None:
    client, path, _entry = entry_of(hanako)
    language = {"Accept-Language": how.get("Accept-Language", "en")}
    tag = client.get(path, {"fields": how.get("fields", "")}, headers=language)["ETag"]

    answer = client.patch(path, {"score": 20}, "application/json", headers={"If-Match": tag})

    assert answer.status_code == 200


def test_tags_differ_where_answers_do(hanako: User) -> None:
    client, path, _entry = entry_of(hanako)

    tags = [client.get(path + query)["ETag"] for query in ("", "?fields=id", "?fields=id,score")]

    assert len(set(tags)) == 3


@pytest.mark.parametrize("sent", ["*", " * "])
def test_any_version_may_be_asked_for(hanako: User, sent: str) -> None:
    client, path, _entry = entry_of(hanako)

    assert client.patch(path, {"score": 20}, "application/json", headers={"If-Match": sent}).status_code == 200


def test_a_row_of_somebody_else_is_not_found_whatever_its_tag(hanako: User) -> None:
    _client, path, _entry = entry_of(hanako)

    for tag in ("*", '"other"'):
        answer = client_of(UserFactory()).delete(path, headers={"If-Match": tag})
        assert answer.status_code == 404
