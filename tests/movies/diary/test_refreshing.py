"""One film's facts, fetched in the background."""

import contextlib
import datetime
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Visibility
from movies.catalog import tmdb
from movies.catalog.claims import claimed
from movies.catalog.models import Film
from movies.diary import jobs, tasks
from movies.diary.services import log_film
from mymovie.outbox.models import Message
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.standins.tmdb import Response, TmdbServer, stored

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def now() -> datetime.datetime:
    return timezone.now()


def refresh(film: Film, since: datetime.datetime | None = None) -> bool:
    return jobs.refresh_film(film.pk, since or now() - DAY)


@contextmanager
def claimed_elsewhere(name: str) -> Iterator[None]:
    """As if another worker were at it: a claim belongs to its connection."""
    is_claimed, ends = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with claimed(name):
                is_claimed.set()
                ends.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_claimed.wait(10)
    try:
        yield
    finally:
        ends.set()
        thread.join()


class TestRecordingAFilm:
    def test_has_its_facts_fetched(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=129)

        for owner in (UserFactory(), UserFactory()):
            log_film(owner=owner, film=film, score=None, visibility=Visibility.PUBLIC)

        (message,) = Message.objects.all()
        assert (message.task, message.queue) == ("movies.diary.tasks.refresh_film", "tmdb")
        assert message.kwargs["film_id"] == film.pk
        assert tmdb_server.calls == []

    @pytest.mark.parametrize("known", [{"facts_fetched_at": timezone.now()}, {"asked_at": timezone.now() - DAY}])
    def test_asks_for_nothing_that_is_there_or_was_asked_for_in_vain(
        self, tmdb_server: TmdbServer, known: dict[str, object]
    ) -> None:
        log_film(owner=UserFactory(), film=FilmFactory(**known), score=None, visibility=Visibility.PUBLIC)

        assert not Message.objects.exists()

    def test_asks_nobody_where_there_is_no_token(self) -> None:
        log_film(owner=UserFactory(), film=FilmFactory(tmdb_id=129), score=None, visibility=Visibility.PUBLIC)

        assert not Message.objects.exists()


class TestRefreshing:
    def test_brings_a_film_and_its_walls_up_to_tmdb(self, tmdb_server: TmdbServer) -> None:
        entry = EntryFactory(film__tmdb_id=129)
        revision = entry.owner.public_revision

        assert refresh(entry.film)

        entry.refresh_from_db()
        assert (entry.film.title_en, entry.film.runtime) == ("Spirited Away", 125)
        assert entry.japan_on == datetime.date(2001, 7, 20)
        assert entry.owner.public_revision > revision
        assert entry.film.facts_fetched_at == entry.film.asked_at

    def test_asks_past_what_is_kept(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=129)
        tmdb.for_pages.film(129)
        tmdb_server.next(Response(body=stored("movie_129") | {"runtime": 99}))

        refresh(film)

        assert Film.objects.get().runtime == 99

    @pytest.mark.parametrize("hours", [0, 23])
    def test_asks_once_for_what_several_messages_want(self, tmdb_server: TmdbServer, hours: int) -> None:
        film = FilmFactory(tmdb_id=129)
        since = now() - datetime.timedelta(hours=hours)

        assert [refresh(film, since) for _ in range(3)] == [True, False, False]
        assert len(tmdb_server.calls) == 1

    def test_asks_again_for_what_was_changed_since(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=129)
        refresh(film)

        assert refresh(film, now())

    def test_leaves_alone_what_somebody_is_just_at(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=129)

        with claimed_elsewhere(f"film {film.pk}"):
            assert not refresh(film)

        assert tmdb_server.calls == []
        assert refresh(film)

    def test_looks_again_once_nobody_else_is_at_it(
        self, tmdb_server: TmdbServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        film = FilmFactory(tmdb_id=129)

        @contextmanager
        def claimed_when_another_has_ended(name: str) -> Iterator[bool]:
            Film.objects.update(facts_fetched_at=now())
            yield True

        monkeypatch.setattr(jobs, "claimed", claimed_when_another_has_ended)

        assert not refresh(film)
        assert tmdb_server.calls == []

    @pytest.mark.parametrize("known_by", [{"imdb_id": "tt0245429"}, {"wikidata_id": "Q155653"}])
    def test_finds_the_number_of_a_film_that_has_none(self, tmdb_server: TmdbServer, known_by: dict[str, str]) -> None:
        film = FilmFactory(**known_by)

        assert refresh(film)

        film.refresh_from_db()
        assert (film.tmdb_id, film.title_en) == (129, "Spirited Away")

    def test_of_a_film_that_tmdb_does_not_know_waits_a_month(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(imdb_id="tt9999999")

        assert not refresh(film)
        assert not refresh(film)
        assert len(tmdb_server.calls) == 1

        Film.objects.update(asked_at=now() - 31 * DAY)
        cache.clear()  # an answer is kept for an hour
        refresh(film)
        assert len(tmdb_server.calls) == 2

    def test_notes_that_tmdb_has_dropped_a_film_and_since_when(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=404404, title_ja="題", facts_fetched_at=now() - 200 * DAY)

        assert not refresh(film)

        film.refresh_from_db()
        first = film.dropped_at
        assert first
        assert film.title_ja == "題"
        assert not refresh(film, now())
        film.refresh_from_db()
        assert film.dropped_at == first

    def test_goes_on_under_the_number_that_a_dropped_film_has_now(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=404404, imdb_id="tt0245429", facts_fetched_at=now() - 200 * DAY)

        assert refresh(film)

        film.refresh_from_db()
        assert (film.tmdb_id, film.dropped_at) == (129, None)

    def test_leaves_two_films_of_ours_that_are_one_to_staff(self, tmdb_server: TmdbServer) -> None:
        twin = FilmFactory(tmdb_id=129)
        film = FilmFactory(imdb_id="tt0245429")

        assert not refresh(film)

        film.refresh_from_db()
        twin.refresh_from_db()
        assert (film.tmdb_id, bool(film.asked_at)) == (None, True)
        assert twin.title_en == "Spirited Away"

    def test_takes_no_facts_of_what_tmdb_calls_adult(self, tmdb_server: TmdbServer) -> None:
        film = FilmFactory(tmdb_id=129, original_title="A")
        tmdb_server.next(Response(body=stored("movie_129") | {"adult": True}))

        assert not refresh(film)

        film.refresh_from_db()
        assert (film.original_title, film.dropped_at, bool(film.asked_at)) == ("A", None, True)

    def test_does_nothing_for_a_film_that_is_gone_or_merged_or_without_a_token(
        self, tmdb_server: TmdbServer, settings: Settings
    ) -> None:
        merged = FilmFactory(tmdb_id=129, merged_into=FilmFactory())
        other = FilmFactory(tmdb_id=128)

        assert not refresh(merged)
        assert not jobs.refresh_film(10**9, now())
        settings.TMDB_TOKEN = ""
        assert not refresh(other)

        assert tmdb_server.calls == []


class TestBringing:
    def test_makes_a_film_that_only_tmdb_has(self, tmdb_server: TmdbServer) -> None:
        assert jobs.bring_film(129)
        assert not jobs.bring_film(129)

        assert Film.objects.get().title_en == "Spirited Away"
        assert len(tmdb_server.calls) == 1

    def test_brings_nothing_adult_and_nothing_that_is_not_there(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(Response(body=stored("movie_129") | {"softcore": True}))

        assert not jobs.bring_film(129)
        assert not jobs.bring_film(404404)

        assert not Film.objects.exists()


class TestPatience:
    """A failure costs one of three tries; that TMDB wants to be left alone does not."""

    def run(self, film: Film, until: str | None = None) -> None:
        tasks.refresh_film(film_id=film.pk, since=now().isoformat(), until=until)

    @pytest.mark.parametrize("failure", [Response(400), Response(body=b"<html>"), Response(body={"id": 129})])
    def test_a_failure_raises(self, tmdb_server: TmdbServer, failure: Response) -> None:
        tmdb_server.always = failure

        with pytest.raises(tmdb.TmdbError):
            self.run(FilmFactory(tmdb_id=129))

        assert not Message.objects.exists()

    def test_who_is_asked_to_slow_down_comes_again_in_a_few_minutes(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(429, {"status_code": 25}, {"Retry-After": "60"})
        film = FilmFactory(tmdb_id=129)

        self.run(film)

        message = Message.objects.get()
        assert message.kwargs["film_id"] == film.pk
        assert datetime.timedelta(minutes=2) < message.available_at - now() < datetime.timedelta(minutes=8)
        until = datetime.datetime.fromisoformat(message.kwargs["until"])
        assert DAY - datetime.timedelta(minutes=1) < until - now() <= DAY

    def test_a_breaker_that_is_open_asks_nobody_and_the_message_waits(self, tmdb_server: TmdbServer) -> None:
        for _ in range(5):
            tmdb.for_jobs.wire.breaker.fail()

        self.run(FilmFactory(tmdb_id=129))

        assert Message.objects.count() == 1
        assert tmdb_server.calls == []

    def test_who_has_waited_for_a_day_has_failed(self, tmdb_server: TmdbServer) -> None:
        for _ in range(5):
            tmdb.for_jobs.wire.breaker.fail()

        with pytest.raises(tmdb.Unavailable):
            self.run(FilmFactory(tmdb_id=129), until=now().isoformat())

    def test_what_comes_again_is_done_as_if_for_the_first_time(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(Response(429, {"status_code": 25}, {"Retry-After": "60"}))
        self.run(film := FilmFactory(tmdb_id=129))
        tmdb.for_jobs.wire.breaker.succeed()

        tasks.refresh_film(**Message.objects.get().kwargs)

        film.refresh_from_db()
        assert film.title_en == "Spirited Away"


def test_a_claim_is_given_up_with_its_block() -> None:
    with contextlib.suppress(RuntimeError), claimed("a"):
        raise RuntimeError

    with ThreadPoolExecutor(1) as another:
        assert another.submit(is_free, "a").result(10)


def is_free(name: str) -> bool:
    try:
        with claimed(name) as is_ours:
            return is_ours
    finally:
        connection.close()
