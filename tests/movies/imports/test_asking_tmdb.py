"""Mentions that TMDB is asked about: with one question each."""

import pytest
from pytest_django import Settings

from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.imports import refusals
from movies.imports.asking_tmdb import ask
from movies.imports.models import Mention
from tests.factories import FilmFactory
from tests.movies.imports.naming import film, mention
from tests.standins.tmdb import Response, TmdbServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def settle(tmdb_server: TmdbServer):
    def settled(title="", year=None, *, language="", candidates=(), reason="no_such_film", **said) -> Mention:
        given = mention(title, year, **said)
        given.state, given.candidates, given.reason = Mention.State.ASKING, list(candidates), reason
        ask(given, language=language)
        assert len(tmdb_server.calls) <= 1
        assert not given.reason or refusals.said(given.reason)
        return given

    return settled


def listed(tmdb_id: int, title: str, released_on: str, original_title: str = "") -> dict:
    return {"id": tmdb_id, "title": title, "original_title": original_title or title, "release_date": released_on}


def page(*films: dict, pages: int = 1) -> Response:
    return Response(body={"page": 1, "results": films, "total_pages": pages, "total_results": len(films)})


def why_doubtful(given: Mention) -> str:
    assert (given.state, given.film) == (Mention.State.DOUBTFUL, None)
    return given.reason


def told(given: Mention) -> int:
    """Which film of TMDB's it surely is."""
    assert (given.state, given.film, given.reason) == (Mention.State.SURE, None, "")
    [candidate] = given.candidates
    return candidate["tmdb_id"]


class TestByTmdbsNumber:
    def test_the_film_is_made(self, settle) -> None:
        given = settle("Spirited Away", 2001, tmdb_id=129)

        assert given.state == Mention.State.SURE
        assert (given.film.title_ja, given.film.imdb_id) == ("千と千尋の神隠し", "tt0245429")

    def test_the_film_that_we_have_under_another_number_gets_it(self, settle) -> None:
        bundled = FilmFactory(imdb_id="tt0245429")

        assert settle(tmdb_id=129).film == bundled

    def test_a_film_made_meanwhile_is_not_asked_for_again(self, settle, tmdb_server: TmdbServer) -> None:
        kept = film("Spirited Away", 2001)
        film("Spirited Away", 2001, tmdb_id=129, merged_into=kept)

        assert settle("Spirited Away", 2001, tmdb_id=129).film == kept
        assert tmdb_server.calls == []

    def test_a_film_of_another_title_and_time_is_offered_and_not_made(self, settle) -> None:
        given = settle("Fargo", 2014, tmdb_id=129)

        assert why_doubtful(given) == "id_disagrees"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [129]
        assert not Film.objects.exists()

    def test_another_number_at_imdb_has_to_be_outweighed_by_title_and_year(self, settle) -> None:
        assert settle("千と千尋", 2001, tmdb_id=129, imdb_id="tt0000001").state == Mention.State.SURE

    def test_another_number_at_imdb_is_a_contradiction_by_itself(self, settle) -> None:
        assert why_doubtful(settle(tmdb_id=129, imdb_id="tt0000001")) == "id_disagrees"

    def test_one_that_nobody_has_is_doubtful(self, settle) -> None:
        assert why_doubtful(settle("Whatever", 2001, tmdb_id=404404)) == "unknown_id"

    def test_an_adult_film_is_none_to_us(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(Response(body=listed(5, "A", "2001-01-01") | {"adult": True}))

        assert why_doubtful(settle(tmdb_id=5)) == "unknown_id"
        assert not Film.objects.exists()


class TestByImdbsNumber:
    def test_the_film_is_told_and_not_made(self, settle) -> None:
        given = settle("Spirited Away", 2001, imdb_id="tt0245429", language="en")

        assert told(given) == 129
        assert given.candidates[0] | {"title": ""} == {
            "tmdb_id": 129,
            "title": "",
            "original_title": "千と千尋の神隠し",
            "year": 2001,
            "poster_path": given.candidates[0]["poster_path"],
        }
        assert not Film.objects.exists()

    def test_a_film_that_we_have_by_tmdbs_number_is_that(self, settle) -> None:
        ours = film("Spirited Away", 2001, tmdb_id=129)

        given = settle(imdb_id="tt0245429")

        assert (given.state, given.film, given.candidates) == (Mention.State.SURE, ours, [])

    def test_a_film_that_we_have_with_another_one_is_doubtful(self, settle) -> None:
        ours = film("Spirited Away", 2001, tmdb_id=129, imdb_id="tt0000001")

        given = settle(imdb_id="tt0245429")

        assert why_doubtful(given) == "id_disagrees"
        assert given.candidates == [{"film": ours.pk}]

    def test_a_film_of_another_title_and_time_is_offered(self, settle) -> None:
        given = settle("Fargo", 2014, imdb_id="tt0245429")

        assert why_doubtful(given) == "id_disagrees"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [129]

    def test_one_that_is_no_films_is_doubtful(self, settle) -> None:
        assert why_doubtful(settle("Whatever", 2001, imdb_id="tt9999999")) == "unknown_id"


class TestByTitle:
    @pytest.mark.parametrize(
        ("title", "language", "spoken"),
        [("もののけ姫", "", "ja-JP"), ("A", "", "en-US"), ("A", "en", "en-US"), ("A", "ja", "ja-JP")],
    )
    def test_it_is_asked_in_the_language_of_the_file(self, title, language, spoken, settle, tmdb_server) -> None:
        settle(title, 1997, language=language)

        params = tmdb_server.calls[0].params
        assert (params["query"], params["year"], params["language"]) == (title, "1997", spoken)

    def test_a_year_of_production_narrows_nothing(self, settle, tmdb_server: TmdbServer) -> None:
        settle("もののけ姫", 1996, year_slack=1)

        assert "year" not in tmdb_server.calls[0].params

    def test_one_film_of_that_title_and_year_is_the_one(self, settle) -> None:
        assert told(settle("もののけ姫", 1997)) == 128

    def test_so_is_the_only_one_whose_year_is_off_by_one(self, settle) -> None:
        assert told(settle("もののけ姫", 1996, year_slack=1)) == 128

    def test_one_of_two_in_neighbouring_years_is_not(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(
            page(listed(1, "君の膵臓をたべたい", "2017-07-28"), listed(2, "君の膵臓をたべたい", "2018-09-01"))
        )

        given = settle("君の膵臓をたべたい", 2017, year_slack=1)

        assert why_doubtful(given) == "several_films"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [1, 2]

    def test_two_of_the_same_year_are_for_their_owner_to_tell_apart(self, settle) -> None:
        given = settle("同じ題名", 2020)

        assert why_doubtful(given) == "several_films"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [900002, 900003]

    def test_one_of_another_title_is_no_more_than_a_candidate(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(page(listed(1, "Dune: Part Two", "2021-01-01")))

        given = settle("Dune", 2021)

        assert why_doubtful(given) == "no_such_film"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [1]

    def test_of_a_title_that_fills_pages_there_may_be_more(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(page(listed(1, "Love", "2015-01-01"), pages=3))

        assert why_doubtful(settle("Love", 2015)) == "several_films"

    def test_without_a_year_it_finds_candidates_the_like_titled_first(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.next(page(listed(1, "Love Actually", "2003-01-01"), listed(2, "Love", "2015-01-01")))

        given = settle("Love", reason="no_year")

        assert why_doubtful(given) == "no_year"
        assert [candidate["tmdb_id"] for candidate in given.candidates] == [2, 1]

    def test_directors_that_differ_are_not_settled_by_what_names_none(self, settle) -> None:
        assert why_doubtful(settle("もののけ姫", 1997, reason="directors_differ")) == "directors_differ"

    def test_a_film_of_ours_is_that(self, settle) -> None:
        ours = film("Princess Mononoke", 1998, tmdb_id=128)

        given = settle("もののけ姫", 1997, candidates=[{"film": ours.pk}])

        assert (given.state, given.film, given.candidates) == (Mention.State.SURE, ours, [])

    def test_ours_are_offered_once_and_leave_room_for_what_tmdb_has_found(
        self, settle, tmdb_server: TmdbServer
    ) -> None:
        ours = [film("Hamlet", 1900 + n, tmdb_id=n) for n in range(1, 9)]
        tmdb_server.next(page(*(listed(n, "Hamlet", "2000-01-01") for n in (1, 11, 12))))

        given = settle("Hamlet", reason="no_year", candidates=[{"film": each.pk} for each in ours])

        assert [candidate.get("film") for candidate in given.candidates] == [each.pk for each in ours[:6]] + [None] * 2

    def test_nothing_found_leaves_ours(self, settle) -> None:
        ours = film("Heat", 1995)

        given = settle("Heat", 1999, reason="year_differs", candidates=[{"film": ours.pk}])

        assert given.candidates == [{"film": ours.pk}]


class TestTrouble:
    @pytest.mark.parametrize("said", [{"tmdb_id": 129}, {"imdb_id": "tt0245429"}, {"title": "もののけ姫"}])
    @pytest.mark.parametrize(
        ("status", "error"), [(429, tmdb.RateLimited), (503, tmdb.Unavailable), (401, tmdb.BadKey)]
    )
    def test_leaves_it_to_be_asked_again(
        self, said, status, error, settings: Settings, tmdb_server: TmdbServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tmdb.for_jobs, "patience", tmdb.PAGE)
        tmdb_server.always = Response(status, {"status_code": 7})
        given = mention(**said)
        given.state = Mention.State.ASKING

        with pytest.raises(error):
            ask(given, language="")

        assert given.state == Mention.State.ASKING

    def test_with_an_answer_that_cannot_be_read_is_a_doubt(self, settle, tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(body={"page": 1, "results": [{"id": "x"}]})

        assert why_doubtful(settle("もののけ姫", 1997)) == "no_such_film"
