"""A process that has enough in hand turns away whoever comes, at once; what costs nothing it still gives."""

import threading
import time

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg.errors import AdminShutdown, DeadlockDetected, DiskFull, QueryCanceled
from pytest_django import Settings

from mymovie import crowd, database, errors, kept, places
from tests.factories import EntryFactory, FilmFactory, UserFactory


@pytest.fixture
def crowded(settings: Settings) -> None:
    settings.REQUESTS_AT_ONCE = 0


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "is_away", lambda: True)


def gone(*asked: object) -> str:
    raise OperationalError from AdminShutdown()


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> kept.Shelf:
    """Of the site that the test asks."""
    shelf = kept.Shelf(10_000_000)
    monkeypatch.setattr(kept, "Shelf", lambda capacity: shelf)
    return shelf


@pytest.mark.usefixtures("crowded")
class TestWhoeverIsOneTooMany:
    @pytest.mark.parametrize(("path", "says"), [("/about/", "満席"), ("/en/about/", "Sold out")])
    def test_is_told_to_come_back_in_their_language(self, client: Client, path: str, says: str) -> None:
        answer = client.get(path)  # no database is allowed in this test: a query would fail it

        assert answer.status_code == 503
        assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("5", "no-store")
        assert says in answer.content.decode()

    def test_is_told_so_as_a_problem_where_it_is_a_program(self, client: Client) -> None:
        answer = client.get("/api/v1/films")

        assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:unavailable")
        assert answer.headers["Retry-After"] == "5"

    def test_is_never_the_load_balancer(self, client: Client) -> None:
        assert client.get("/healthz/live").status_code == 200


@pytest.mark.parametrize(("room", "is_away"), [(2, False), (1, True)])
def test_as_many_are_let_in_as_there_is_room_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, room: int, *, is_away: bool
) -> None:
    """Twice as many while the database is away."""
    settings.REQUESTS_AT_ONCE = room
    monkeypatch.setattr(database.WatchedConnection, "is_refused", is_away)
    there, go_on = threading.Barrier(3), threading.Event()

    def slow(request: object) -> HttpResponse:
        there.wait(10)
        go_on.wait(10)
        return HttpResponse()

    counted = crowd.CountMiddleware(lambda request: crowd.DoorMiddleware(slow)(request))
    asking = [threading.Thread(target=counted, args=[RequestFactory().get("/")]) for _ in range(2)]
    for one in asking:
        one.start()
    there.wait(10)

    third = counted(RequestFactory().get("/"))
    go_on.set()
    for one in asking:
        one.join()

    assert third.status_code == 503
    assert counted.here == 0


@pytest.fixture
def no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_places", threading.Semaphore(0))
    monkeypatch.setattr(crowd, "LONGEST_WAIT", 0.05)


@pytest.mark.usefixtures("no_places")
class TestWhoeverComesToNoPlace:
    def test_is_let_in_where_nobody_is_served_either(self) -> None:
        door = crowd.DoorMiddleware(lambda request: HttpResponse("in"))

        assert door(RequestFactory().get("/")).status_code == 200

    def test_came_too_late_where_others_are_served(self) -> None:
        door = crowd.DoorMiddleware(lambda request: HttpResponse("in"))
        door.served_at = time.monotonic() + 60

        assert door(RequestFactory().get("/")).status_code == 503

    @pytest.mark.parametrize(("status", "is_served"), [(200, True), (404, True), (503, False), (500, False)])
    def test_is_told_by_answers_that_are_some(self, status: int, is_served: bool) -> None:
        door = crowd.DoorMiddleware(lambda request: HttpResponse(status=status))

        door(RequestFactory().get("/"))

        assert bool(door.served_at) is is_served


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "NO_TIME_FROM", 0)


@pytest.mark.django_db
class TestAKeptPage:
    @pytest.fixture
    def wall(self) -> str:
        owner = UserFactory(handle="hanako", wall_visibility="public")
        EntryFactory(owner=owner)
        return "/@hanako/"

    @pytest.mark.parametrize("need", ["pressed", "crowded", "away"])
    def test_is_sent_unasked_in_need_and_says_so(
        self, client: Client, wall: str, need: str, request: pytest.FixtureRequest, django_assert_num_queries
    ) -> None:
        made = client.get(wall).content
        request.getfixturevalue(need)

        with django_assert_num_queries(0):
            answer = client.get(wall)

        assert (answer.status_code, answer.content) == (200, made)
        assert int(answer.headers["Age"]) < 30
        assert answer.headers["Warning"].startswith("111 ")

    @pytest.mark.usefixtures("pressed")
    def test_is_asked_about_once_in_a_while_however_little_time_there_is(
        self, client: Client, wall: str, shelf: kept.Shelf
    ) -> None:
        client.get(wall)
        [page] = shelf.pages.values()
        page.true_at -= kept.LONGEST_UNASKED / 2

        asked, unasked = client.get(wall), client.get(wall)

        assert "Warning" not in asked.headers
        assert "Warning" in unasked.headers
        assert page.age < 10

    def test_says_nothing_of_the_kind_otherwise(self, client: Client, wall: str) -> None:
        assert not {"Age", "Warning"} & {*client.get(wall).headers, *client.get(wall).headers}

    @pytest.mark.usefixtures("away")
    def test_is_sent_for_a_minute_at_most(self, client: Client, wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
        client.get(wall)
        monkeypatch.setattr(kept, "LONGEST_UNASKED", 0)

        answer = client.get(wall)

        assert "Warning" not in answer.headers, "it was asked for anew"

    def test_is_as_old_as_the_last_look_at_it(self, client: Client, wall: str, shelf: kept.Shelf) -> None:
        client.get(wall)
        [page] = shelf.pages.values()
        page.true_at -= 50

        client.get(wall)

        assert page.age < 10

    @pytest.mark.usefixtures("away")
    def test_is_sent_to_nobody_who_brings_a_session(self, client: Client, wall: str) -> None:
        client.get(wall)
        client.cookies["session"] = "of-nobody"

        assert "Warning" not in client.get(wall).headers

    def test_of_a_film_is_made_anew_unless_there_is_need(self, client: Client, request: pytest.FixtureRequest) -> None:
        film = FilmFactory()
        client.get(film.get_absolute_url())
        assert "Warning" not in client.get(film.get_absolute_url()).headers
        request.getfixturevalue("crowded")

        assert client.get(film.get_absolute_url()).status_code == 200
        assert client.get(film.get_absolute_url() + "?utm_source=elsewhere").status_code == 503

    def test_is_sent_instead_of_an_excuse(
        self, client: Client, shelf: kept.Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = FilmFactory().get_absolute_url()
        made = client.get(address).content
        monkeypatch.setattr("movies.diary.views.films.told_of", gone)
        client.raise_request_exception = False

        answer = client.get(address)

        assert (answer.status_code, answer.content) == (200, made)
        [page] = shelf.pages.values()
        page.true_at -= kept.LONGEST_UNASKED
        assert client.get(address).status_code == 503

    def test_is_sent_when_the_database_goes_in_the_middle(
        self, client: Client, wall: str, shelf: kept.Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.get(wall)

        [page] = shelf.pages.values()
        monkeypatch.setattr(page, "now", gone)

        assert client.get(wall).headers["Warning"].startswith("111 ")


@pytest.mark.parametrize(
    ("error", "cause", "is_away"),
    [
        (OperationalError(), AdminShutdown(), True),
        (OperationalError("couldn't get a connection after 10.00 sec"), None, True),
        (OperationalError(), DiskFull(), True),
        (OperationalError(), QueryCanceled(), True),
        (OperationalError(), DeadlockDetected(), False),
        (DatabaseError(), None, False),
        (ValueError(), None, False),
        (None, None, False),
    ],
)
def test_what_says_that_the_database_is_away(error: Exception | None, cause: Exception | None, is_away: bool) -> None:
    if error:
        error.__cause__ = cause

    assert database.is_why(error) is is_away


def test_without_a_database_a_page_says_so_and_not_that_something_broke() -> None:
    try:
        raise OperationalError from AdminShutdown()
    except OperationalError:
        answer = errors.server_error(RequestFactory().get("/"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_whoever_waits_for_another_service_leaves_their_place_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_places", threading.Semaphore(1))

    def waiting(request: object) -> HttpResponse:
        with places.left_to_others():
            assert door_of_another() == 200
        assert not places._places.acquire(blocking=False)  # it has it again
        return HttpResponse()

    def door_of_another() -> int:
        statuses: list[int] = []
        door = crowd.DoorMiddleware(lambda request: HttpResponse())
        asking = threading.Thread(target=lambda: statuses.append(door(RequestFactory().get("/")).status_code))
        asking.start()
        asking.join(10)
        return statuses[0]

    assert crowd.DoorMiddleware(waiting)(RequestFactory().get("/")).status_code == 200
    assert places._places.acquire(blocking=False)
