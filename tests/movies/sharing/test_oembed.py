"""oEmbed, by its own standard: https://oembed.com."""

import pytest
from django.test import Client

from movies.diary.models import Entry
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture
def entry() -> Entry:
    owner = UserFactory(handle="hanako", display_name="花子")
    entry: Entry = EntryFactory(owner=owner, film=FilmFactory(title_en="Ran", title_ja="乱"), score=90)
    UserFactory(handle="jiro", wall_visibility="followers")
    UserFactory(handle="saburo", wall_visibility="private")
    EntryFactory(owner=owner, visibility="private", film=FilmFactory(original_title="Secret"))
    return entry


def asked(client: Client, url: str, **others: str) -> tuple[int, dict[str, object]]:
    answer = client.get("/oembed/", {"url": url, **others})
    return answer.status_code, answer.json()


def test_a_wall_a_film_and_an_entry_are_photos(client: Client, entry: Entry) -> None:
    film = entry.film
    for url, title, picture in [
        (f"{SITE}/@hanako/", "花子", f"{SITE}/@hanako/og.png?v="),
        (f"{SITE}/@hanako/?order=score", "花子", f"{SITE}/@hanako/og.png?order=score&v="),
        (f"{SITE}{film.get_absolute_url()}", "乱", f"{SITE}/films/{film.pk}/og.png?v="),
        (f"{SITE}/en{film.get_absolute_url()}", "Ran", f"{SITE}/en/films/{film.pk}/og.png?v="),
        (f"{SITE}/@hanako/films/{film.pk}-ran/", "乱", f"{SITE}/@hanako/films/{film.pk}/og.png?v="),
    ]:
        status, said = asked(client, url)
        assert status == 200, url
        assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "photo", 1200, 630)
        assert title in str(said["title"])
        assert str(said["url"]).startswith(picture)


@pytest.mark.parametrize(
    ("path", "parameters", "status"),
    [
        ("/@nobody/", {}, 404),
        ("/@jiro/", {}, 404),
        ("/@saburo/", {}, 404),
        ("/films/999999-x/", {}, 404),
        ("/@hanako/films/999999-x/", {}, 404),
        ("/settings/", {}, 404),
        ("/about/", {}, 404),
        ("/nowhere/", {}, 404),
        ("/@hanako/", {"format": "xml"}, 501),
        ("/@hanako/", {"format": "yaml"}, 501),
        ("/@hanako/", {"maxwidth": "wide"}, 400),
        ("/@hanako/?order=nonsense", {}, 400),
        ("/@hanako/", {"maxwidth": "1200", "maxheight": "630"}, 200),
    ],
)
def test_the_table_of_answers(client: Client, entry: Entry, path: str, parameters: dict[str, str], status: int) -> None:
    assert asked(client, f"{SITE}{path}", **parameters)[0] == status


def test_what_is_private_is_answered_as_what_is_missing(client: Client, entry: Entry) -> None:
    private = Entry.objects.get(visibility="private")
    client.force_login(entry.owner)

    missing = asked(client, f"{SITE}/@nobody/")

    assert asked(client, f"{SITE}/@jiro/") == missing
    assert asked(client, f"{SITE}/@hanako/films/{private.film_id}-x/") == missing


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.test/@hanako/",
        "//evil.test/@hanako/",
        "javascript:alert(1)",
        "http://testserver@evil.test/@hanako/",
    ],
)
def test_nothing_is_said_of_other_sites(client: Client, entry: Entry, url: str) -> None:
    assert asked(client, url)[0] == 404


def test_without_an_address_it_is_no_question(client: Client) -> None:
    assert client.get("/oembed/").status_code == 400
    assert client.get("/oembed/", {"url": "x" * 3000}).status_code == 400


def test_where_the_photo_is_too_large_there_is_a_link(client: Client, entry: Entry) -> None:
    _status, said = asked(client, f"{SITE}/@hanako/", maxwidth="640")

    assert said["type"] == "link"
    assert "url" not in said
    assert said["title"]


def test_other_sites_scripts_may_ask_and_copies_are_kept_a_minute(client: Client, entry: Entry) -> None:
    answer = client.get("/oembed/", {"url": f"{SITE}/@hanako/"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
