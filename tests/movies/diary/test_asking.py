"""Whose facts are asked for, and when."""

import datetime

import pytest
from django.utils import timezone

from movies.catalog.models import Film
from movies.diary import asking, tasks
from mymovie.outbox import jobs as outbox_jobs
from mymovie.outbox.models import Message, Run
from tests.factories import EntryFactory, FilmFactory, WishFactory
from tests.standins.tmdb import TmdbServer, stored_films

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NOW = timezone.now()
STALE = NOW - 151 * DAY
FRESH = NOW - 149 * DAY


def queued(task: str = "refresh_film") -> list[dict[str, object]]:
    messages = Message.objects.filter(task=f"movies.diary.tasks.{task}").order_by("pk")
    return [message.kwargs for message in messages]


def to_be_refreshed() -> set[int]:
    return {message["film_id"] for message in queued()}


@pytest.mark.parametrize(
    "chore", [asking.refresh_stale, asking.resolve_bundled, asking.refresh_changed, asking.discover_openings]
)
def test_nobody_is_asked_where_there_is_no_token(chore) -> None:
    EntryFactory(film__tmdb_id=1, film__facts_fetched_at=STALE)
    FilmFactory(imdb_id="tt0245429")

    chore()

    assert not Message.objects.exists()


@pytest.mark.usefixtures("tmdb_server")
class TestStaleFacts:
    def test_are_refreshed_and_fresh_ones_are_not(self) -> None:
        stale = FilmFactory(tmdb_id=1, facts_fetched_at=STALE, asked_at=STALE)
        FilmFactory(tmdb_id=2, facts_fetched_at=FRESH)
        FilmFactory(tmdb_id=3)

        assert asking.refresh_stale() == 1

        assert to_be_refreshed() == {stale.pk}

    def test_are_queued_once_however_often_that_is_done(self) -> None:
        FilmFactory(tmdb_id=1, facts_fetched_at=STALE)

        asking.refresh_stale()
        asking.refresh_stale()

        assert len(queued()) == 1

    def test_go_the_oldest_first_and_no_more_than_an_hour_can_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(asking, "MOST_AN_HOUR", 3)
        films = [FilmFactory(tmdb_id=n, facts_fetched_at=STALE - n * DAY) for n in range(1, 6)]

        asking.refresh_stale()

        assert to_be_refreshed() == {film.pk for film in films[2:]}

    def test_are_left_alone_where_tmdb_was_asked_in_vain_or_the_film_is_merged(self) -> None:
        FilmFactory(tmdb_id=1, facts_fetched_at=STALE, asked_at=NOW - 29 * DAY)
        FilmFactory(tmdb_id=2, facts_fetched_at=STALE, merged_into=FilmFactory())

        assert asking.refresh_stale() == 0

    def test_that_never_came_are_asked_for_where_somebody_has_the_film(self) -> None:
        recorded, wished = EntryFactory(film__tmdb_id=1).film, WishFactory(film__tmdb_id=2).film
        FilmFactory(tmdb_id=3)

        asking.refresh_stale()

        assert to_be_refreshed() == {recorded.pk, wished.pk}


@pytest.mark.usefixtures("tmdb_server")
def test_films_without_a_number_are_resolved_unless_they_were_asked_for_lately() -> None:
    never, long_ago = FilmFactory(imdb_id="tt0000001"), FilmFactory(wikidata_id="Q1", asked_at=NOW - 31 * DAY)
    FilmFactory(imdb_id="tt0000003", asked_at=NOW - DAY)
    FilmFactory(imdb_id="tt0000004", tmdb_id=4)
    FilmFactory()

    assert asking.resolve_bundled() == 2

    assert to_be_refreshed() == {never.pk, long_ago.pk}


class TestChanges:
    def test_are_looked_at_day_by_day_for_fourteen_days_at_first(self, tmdb_server: TmdbServer) -> None:
        assert asking.refresh_changed() == 14

        days = [message["day"] for message in queued("look_at_changes")]
        assert days == [f"{timezone.now().date() - n * DAY}" for n in range(14, 0, -1)]

    def test_are_looked_at_since_they_were_last_looked_at_with_success(self, tmdb_server: TmdbServer) -> None:
        for days, error in ((1, "TmdbError"), (3, ""), (5, "")):
            run = Run.objects.create(job="refresh_changed", slot=NOW - days * DAY, ended_at=NOW, error=error)
            Run.objects.filter(pk=run.pk).update(started_at=NOW - days * DAY)

        outbox_jobs.run_chore("refresh_changed", NOW)

        days = [message["day"] for message in queued("look_at_changes")]
        assert days == [f"{timezone.now().date() - n * DAY}" for n in (3, 2, 1)]

    def test_refresh_what_somebody_has_or_waits_for_or_is_coming(self, tmdb_server: TmdbServer) -> None:
        recorded, wished = EntryFactory(film__tmdb_id=1).film, WishFactory(film__tmdb_id=2).film
        tomorrow = timezone.localdate() + DAY
        coming = FilmFactory(tmdb_id=3, japan_on=tomorrow, japan_precision="day")
        digital = FilmFactory(tmdb_id=4, digital_on=tomorrow)
        FilmFactory(tmdb_id=5, japan_on=timezone.localdate() - DAY, japan_precision="day")
        EntryFactory(film__tmdb_id=6)
        tmdb_server.changed = [1, 2, 3, 4, 5, 999]

        tasks.look_at_changes(day="2026-11-24")

        assert to_be_refreshed() == {recorded.pk, wished.pk, coming.pk, digital.pk}
        assert {message["since"][:10] for message in queued()} == {"2026-11-24"}
        assert not Film.objects.filter(tmdb_id=999).exists()
        params = tmdb_server.calls[0].params
        assert (params["start_date"], params["end_date"]) == ("2026-11-24", "2026-11-25")

    def test_of_which_there_are_many_go_on_with_the_next_page(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.changed = [*range(1, 151)]
        film = EntryFactory(film__tmdb_id=150).film

        tasks.look_at_changes(day="2026-11-24")
        (following,) = queued("look_at_changes")
        assert following == {"day": "2026-11-24", "page": 2}
        assert to_be_refreshed() == set()

        tasks.look_at_changes(**following)
        assert to_be_refreshed() == {film.pk}
        assert len(queued("look_at_changes")) == 1

    def test_that_tmdb_does_not_tell_now_are_asked_for_later(self, tmdb_server: TmdbServer) -> None:
        for _ in range(5):
            tasks.tmdb.for_jobs.wire.breaker.fail()

        tasks.look_at_changes(day="2026-11-24", page=3)

        (later,) = queued("look_at_changes")
        assert (later["day"], later["page"]) == ("2026-11-24", 3)


class TestOpenings:
    def test_are_looked_for_in_cinemas_and_digitally_for_four_months(self, tmdb_server: TmdbServer) -> None:
        asking.discover_openings()
        asking.discover_openings()

        today = timezone.localdate()
        days = {"first": f"{today}", "last": f"{today + 120 * DAY}"}
        assert queued("look_for_openings") == [{"channel": "2|3", **days}, {"channel": "4", **days}]

    def look(self, page: int = 1) -> None:
        tasks.look_for_openings(channel="2|3", first="2026-11-25", last="2027-03-25", page=page)

    def test_bring_what_we_lack_and_refresh_what_is_older_than_a_day(self, tmdb_server: TmdbServer) -> None:
        old = FilmFactory(tmdb_id=129, facts_fetched_at=NOW - 2 * DAY)
        FilmFactory(tmdb_id=550, facts_fetched_at=NOW)
        tmdb_server.opening = [129, 128, 550]

        self.look()

        assert to_be_refreshed() == {old.pk}
        assert queued("bring_film") == [{"tmdb_id": 128}]
        tasks.bring_film(tmdb_id=128)
        assert Film.objects.filter(tmdb_id=128).exists()

    def test_go_on_page_by_page_up_to_a_bound(self, tmdb_server: TmdbServer, monkeypatch: pytest.MonkeyPatch) -> None:
        tmdb_server.opening = [film["id"] for film in stored_films() if film["id"] > 900005]
        monkeypatch.setattr(tasks, "LAST_PAGE_OF_OPENINGS", 2)

        for page in (1, 2):
            self.look(page)

        assert [message["page"] for message in queued("look_for_openings")] == [2]
        assert len(queued("bring_film")) == 40
