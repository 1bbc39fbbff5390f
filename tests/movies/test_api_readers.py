"""Whoever asks the API for films, in either language, is answered in it."""

import datetime

import pytest
from django.test import Client

from accounts.models import User
from movies.catalog.dates import today_in_japan
from movies.catalog.titles import search_text_of
from tests.api import client_of
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

OPEN = [
    "films?q=alien",
    "films/{film}",
    "films/{film}/entries",
    "people/hanako/compare/taro",
    "people/hanako/compare/taro/summary",
    "upcoming",
]
OWN = ["feed", "watchlist", "watchlist/{film}"]


@pytest.fixture
def hanako() -> User:
    """She follows Taro, has seen the film that he has seen, and waits for it to come out again."""
    film = FilmFactory(
        original_title="Alien",
        title_ja="エイリアン",
        search_text=search_text_of("Alien", "エイリアン"),
        japan_on=today_in_japan() + datetime.timedelta(days=3),
        japan_precision="day",
    )
    hanako, taro = (UserFactory(handle=handle) for handle in ("hanako", "taro"))
    for owner, score in ((hanako, 90), (taro, 60)):
        entry = EntryFactory(owner=owner, film=film, score=score)
    FollowFactory(follower=hanako, followee=taro, last_entry_at=entry.recorded_at)
    WishFactory(owner=hanako, film=film)
    return hanako


@pytest.mark.parametrize(("language", "title"), [("ja", "エイリアン"), ("en", "Alien")])
@pytest.mark.parametrize("path", OPEN + OWN)
def test_films_are_told_of_in_the_language_of_who_asks(hanako: User, path: str, language: str, title: str) -> None:
    address = f"/api/v1/{path.format(film=hanako.wishes.get().film_id)}"
    headers = {"Accept-Language": language}
    viewers = [client_of(hanako), client_of(UserFactory()), Client()]

    answers = [viewer.get(address, headers=headers) for viewer in viewers]

    assert {answer.headers["Content-Language"] for answer in answers} == {language}
    for answer in answers[: 3 if path in OPEN else 1]:
        assert answer.status_code == 200
        assert title in answer.content.decode() or path.endswith("/entries")


@pytest.mark.parametrize("path", OWN)
def test_what_is_ones_own_is_for_nobody_else(hanako: User, path: str) -> None:
    address = f"/api/v1/{path.format(film=hanako.wishes.get().film_id)}"

    answer = Client().get(address)

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:mymovie:problem:not-signed-in")
