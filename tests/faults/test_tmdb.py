"""TMDB in every bad state, many people at once, several processes: facts arrive, each once, and no page waits for them."""

import contextlib
import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User, Visibility
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.catalog.tmdb.client import Client as TmdbClient
from movies.catalog.tmdb.wire import Patience
from movies.diary import tasks
from movies.diary.models import Entry
from movies.diary.services import log_film
from mymovie.outbox.models import Message
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.faults.refreshing import prepare, refresh_all
from tests.standins.tmdb import TOKEN, Response, TmdbServer, stored_films

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 200
PROCESSES = 3
MOST_A_SECOND = 20

BROKEN = {
    "429": Response(429, {"status_code": 25}, {"Retry-After": "1"}),
    "500": Response(500, {"status_code": 11}),
    "502 in HTML": Response(502, b"<html>Bad gateway</html>"),
    "cut off": Response(200, b'{"id": 129, "original_title": "A', promised=1000),
    "half of its JSON": Response(200, b'{"id": 129, "original_title": "A'),
    "wrong types": Response(body={"id": "129", "original_title": ["A"]}),
    "wrong parts": Response(body={"id": 129, "original_title": "A", "watch/providers": {"results": {"JP": []}}}),
    "HTML with 200": Response(200, b"<html>Welcome</html>"),
    "50 MB": Response(200, b'"' + b"a" * 50 * 1024 * 1024 + b'"'),
}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs give up after a moment: that they do so at all is tested with the wire."""
    patience = Patience(connect=0.3, read=0.3, total=0.6)
    monkeypatch.setattr(tmdb, "for_jobs", TmdbClient(tmdb.for_jobs.wire, patience))


@pytest.fixture(params=["refused", "hanging", *BROKEN])
def mend(request: pytest.FixtureRequest, tmdb_server: TmdbServer, settings: Settings) -> Iterator[Callable[[], None]]:
    """TMDB is in one of its bad states, until it is mended and half a minute has passed."""

    def mend() -> None:
        tmdb_server.always, settings.TMDB_URL = None, tmdb_server.url
        tmdb_server.release()
        tmdb.for_jobs.wire.breaker.succeed()

    match request.param:
        case "refused":
            settings.TMDB_URL = "http://127.0.0.1:1/3"
        case "hanging":
            tmdb_server.hang()
        case name:
            tmdb_server.always = BROKEN[name]
    yield mend
    tmdb_server.release()


def take_message() -> dict | None:
    """As relay, queue and worker together do: each message is one worker's."""
    with transaction.atomic():
        message = Message.objects.select_for_update(skip_locked=True).order_by("pk").first()
        if message is None:
            return None
        message.delete()
        return message.kwargs


def assert_film_is_shown(client: Client, film: Film) -> None:
    page = client.get(film.get_absolute_url())
    assert page.status_code == 200
    assert "2026年5月1日" in page.content.decode()  # how old its facts are


@pytest.mark.usefixtures("hasty")
def test_whatever_tmdb_does_films_are_shown_and_recorded_and_the_facts_arrive_in_the_end(
    mend: Callable[[], None], tmdb_server: TmdbServer, client: Client
) -> None:
    shown = FilmFactory(tmdb_id=128, facts_fetched_at="2026-05-01T00:00Z")
    film = FilmFactory(tmdb_id=129, original_title="As it was")

    assert_film_is_shown(client, shown)
    log_film(owner=UserFactory(), film=film, score=90, visibility=Visibility.PUBLIC)
    assert tmdb_server.calls == []  # neither waits for TMDB

    asked = take_message()
    with contextlib.suppress(tmdb.TmdbError):  # the queue keeps it
        tasks.refresh_film(**asked)
    assert Film.objects.get(pk=film.pk).original_title == "As it was"
    assert_film_is_shown(client, shown)

    mend()
    tasks.refresh_film(**(take_message() or asked))
    assert Film.objects.get(pk=film.pk).title_en == "Spirited Away"


@pytest.mark.usefixtures("hasty")
def test_a_tmdb_that_is_down_is_asked_five_times_and_costs_one_message_one_try(tmdb_server: TmdbServer) -> None:
    tmdb_server.always = BROKEN["500"]
    failed = 0

    for film in [FilmFactory(tmdb_id=number) for number in range(1, 13)]:
        try:
            tasks.refresh_film(film_id=film.pk, since=timezone.now().isoformat())
        except tmdb.Unavailable:
            failed += 1

    assert 3 <= len(tmdb_server.calls) <= tmdb.for_jobs.wire.breaker.limit == 5  # one that did not get there counts too
    assert failed + Message.objects.count() == 12
    assert failed <= 2


def test_two_hundred_who_record_a_film_first_at_once_ask_once(tmdb_server: TmdbServer) -> None:
    film = FilmFactory(tmdb_id=129)
    people = User.objects.bulk_create(UserFactory.build() for _ in range(PEOPLE))
    all_have_recorded = threading.Event()

    def record(person: User) -> None:
        try:
            log_film(owner=person, film=film, score=None, visibility=Visibility.PUBLIC)
        finally:
            connection.close()

    def work() -> None:
        try:
            while not all_have_recorded.wait(0.01) or Message.objects.exists():
                if message := take_message():
                    tasks.refresh_film(**message)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as site, ThreadPoolExecutor(2) as workers:
        working = [workers.submit(work) for _ in range(2)]
        try:
            list(site.map(record, people))
        finally:
            all_have_recorded.set()
        for each in working:
            each.result(20)

    assert len(tmdb_server.calls) == 1
    assert Entry.objects.count() == PEOPLE
    assert Film.objects.get().title_en == "Spirited Away"


def test_three_processes_together_keep_the_pace_and_fetch_each_film_once(tmdb_server: TmdbServer) -> None:
    numbers = [film["id"] for film in stored_films() if not film["adult"] and not film.get("softcore")]
    films = [EntryFactory(film__tmdb_id=number).film_id for number in numbers]
    faults = [BROKEN["500"], BROKEN["502 in HTML"], BROKEN["500"]]
    tmdb_server.next(*faults)
    context = multiprocessing.get_context("spawn")
    ready = (connection.settings_dict["NAME"], tmdb_server.url, TOKEN, context.Barrier(PROCESSES))

    with ProcessPoolExecutor(PROCESSES, context, prepare, ready) as processes:
        brought = list(processes.map(refresh_all, [films] * PROCESSES, range(PROCESSES)))

    assert sum(brought) == len(films)
    assert not Film.objects.filter(facts_fetched_at=None).exists()
    calls = Counter(call.path for call in tmdb_server.calls)
    assert calls.keys() == {f"movie/{number}" for number in numbers}
    assert calls.total() == len(films) + len(faults)
    times = sorted(call.at for call in tmdb_server.calls)
    fullest = max(sum(first <= each < first + 1 for each in times) for first in times)
    assert fullest <= MOST_A_SECOND
