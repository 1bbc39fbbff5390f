"""What other apps share, and links that are pasted into the search box."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories import FilmFactory, UserFactory
from tests.standins.tmdb import Response, TmdbServer

pytestmark = pytest.mark.django_db

TMDB = "https://www.themoviedb.org/movie/129"


@pytest.fixture
def hanako(client: Client) -> Client:
    client.force_login(UserFactory(handle="hanako"))
    return client


@pytest.mark.parametrize(
    "shared", [{"url": TMDB}, {"text": f"観たい {TMDB}"}, {"text": "https://www.imdb.com/title/tt0245429/"}]
)
def test_a_film_of_ours_is_recorded_at_once(hanako: Client, shared: dict[str, str]) -> None:
    film = FilmFactory(tmdb_id=129, imdb_id="tt0245429")

    assert hanako.get("/share/", shared).headers["Location"] == f"/films/{film.pk}/record/"


def test_a_film_that_only_tmdb_has_is_recorded_from_there(hanako: Client, tmdb_server: TmdbServer) -> None:
    answer = hanako.get("/share/", {"url": TMDB})

    assert answer.headers["Location"] == "/films/tmdb/129/record/"


def test_without_an_id_the_search_is_filled_in(hanako: Client) -> None:
    answer = hanako.get("/share/", {"text": "Spirited Away (2001) https://boxd.it/1Xou"})

    where = urlsplit(answer.headers["Location"])
    assert where.path == "/search/"
    assert parse_qs(where.query) == {"q": ["Spirited Away"], "year": ["2001"]}


def test_a_silent_tmdb_leaves_the_search(hanako: Client, tmdb_server: TmdbServer) -> None:
    tmdb_server.always = Response(503)

    answer = hanako.get("/share/", {"url": "https://www.imdb.com/title/tt0999999/", "title": "Ran (1985)"})

    assert answer.headers["Location"] == "/search/?q=Ran&year=1985"


@pytest.mark.parametrize("shared", [{}, {"text": ""}, {"url": "https://boxd.it/1Xou"}, {"text": "\0"}])
def test_what_names_nothing_leads_to_the_empty_search(hanako: Client, shared: dict[str, str]) -> None:
    assert hanako.get("/share/", shared).headers["Location"] == "/search/"


def test_the_language_is_that_of_whoever_shares(client: Client) -> None:
    film = FilmFactory(tmdb_id=129)
    client.force_login(UserFactory(language="en"))

    assert client.get("/share/", {"url": TMDB}).headers["Location"] == f"/en/films/{film.pk}/record/"


@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_whoever_is_signed_out_comes_back_with_what_was_shared(client: Client, language: str, prefix: str) -> None:
    film = FilmFactory(tmdb_id=129)

    answer = client.get("/share/", {"url": TMDB}, headers={"Accept-Language": language})

    where = urlsplit(answer.headers["Location"])
    assert where.path == f"{prefix}/sign-in/"
    assert parse_qs(where.query) == {"next": [f"{prefix}/films/{film.pk}/record/"]}


def test_a_link_in_the_search_box_leads_to_its_film(hanako: Client) -> None:
    film = FilmFactory(tmdb_id=129)

    page = hanako.get("/en/search/", {"q": TMDB})
    part = hanako.get("/en/search/", {"q": TMDB}, headers={"HX-Request": "true"})

    assert page.headers["Location"] == f"/en/films/{film.pk}/record/"
    assert part.headers["HX-Redirect"] == f"/en/films/{film.pk}/record/"


def test_a_link_in_the_search_box_without_an_id_becomes_its_title(client: Client) -> None:
    answer = client.get("/search/", {"q": "https://letterboxd.com/film/spirited-away/"}, follow=True)

    assert answer.redirect_chain == [("/search/?q=spirited+away", 302)]
    assert answer.status_code == 200
