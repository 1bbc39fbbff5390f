import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.cache import cache
from pytest_django import Settings

from movies.catalog import tmdb
from movies.catalog.models import RequestPace
from movies.catalog.tmdb.client import Client
from movies.catalog.tmdb.wire import JOB, PAGE, Patience, Wire
from tests.standins.clock import FrozenClock
from tests.standins.tmdb import Response, TmdbServer, stored


class Unhurried:
    def take(self, timeout: float) -> bool:
        return True


@pytest.fixture
def client(tmdb_server: TmdbServer) -> Client:
    return Client(Wire(bucket=Unhurried(), clock=FrozenClock()), JOB)


class TestSearching:
    @pytest.mark.parametrize("query", ["千と千尋", "spirited away"])
    def test_finds_a_film_by_any_title(self, query: str, client: Client) -> None:
        (film,) = client.search_movie(query).results

        assert (film.tmdb_id, film.title) == (129, "千と千尋の神隠し")

    def test_asks_in_our_language_and_for_no_adult_films(self, client: Client, tmdb_server: TmdbServer) -> None:
        client.search_movie("もののけ姫", year=1997, page=1, language="en-US", region="US")

        assert tmdb_server.calls[0].params == {
            "query": "もののけ姫",
            "year": "1997",
            "page": "1",
            "language": "en-US",
            "region": "US",
            "include_adult": "false",
        }

    def test_hides_adult_films_that_come_all_the_same(self, client: Client) -> None:
        page = client.search_movie("向けの見本")

        assert (page.results, page.total) == ((), 2)

    def test_goes_through_every_page(self, client: Client) -> None:
        pages = [client.search_movie("連作", page=number) for number in (1, 2, 3)]

        assert [len(page.results) for page in pages] == [20, 20, 5]
        assert {page.pages for page in pages} == {3}
        assert len({film.tmdb_id for page in pages for film in page.results}) == 45

    def test_finds_nothing(self, client: Client) -> None:
        assert client.search_movie("そんな映画はない").results == ()

    def test_keeps_two_films_of_the_same_title_and_year_apart(self, client: Client) -> None:
        assert [film.tmdb_id for film in client.search_movie("同じ題名").results] == [900002, 900003]

    def test_copes_with_a_film_of_which_hardly_anything_is_known(self, client: Client) -> None:
        (film,) = client.search_movie("A & B -- <i>").results

        assert (film.title, film.released_on, film.poster_path) == ("A & B -- <i>C</i>", None, "")

    @pytest.mark.parametrize("query", ["\x00千と千尋\ud800", "%_\\'\"&page=2#", "あ" * 1000])
    def test_sends_any_words_as_words(self, query: str, client: Client, tmdb_server: TmdbServer) -> None:
        client.search_movie(query)

        (call,) = tmdb_server.calls
        assert call.params["query"] == query.replace("\x00", "").replace("\ud800", "")
        assert call.params["page"] == "1"

    def test_for_nothing_is_invalid(self, client: Client) -> None:
        with pytest.raises(tmdb.Invalid):
            client.search_movie(" ")

    @pytest.mark.parametrize("page", [0, -1, 501])
    def test_beyond_tmdbs_pages_is_invalid_without_asking(
        self, page: int, client: Client, tmdb_server: TmdbServer
    ) -> None:
        with pytest.raises(tmdb.Invalid):
            client.search_movie("連作", page=page)

        assert tmdb_server.calls == []


class TestAFilm:
    def test_comes_with_all_its_facts_in_one_question(self, client: Client, tmdb_server: TmdbServer) -> None:
        film = client.film(129)

        assert (film.title_ja, film.title_en, film.japan_on) == ("千と千尋の神隠し", "Spirited Away", date(2001, 7, 20))
        assert [call.path for call in tmdb_server.calls] == ["movie/129"]
        assert tmdb_server.calls[0].params == {
            "language": "ja-JP",
            "append_to_response": (
                "alternative_titles,credits,external_ids,images,release_dates,translations,watch/providers"
            ),
            "include_image_language": "ja,en,null",
        }

    def test_that_tmdb_does_not_know_is_not_found(self, client: Client) -> None:
        with pytest.raises(tmdb.NotFound):
            client.film(404404)

    def test_has_its_release_dates_alone(self, client: Client) -> None:
        assert client.release_dates(129) == client.film(129).releases

    @pytest.mark.parametrize(
        ("external_id", "source"), [("tt0245429", tmdb.ExternalSource.IMDB), ("Q155653", tmdb.ExternalSource.WIKIDATA)]
    )
    def test_is_found_by_its_id_elsewhere(
        self, external_id: str, source: tmdb.ExternalSource, client: Client, tmdb_server: TmdbServer
    ) -> None:
        (film,) = client.find(external_id, source).films

        assert film.tmdb_id == 129
        assert tmdb_server.calls[0].params["external_source"] == source.value

    def test_is_not_found_by_an_id_that_nobody_knows(self, client: Client) -> None:
        assert client.find("tt9999999", tmdb.ExternalSource.IMDB).films == ()

    def test_is_looked_for_by_nothing_but_an_id(self, client: Client, tmdb_server: TmdbServer) -> None:
        with pytest.raises(tmdb.NotFound):
            client.find("../movie/129?x=", tmdb.ExternalSource.IMDB)

        assert tmdb_server.calls[0].address.startswith("/3/find/..%2Fmovie%2F129%3Fx%3D?")


class TestChanges:
    def test_are_the_ids_of_films_page_by_page(self, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.changed = [*range(1, 151)]

        pages = [client.changes(date(2026, 11, 1), date(2026, 11, 15), page=number) for number in (1, 2)]

        assert [len(page.results) for page in pages] == [100, 50]
        assert {page.pages for page in pages} == {2}
        assert tmdb_server.calls[0].params == {"start_date": "2026-11-01", "end_date": "2026-11-15", "page": "1"}

    def test_of_more_than_fourteen_days_are_not_asked_for(self, client: Client, tmdb_server: TmdbServer) -> None:
        with pytest.raises(tmdb.Invalid):
            client.changes(date(2026, 11, 1), date(2026, 11, 16))

        assert tmdb_server.calls == []


class TestDiscovering:
    def test_asks_for_what_comes_out_in_japan(self, client: Client, tmdb_server: TmdbServer) -> None:
        client.discover(tmdb.Channel.CINEMA, date(2026, 11, 25), date(2027, 3, 25), page=2)

        assert tmdb_server.calls[0].params == {
            "region": "JP",
            "with_release_type": "2|3",
            "release_date.gte": "2026-11-25",
            "release_date.lte": "2027-03-25",
            "sort_by": "primary_release_date.asc",
            "include_adult": "false",
            "language": "ja-JP",
            "page": "2",
        }

    def test_asks_for_digital_releases_apart(self, client: Client, tmdb_server: TmdbServer) -> None:
        client.discover(tmdb.Channel.DIGITAL, date(2026, 11, 25), date(2027, 3, 25))

        assert tmdb_server.calls[0].params["with_release_type"] == "4"

    def test_finds_no_adult_films(self, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.opening = [129, 128, 900004]

        found = client.discover(tmdb.Channel.CINEMA, date(2026, 11, 25), date(2027, 3, 25)).results

        assert [film.tmdb_id for film in found] == [129, 128]


class TestOtherLists:
    def test_upcoming_films_are_those_of_a_region(self, client: Client, tmdb_server: TmdbServer) -> None:
        page = client.upcoming(page=2)

        assert page.number == 2
        assert tmdb_server.calls[0].params == {"language": "ja-JP", "region": "JP", "page": "2"}

    def test_all_nineteen_genres_have_names(self, client: Client) -> None:
        genres = client.genres()

        assert len(genres) == 19
        assert tmdb.Genre(16, "アニメーション") in genres

    def test_a_genre_without_a_japanese_name_has_its_english_one(self, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(
            Response(body={"genres": [{"id": 16, "name": None}, {"id": 18, "name": "ドラマ"}]}),
            Response(body={"genres": [{"id": 16, "name": "Animation"}, {"id": 18, "name": "Drama"}]}),
        )

        assert client.genres() == (tmdb.Genre(16, "Animation"), tmdb.Genre(18, "ドラマ"))

    def test_the_configuration_tells_whether_our_token_is_good(self, client: Client, settings: Settings) -> None:
        assert client.configuration().images_url == "https://image.tmdb.org/t/p/"

        settings.TMDB_TOKEN = "not.the.one"

        with pytest.raises(tmdb.BadKey):
            client.configuration()


class TestKeeping:
    def test_the_same_question_is_asked_once(self, client: Client, tmdb_server: TmdbServer) -> None:
        assert client.film(129) == client.film(129)

        assert len(tmdb_server.calls) == 1

    @pytest.mark.parametrize(
        "other",
        [
            lambda client: client.search_movie("連作", language="en-US"),
            lambda client: client.search_movie("連作", region="US"),
            lambda client: client.search_movie("連作", year=1980),
            lambda client: client.search_movie("連作", page=2),
            lambda client: client.search_movie("連作の"),
        ],
    )
    def test_another_question_has_another_answer(
        self, other: Callable[[Client], object], client: Client, tmdb_server: TmdbServer
    ) -> None:
        client.search_movie("連作")

        other(client)

        assert len(tmdb_server.calls) == 2

    def test_what_a_job_has_asked_serves_a_page(self, client: Client, tmdb_server: TmdbServer) -> None:
        client.film(129)

        Client(client.wire, PAGE).film(129)

        assert len(tmdb_server.calls) == 1

    @pytest.mark.parametrize("failure", [Response(404, {"status_code": 34}), Response(400), Response(body=b"<html>")])
    def test_a_failure_is_not_kept(self, failure: Response, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(failure)
        with pytest.raises(tmdb.TmdbError):
            client.film(129)

        assert client.film(129).tmdb_id == 129

    def test_an_answer_that_cannot_be_read_is_not_kept(self, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(Response(body={"id": 129}))
        with pytest.raises(tmdb.Invalid):
            client.film(129)

        assert client.film(129).tmdb_id == 129

    def test_what_a_day_brings_is_not_kept(self, client: Client, tmdb_server: TmdbServer) -> None:
        for _ in range(2):
            client.changes(date(2026, 11, 1), date(2026, 11, 2))
            client.discover(tmdb.Channel.CINEMA, date(2026, 11, 1), date(2026, 11, 2))

        assert len(tmdb_server.calls) == 4

    def test_who_wants_a_film_as_it_is_now_has_it_asked_for_anew_and_kept(
        self, client: Client, tmdb_server: TmdbServer
    ) -> None:
        client.film(129)
        tmdb_server.next(Response(body=stored("movie_129") | {"runtime": 99}))

        assert client.film(129, is_kept_enough=False).runtime == 99

        assert client.film(129).runtime == 99
        assert len(tmdb_server.calls) == 2

    def test_a_new_release_reads_anew(self, client: Client, tmdb_server: TmdbServer, settings: Settings) -> None:
        client.film(129)

        settings.RELEASE = "next"
        client.film(129)

        assert len(tmdb_server.calls) == 2


class TestAtTheSameTime:
    def test_two_hundred_who_want_one_film_ask_once(self, client: Client, tmdb_server: TmdbServer) -> None:
        tmdb_server.hang()
        start = threading.Barrier(201, timeout=10)

        def view() -> tmdb.FilmFacts:
            start.wait()
            return client.film(129)

        with ThreadPoolExecutor(200) as people:
            views = [people.submit(view) for _ in range(200)]
            start.wait()
            tmdb_server.release()
            films = {each.result().tmdb_id for each in views}

        assert films == {129}
        assert len(tmdb_server.calls) == 1

    def test_who_looked_just_before_the_answer_was_kept_does_not_ask_again(
        self, client: Client, tmdb_server: TmdbServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client.film(129)
        look, too_early = cache.get, [lambda key: None]
        monkeypatch.setattr(cache, "get", lambda key: (too_early.pop() if too_early else look)(key))

        client.film(129)

        assert len(tmdb_server.calls) == 1

    def test_nobody_waits_for_another_longer_than_for_tmdb(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.hang()
        client = Client(Wire(bucket=Unhurried()), Patience(connect=1, read=1, total=0.1))

        with ThreadPoolExecutor(5) as people:
            views = [people.submit(client.film, 129) for _ in range(5)]
            failures = {type(each.exception(timeout=1)) for each in views}

        assert failures == {tmdb.Unavailable}


@pytest.mark.django_db
@pytest.mark.parametrize("our_client", [tmdb.for_pages, tmdb.for_jobs], ids=["pages", "jobs"])
def test_pages_and_jobs_ask_with_the_real_pace(our_client: Client, tmdb_server: TmdbServer) -> None:
    film = our_client.film(129)

    assert film.tmdb_id == 129
    assert RequestPace.objects.filter(name="tmdb").exists()
