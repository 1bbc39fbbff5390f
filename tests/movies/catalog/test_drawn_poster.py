import datetime

import pytest

from tests.factories import FilmFactory, UserFactory

pytestmark = pytest.mark.django_db


def address(film, version=None, language="ja"):
    return f"/posters/{film.pk}-{version or film.poster_version}.{language}.svg"


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_poster_is_kept_for_ever_by_everybody(client, is_signed_in):
    if is_signed_in:
        client.force_login(UserFactory())

    poster = client.get(address(FilmFactory(title_ja="乱")))

    assert poster.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in poster.headers["Cache-Control"]
    assert "public" in poster.headers["Cache-Control"]
    assert "Vary" not in poster.headers
    assert "乱" in poster.content.decode()


def test_a_poster_of_another_version_is_not_kept(client):
    assert "immutable" not in client.get(address(FilmFactory(), version="0")).headers["Cache-Control"]


def test_each_language_has_its_own_poster(client):
    film = FilmFactory(original_title="Ran", title_ja="乱", title_en="Chaos")

    assert "Chaos" in client.get(address(film, language="en")).content.decode()


def test_a_poster_changes_its_address_when_the_film_changes():
    film = FilmFactory()
    before = film.poster_version

    film.changed_at += datetime.timedelta(seconds=1)

    assert film.poster_version != before


@pytest.mark.parametrize(
    "path", ["/posters/0-0.ja.svg", "/posters/1-0.de.svg", "/posters/1-x.ja.svg", "/posters/1.svg"]
)
def test_no_other_poster_is_found(client, path):
    assert client.get(path).status_code == 404
