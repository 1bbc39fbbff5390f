"""What somebody wants to see, by the API: theirs alone."""

import datetime

import pytest
from django.test import Client

from accounts.models import User
from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film
from movies.diary import watchlist, wishing
from movies.diary.models import Wish
from movies.diary.serializers import WishSerializer
from tests.api import client_of
from tests.factories import FilmFactory, UserFactory, WishFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

WATCHLIST = "/api/v1/watchlist"


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def mine(person: User) -> Client:
    return client_of(person)


def post(client: Client, body: object, **headers: str):
    return client.post(WATCHLIST, body, content_type="application/json", headers=headers)


def patch(client: Client, film: Film, changes: object, **headers: str):
    return client.patch(f"{WATCHLIST}/{film.pk}", changes, content_type="application/json", headers=headers)


def opening(days: int | None) -> Film:
    if days is None:
        return FilmFactory()
    return FilmFactory(japan_on=today_in_japan() + datetime.timedelta(days=days), japan_precision="day")


def test_a_film_is_put_on_my_watchlist_once(mine: Client, person: User) -> None:
    film = FilmFactory()

    first, again = (post(mine, {"film": str(film.pk)}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json().keys() == WishSerializer().fields.keys()
    assert Wish.objects.get().owner == person


def test_of_what_i_am_reminded_can_be_said_with_it(mine: Client) -> None:
    film = FilmFactory()

    said = post(mine, {"film": str(film.pk), "reminds_of_cinema": False, "reminds_of_digital": True}).json()

    wish = Wish.objects.get()
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (False, True, False)
    assert (said["reminds_of_cinema"], said["reminds_of_digital"], said["reminds_a_week_before"]) == (
        False,
        True,
        False,
    )


def test_a_film_that_only_tmdb_has_is_made(mine: Client, tmdb_server) -> None:
    answer = post(mine, {"tmdb_id": 129})

    assert (answer.status_code, answer.json()["film"]["id"]) == (201, str(Film.objects.get(tmdb_id=129).pk))


def test_a_film_that_was_merged_is_waited_for_as_the_one_that_is_left(mine: Client) -> None:
    left = FilmFactory()
    merged = FilmFactory(merged_into=left)

    said = post(mine, {"film": str(merged.pk)}).json()

    assert said["film"]["id"] == str(left.pk)
    assert mine.get(f"{WATCHLIST}/{merged.pk}").json() == said
    assert mine.delete(f"{WATCHLIST}/{merged.pk}").status_code == 204
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"film": "999999"}, 404, "film-unknown"),
        ({"film": "0"}, 400, "invalid-input"),
        ({"tmdb_id": 999999}, 404, "film-unknown"),
        ({}, 400, "invalid-input"),
        ({"film": "1", "tmdb_id": 1}, 400, "invalid-input"),
        ({"film": 1}, 400, "invalid-input"),
        ({"film": "1", "reminds_of_digital": None}, 400, "invalid-input"),
        ({"film": "1", "reminds_of_digital": "perhaps"}, 400, "invalid-input"),
        ([], 400, "invalid-input"),
    ],
)
def test_what_names_no_film_is_refused(mine: Client, tmdb_server, asked: object, status: int, kind: str) -> None:
    FilmFactory(tmdb_id=None)

    answer = post(mine, asked)

    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:mymovie:problem:{kind}")
    assert not Wish.objects.exists()


def test_a_silent_tmdb_is_a_problem_of_its_own(mine: Client, tmdb_server) -> None:
    tmdb_server.always = Response(503)

    answer = post(mine, {"tmdb_id": 129})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:tmdb-away")
    assert not Film.objects.exists()


def test_a_full_list_takes_no_more(mine: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishing, "MOST_WISHES", 1)
    WishFactory(owner=person)

    answer = post(mine, {"film": str(FilmFactory().pk)})

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mymovie:problem:watchlist-full")
    assert (answer.json()["most"], Wish.objects.count()) == (1, 1)


def test_the_same_request_sent_again_is_answered_the_same(mine: Client) -> None:
    asked = {"film": str(FilmFactory().pk)}

    answers = [post(mine, asked, **{"Idempotency-Key": "one"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_acts_are_counted_with_those_of_the_pages(mine: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wishing, "ACTS", wishing.ACTS._replace(most=2))
    film = FilmFactory()

    answers = [post(mine, {"film": str(film.pk)}), patch(mine, film, {}), mine.delete(f"{WATCHLIST}/{film.pk}")]

    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert Wish.objects.exists()


def test_reminders_are_changed_alone(mine: Client, person: User) -> None:
    wish = WishFactory(owner=person)

    answer = patch(mine, wish.film, {"reminds_of_digital": True})

    wish.refresh_from_db()
    assert answer.status_code == 200
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (True, True, False)
    assert answer.json() == mine.get(f"{WATCHLIST}/{wish.film_id}").json()


def test_what_was_changed_meanwhile_is_not_changed_back(mine: Client, person: User) -> None:
    film = WishFactory(owner=person).film
    known = mine.get(f"{WATCHLIST}/{film.pk}").headers["ETag"]
    newer = patch(mine, film, {"reminds_of_digital": True}, **{"If-Match": known})

    answer = patch(mine, film, {"reminds_of_cinema": False}, **{"If-Match": known})

    assert (newer.status_code, answer.status_code) == (200, 412)
    assert Wish.objects.get().reminds_of_cinema
    assert newer.headers["ETag"] == mine.get(f"{WATCHLIST}/{film.pk}").headers["ETag"]


def test_a_film_is_taken_off_as_often_as_one_likes(mine: Client, person: User) -> None:
    film = WishFactory(owner=person).film

    answers = [mine.delete(f"{WATCHLIST}/{film.pk}").status_code for _ in range(2)]

    assert answers == [204, 204]
    assert mine.get(f"{WATCHLIST}/{film.pk}").status_code == mine.delete(f"{WATCHLIST}/0").status_code == 404


def test_nobody_sees_changes_or_ends_what_others_wait_for(person: User) -> None:
    film = WishFactory(owner=person).film
    stranger = client_of(UserFactory())

    assert stranger.get(f"{WATCHLIST}/{film.pk}").status_code == 404
    assert patch(stranger, film, {"reminds_of_digital": True}).status_code == 404
    assert stranger.delete(f"{WATCHLIST}/{film.pk}").status_code == 204
    assert stranger.get(WATCHLIST).json()["results"] == []
    assert not Wish.objects.get().reminds_of_digital


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_a_visitor_has_no_watchlist(method: str) -> None:
    address = WATCHLIST if method == "post" else f"{WATCHLIST}/{WishFactory().film_id}"

    assert getattr(Client(), method)(address, content_type="application/json").status_code == 401
    assert Client().get(WATCHLIST).status_code == 401
    assert Wish.objects.count() == (0 if method == "post" else 1)


def test_a_token_that_may_only_read_changes_nothing(person: User) -> None:
    film = WishFactory(owner=person).film
    reader = client_of(person, "read")

    answers = [
        post(reader, {"film": str(FilmFactory().pk)}),
        patch(reader, film, {"reminds_of_digital": True}),
        reader.delete(f"{WATCHLIST}/{film.pk}"),
    ]

    assert {answer.json()["type"] for answer in answers} == {"urn:mymovie:problem:read-only-token"}
    assert not Wish.objects.get().reminds_of_digital
    assert reader.get(f"{WATCHLIST}/{film.pk}").status_code == 200


def listed(client: Client, order: str = "opening") -> list[str]:
    films, address = [], f"{WATCHLIST}?order={order}"
    while address:
        page = client.get(address).json()
        films += [wish["film"]["id"] for wish in page["results"]]
        address = page["next"]
    return films


@pytest.mark.parametrize("size", [1, 2, 60])
def test_every_page_can_be_reached_in_either_order(mine, person, monkeypatch, size) -> None:
    monkeypatch.setattr(watchlist, "PAGE_SIZE", size)
    days = [None, 9, -100, 3, None, -9, 3]
    films = [WishFactory(owner=person, film=opening(day)).film for day in days]
    by_opening = [films[number] for number in (3, 6, 1, 4, 0, 5, 2)]

    assert listed(mine) == [str(film.pk) for film in by_opening]
    assert listed(mine, "added") == [str(film.pk) for film in reversed(films)]


@pytest.mark.parametrize(
    "query",
    [
        {"order": "title"},
        {"after": ""},
        {"after": "x"},
        {"after": "coming.none.1"},
        {"order": "added", "after": "coming.2026-11-01.1"},
    ],
)
def test_a_place_that_no_list_gave_out_is_refused(mine: Client, query: dict[str, str]) -> None:
    assert mine.get(WATCHLIST, query).status_code == 400


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("order", ["opening", "added"])
def test_the_list_costs_the_same_however_long(mine, person, count, order, django_assert_num_queries) -> None:
    for number in range(count):
        WishFactory(owner=person, film=opening([9, None, -9][number % 3]))
    mine.get(WATCHLIST)

    with django_assert_num_queries(3):  # token, limit, the wishes with their films
        page = mine.get(WATCHLIST, {"order": order}).json()

    assert len(page["results"]) == count
    assert page["results"][0].keys() == WishSerializer().fields.keys()


def test_what_was_changed_meanwhile_is_not_taken_off(mine: Client, person: User) -> None:
    wish = WishFactory(owner=person)
    address = f"/api/v1/watchlist/{wish.film.pk}"
    read = mine.get(address).headers["ETag"]
    mine.patch(address, {"reminds_of_digital": True}, content_type="application/json")

    assert mine.delete(address, headers={"If-Match": read}).status_code == 412
    assert Wish.objects.exists()
