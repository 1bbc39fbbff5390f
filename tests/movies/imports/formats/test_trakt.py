import datetime
from typing import Any

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, FilmNamed, Row, Said
from tests.movies.imports.formats.files import OPTIONS, archive, archive_of, document, read, refused, said, table

TABLE = "watched_at,action,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id"
MOVIE = {
    "title": "Inception",
    "year": 2010,
    "ids": {"trakt": 16662, "slug": "inception-2010", "imdb": "tt1375666", "tmdb": 27205},
}
SHOW = {"title": "High Potential", "year": 2024, "ids": {"trakt": 205414, "tmdb": 226637}}
FILM = FilmNamed(
    title="Inception",
    year=2010,
    tmdb_id=27205,
    imdb_id="tt1375666",
    address="https://trakt.tv/movies/inception-2010",
)
AT = "2024-03-01T20:30:00.000Z"  # the next morning in Tokyo
NOTED_AT = datetime.datetime(2024, 3, 1, 20, 30, tzinfo=datetime.UTC)


def play(**changes: Any) -> dict[str, Any]:
    return {"id": 1055, "watched_at": AT, "action": "watch", "type": "movie", "movie": MOVIE} | changes


def episode(**changes: Any) -> dict[str, Any]:
    played = play(type="episode", show=SHOW, episode={"title": "Pilot", "ids": {"tmdb": 27205}}) | changes
    return {name: value for name, value in played.items() if name != "movie"}


def watched(**changes: Any) -> dict[str, Any]:
    return {"last_watched_at": AT, "last_updated_at": AT, "movie": MOVIE} | changes


def rated(**changes: Any) -> dict[str, Any]:
    return {"rated_at": AT, "rating": 9, "type": "movie", "movie": MOVIE} | changes


def listed(**changes: Any) -> dict[str, Any]:
    item = {"rank": 2, "id": 5, "listed_at": AT, "notes": None, "type": "movie", "movie": MOVIE}
    return item | changes


class TestHistory:
    def test_is_a_viewing_for_each_play_with_its_own_key(self) -> None:
        file = document([play(), play(id=2077, watched_at="2025-01-01T03:00:00.000Z", action="scrobble")])

        assert said(file) == [
            Said(
                film=FILM,
                is_seen=True,
                is_viewing=True,
                watched_on=datetime.date(2024, 3, 2),
                viewing_key="1055",
            ),
            Said(
                film=FILM,
                is_seen=True,
                is_viewing=True,
                watched_on=datetime.date(2025, 1, 1),
                viewing_key="2077",
            ),
        ]

    def test_is_known_though_it_begins_with_an_episode(self) -> None:
        file = document([episode(), play()])

        bad, good = read(file)

        assert isinstance(bad, BadRow)
        assert (bad.part, bad.line, bad.code, bad.column, bad.value) == (
            *("trakt.history", 1, "not_a_film"),
            *("type", "episode"),
        )
        assert isinstance(good, Row)
        assert good.line == 2

    @pytest.mark.parametrize("at", ["1970-01-01T00:00:00.000Z", None])
    def test_may_not_know_the_day(self, at: str | None) -> None:
        [only] = said(document([play(watched_at=at)]))

        assert (only.is_viewing, only.watched_on) == (True, None)

    def test_ignores_who_else_has_the_number_of_a_film(self) -> None:
        assert refused(document([play(type="show")])) == [("not_a_film", "type", "show")]

    def test_takes_numbers_that_are_text_and_those_that_are_missing(self) -> None:
        as_text = MOVIE | {"year": "2010", "ids": {"tmdb": "27205", "imdb": None}}

        assert said(document([play(movie=as_text)]))[0].film == FilmNamed(title="Inception", year=2010, tmdb_id=27205)

    def test_names_the_place_of_what_is_wrong(self) -> None:
        wrong = MOVIE | {"ids": {"tmdb": "many"}}

        assert refused(document([play(movie=wrong)])) == [("not_a_tmdb_id", "movie.ids.tmdb", "many")]
        assert refused(document([play(movie={})])) == [("no_title", "movie.title", "")]
        assert refused(document([play(watched_at="yesterday")])) == [("not_a_date", "watched_at", "yesterday")]


class TestWatched:
    def test_alone_tells_the_last_viewing(self) -> None:
        assert said(document([watched()])) == [
            Said(film=FILM, is_seen=True, is_viewing=True, watched_on=datetime.date(2024, 3, 2))
        ]

    def test_of_several_plays_tells_that_the_last_was_not_the_first(self) -> None:
        [only] = said(document([watched(plays=3)]))

        assert (only.is_viewing, only.is_again) == (True, True)

    def test_beside_a_history_only_says_that_it_was_seen(self) -> None:
        rows = said(archive(watched_movies=[watched(plays=3)], watched_history=[play()]))

        assert [row.is_viewing for row in rows] == [True, False]
        assert rows[1] == Said(film=FILM, is_seen=True)

    def test_beside_a_history_still_says_so_after_it_was_mended(self) -> None:
        file = archive(watched_history=[play()], watched_movies=[watched()])
        row = read(file)[1]

        again = registry.reread(row.part, row.raw, OPTIONS, file=row.file, line=row.line)

        assert again == row

    def test_series_are_refused(self) -> None:
        shows = [{"last_watched_at": AT, "last_updated_at": AT, "show": SHOW, "seasons": []}]

        assert refused(document(shows)) == [("not_a_film", "show.title", "High Potential")]


class TestRatings:
    def test_are_of_ten_and_no_viewings(self) -> None:
        assert said(document([rated()])) == [Said(film=FILM, is_seen=True, score=90, noted_at=NOTED_AT)]

    @pytest.mark.parametrize(("score", "value"), [(11, "11"), (None, ""), ("good", "good")])
    def test_without_a_score_are_refused(self, score: Any, value: str) -> None:
        assert refused(document([rated(rating=score)])) == [("not_a_score", "rating", value)]


class TestLists:
    def test_alone_do_not_say_whether_they_are_the_watchlist(self) -> None:
        recognised = registry.recognise(document([listed()]))

        assert recognised.format == "trakt"
        assert recognised.choices == ("trakt.watchlist", "trakt.list")

    def test_alone_are_what_their_owner_says(self) -> None:
        file = document([listed(notes="soon")])

        assert said(file, part="trakt.watchlist") == [Said(film=FILM, is_wished=True, memo="soon", noted_at=NOTED_AT)]
        assert said(file, part="trakt.list", list_name="Dreams") == [
            Said(film=FILM, list_name="Dreams", list_position=2, list_note="soon", noted_at=NOTED_AT)
        ]

    def test_in_the_archive_have_the_name_and_description_that_another_file_gives_them(self) -> None:
        described = {"name": "Rewatch  Soon", "description": "a second look", "ids": {"trakt": 4242}}
        other = {"name": "Other", "description": "", "ids": {"trakt": 42}}
        file = archive(lists_list_4242_rewatch_soon=[listed()], lists_lists=[other, described])

        # Neither is what an archive is known by.
        [row] = registry.read(file, "trakt", OPTIONS)

        assert isinstance(row, Row)
        assert row.said.list_name == "Rewatch Soon"
        assert row.said.list_description == "a second look"

    @pytest.mark.parametrize("lists", ["[]", "[{]", '["none"]', "{}"])
    def test_in_the_archive_are_called_like_their_file_if_nobody_describes_them(self, lists: str) -> None:
        file = archive_of(
            {
                "ratings-movies.json": "[]",
                "lists-lists.json": lists,
                "lists-list-4242-rewatch-soon.json": f"[{document(listed()).read().decode()}]",
            }
        )

        assert [row.list_name for row in said(file)] == ["rewatch soon"]

    def test_hold_people_and_series_too(self) -> None:
        person = listed(type="person", person={"name": "Christopher Nolan"}, movie=None)

        assert refused(document([person])) == [("not_a_film", "type", "person")]


class TestArchive:
    def test_is_read_in_the_order_of_its_meaning(self) -> None:
        file = archive(
            lists_watchlist=[listed()],
            ratings_movies=[rated()],
            ratings_shows=[rated(type="show", show=SHOW)],
            watched_movies=[watched()],
            watched_history_1=[play()],
            watched_history_2=[play(id=2)],
            collection_movies=[],
            user_settings={"user": {}},
        )

        assert registry.recognise(file).format == "trakt"
        assert [(row.file, row.part) for row in read(file)] == [
            ("watched-history-1.json", "trakt.history"),
            ("watched-history-2.json", "trakt.history"),
            ("watched-movies.json", "trakt.watched"),
            ("ratings-movies.json", "trakt.ratings"),
            ("lists-watchlist.json", "trakt.watchlist"),
        ]

    def test_may_lie_in_a_folder(self) -> None:
        file = archive_of(
            {
                "mine/watched-history.json": document([play()]).read().decode(),
                "mine/lists-list-7-a-b.json": document([listed()]).read().decode(),
                "mine/lists-lists.json": '[{"name": "A & B", "ids": {"trakt": 7}}]',
            }
        )

        assert [row.list_name for row in said(file)] == ["", "A & B"]

    def test_may_begin_with_a_mark_of_its_encoding(self) -> None:
        file = archive_of({"watched-history.json": "\ufeff" + document([play()]).read().decode()})

        assert [row.viewing_key for row in said(file)] == ["1055"]


class TestTables:
    def test_of_the_history_are_viewings_whose_average_is_nobodys_score(self) -> None:
        file = table(TABLE, "2024-03-01T20:30:00Z,watch,movie,Inception,2010,8.7,16662,tt1375666,27205")

        assert registry.recognise(file).format == "trakt"
        assert said(file) == [
            Said(
                film=FilmNamed(title="Inception", year=2010, tmdb_id=27205, imdb_id="tt1375666"),
                is_seen=True,
                is_viewing=True,
                watched_on=datetime.date(2024, 3, 2),
            )
        ]

    def test_of_the_history_hold_episodes_with_the_numbers_of_their_series(self) -> None:
        file = table(TABLE, "2024-03-01T20:30:00Z,watch,episode,Friends,1994,8.7,1657,tt0108778,1668")

        assert refused(file) == [("not_a_film", "type", "episode")]

    def test_of_ratings_have_the_owners_score_last(self) -> None:
        file = table(
            "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,released,genres,rating",
            "2024-03-01T20:30:00Z,movie,Skyscraper,2018,7.05,293862,tt5758778,447200,,,2018-07-13,action,6",
        )

        [only] = said(file)

        assert (only.score, only.noted_at, only.watched_on) == (60, NOTED_AT, None)
