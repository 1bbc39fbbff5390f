import datetime
import json
from typing import Any

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, FilmNamed, Said
from tests.movies.imports.formats.files import archive_of, document, read, refused, said, table

HEADER = "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB"
FILM = FilmNamed(title="Perfect Blue", year=1998, tmdb_id=10494, imdb_id="tt0156887")
NAMED = {"title": "Perfect Blue", "year": 1998, "ids": {"simkl": 53292, "imdb": "tt0156887", "tmdb": "10494"}}
SEEN = {
    "added_to_watchlist_at": "2023-01-01T00:00:00Z",
    "last_watched_at": "2023-02-01T20:00:00Z",
    "user_rated_at": "2023-02-01T20:05:00Z",
    "user_rating": 9,
    "status": "completed",
    "memo": {},
}
WANTED = SEEN | {"status": "plantowatch", "last_watched_at": None, "user_rating": None, "user_rated_at": None}
RATED_AT = datetime.datetime(2023, 2, 1, 20, 5, tzinfo=datetime.UTC)
ADDED_AT = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)


def movie(about: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return about | {"movie": NAMED} | changes


def show(about: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return about | {"show": NAMED} | changes


def row(*, kind: str = "movie", status: str = "completed", at: str = "18-12-2023 21:50:41", score: str = "7") -> str:
    return f"53292,Perfect Blue,{kind},1998,{status},,{at},{score},怖い,,10494,tt0156887"


class TestDocument:
    def test_a_completed_film_was_seen_on_its_last_day_there_and_scored(self) -> None:
        assert said(document({"movies": [movie(SEEN, memo={"text": "怖い", "is_private": True})]})) == [
            Said(
                film=FILM,
                is_seen=True,
                is_viewing=True,
                watched_on=datetime.date(2023, 2, 2),  # in Tokyo
                score=90,
                memo="怖い",
                noted_at=RATED_AT,
            )
        ]

    def test_a_completed_film_may_have_no_day_and_no_score(self) -> None:
        item = movie(SEEN, last_watched_at=None, user_rating=None, user_rated_at=None)

        assert said(document({"movies": [item]})) == [Said(film=FILM, is_seen=True)]

    def test_a_rewatch_is_seen_again(self) -> None:
        assert said(document({"movies": [movie(SEEN, is_rewatch=True)]}))[0].is_again

    def test_a_film_that_somebody_plans_to_watch_is_wanted(self) -> None:
        assert said(document({"movies": [movie(WANTED, memo={"text": "見たい"})]})) == [
            Said(film=FILM, is_wished=True, memo="見たい", noted_at=ADDED_AT)
        ]

    @pytest.mark.parametrize("status", ["dropped", "hold", "watching", "notinteresting", ""])
    def test_what_is_neither_seen_nor_wanted_is_refused(self, status: str) -> None:
        assert refused(document({"movies": [movie(SEEN, status=status)]})) == [("not_seen", "status", status)]

    def test_series_are_refused_and_the_films_among_the_anime_are_not(self) -> None:
        file = document(
            {
                "movies": [movie(SEEN)],
                "shows": [show(SEEN)],
                "anime": [show(SEEN, anime_type="tv"), show(SEEN, anime_type="movie"), show(SEEN)],
            }
        )

        told = [(row.part, row.line, row.code if isinstance(row, BadRow) else row.said.film) for row in read(file)]

        assert told == [
            ("simkl.movies", 1, FILM),
            ("simkl.shows", 1, "not_a_film"),
            ("simkl.anime", 1, "not_a_film"),
            ("simkl.anime", 2, FILM),
            ("simkl.anime", 3, "not_a_film"),
        ]

    @pytest.mark.parametrize("name", ["shows", "anime"])
    def test_is_known_though_it_holds_no_movies(self, name: str) -> None:
        assert registry.recognise(document({name: [show(SEEN)]})).format == "simkl"

    def test_names_the_place_of_what_is_wrong(self) -> None:
        assert refused(document({"movies": [movie(SEEN, user_rating=11)]})) == [("not_a_score", "user_rating", "11")]
        assert refused(document({"movies": [movie(SEEN, movie={})]})) == [("no_title", "movie.title", "")]

    def test_may_lie_in_an_archive(self) -> None:
        backup = {"shows": [show(SEEN)], "movies": [movie(SEEN)]}
        file = archive_of({"SimklBackup.json": json.dumps(backup)})

        assert [row.part for row in read(file)] == ["simkl.movies", "simkl.shows"]


class TestTable:
    def test_is_known_though_it_has_the_columns_of_another(self) -> None:
        recognised = registry.recognise(table(HEADER, row()))

        assert (recognised.format, recognised.choices, recognised.asks_date_order) == ("simkl", (), False)

    @pytest.mark.parametrize(
        ("at", "day"),
        [
            ("18-12-2023 21:50:41", 18),
            ("05-12-2023 21:50:41", 5),
            ("05-12-2023", 5),
            ("2023-12-18", 18),
            ("2023-12-18T20:50:41Z", 19),
        ],
    )
    def test_a_completed_film_was_seen_on_a_day_that_is_written_day_first_or_year_first(
        self, at: str, day: int
    ) -> None:
        assert said(table(HEADER, row(at=at))) == [
            Said(
                film=FILM,
                is_seen=True,
                is_viewing=True,
                watched_on=datetime.date(2023, 12, day),
                score=70,
                memo="怖い",
            )
        ]

    @pytest.mark.parametrize("status", ["plantowatch", "plan to watch", "Plan to Watch"])
    def test_a_film_that_somebody_plans_to_watch_is_wanted_and_nothing_else(self, status: str) -> None:
        assert said(table(HEADER, row(status=status))) == [Said(film=FILM, is_wished=True, memo="怖い")]

    @pytest.mark.parametrize("status", ["dropped", "hold", "on hold"])
    def test_what_is_neither_seen_nor_wanted_is_refused(self, status: str) -> None:
        assert refused(table(HEADER, row(status=status))) == [("not_seen", "Watchlist", status)]

    @pytest.mark.parametrize("kind", ["tv", "tv show", "anime", ""])
    def test_what_is_not_called_a_film_is_refused(self, kind: str) -> None:
        assert refused(table(HEADER, row(kind=kind))) == [("not_a_film", "Type", kind)]

    def test_a_day_that_does_not_exist_is_refused_as_it_was_written(self) -> None:
        assert refused(table(HEADER, row(at="31-11-2023 21:50:41"))) == [
            ("not_a_date", "WatchedDate", "31-11-2023 21:50:41")
        ]
