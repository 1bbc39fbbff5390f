import datetime

import pytest

from movies.imports.formats import registry
from movies.imports.formats.registry import Recognised
from movies.imports.formats.rows import BadRow, FilmNamed, Said
from tests.movies.imports.formats.files import read, refused, said, table

CURRENT = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,"
    "Release Date,Directors"
)
OF_2017 = "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,Directors"
OLD = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"'
)
LISTED = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors,Your Rating,Date Rated"
)
LISTED_UNRATED = LISTED.removesuffix(",Your Rating,Date Rated")


def noon(*day: int) -> datetime.datetime:
    return datetime.datetime(*day, 12, tzinfo=datetime.UTC)


def rating(*, const: str = "tt0047478", score: str = "9", kind: str = "Movie") -> str:
    address = "https://www.imdb.com/title/tt0047478/"
    return f'{const},{score},2025-02-03,Seven Samurai,Shichinin,{address},{kind},8.6,207,1954,"Action, Drama",1,1954-04-26,"A  B, C"'


def listed(*, rated: str = ",", note: str = "", kind: str = "Movie") -> str:
    return f"3,tt0111161,2023-07-11,2024-02-03,{note},Shawshank,,,{kind},9.3,142,1994,Drama,1,1994-09-23,Frank Darabont,{rated}"


class TestRatings:
    def test_tell_the_film_and_its_score_but_no_viewing(self) -> None:
        assert said(table(CURRENT, rating())) == [
            Said(
                film=FilmNamed(
                    title="Seven Samurai",
                    original_title="Shichinin",
                    year=1954,
                    imdb_id="tt0047478",
                    directors=("A B", "C"),
                    address="https://www.imdb.com/title/tt0047478/",
                ),
                is_seen=True,
                score=90,
                noted_at=noon(2025, 2, 3),
            )
        ]

    def test_of_2017_have_no_original_title(self) -> None:
        row = "tt2543164,7,2017-04-02,Arrival,,movie,7.9,116,2016,Drama,447934,2016-09-01,Denis Villeneuve"

        [only] = said(table(OF_2017, row))

        assert (only.film.title, only.film.original_title, only.score) == ("Arrival", "", 70)
        assert (only.noted_at, only.watched_on, only.is_viewing) == (noon(2017, 4, 2), None, False)

    def test_before_2017_have_their_days_in_words_and_the_year_in_the_title(self) -> None:
        row = (
            '"1","tt2381941","Sun Mar  1 00:00:00 2015","","","Focus (2015)","Feature Film","Glenn Ficarra, John Requa","6",'
            '"6.9","105","2015","comedy","0","2015-02-25","http://www.imdb.com/title/tt2381941/"'
        )

        [only] = said(table(OLD, row))

        assert only.film == FilmNamed(
            title="Focus",
            year=2015,
            imdb_id="tt2381941",
            directors=("Glenn Ficarra", "John Requa"),
            address="http://www.imdb.com/title/tt2381941/",
        )
        assert (only.is_seen, only.score, only.noted_at) == (True, 60, noon(2015, 3, 1))

    def test_before_2017_may_have_no_readable_day(self) -> None:
        row = '"1","tt2381941","Sun Mars 1 2015","","","Focus","Feature Film","","6","","","2015","","","",""'

        assert refused(table(OLD, row)) == [("not_a_date", "created", "Sun Mars 1 2015")]

    def test_a_year_that_is_the_title_stays(self) -> None:
        row = "tt1190080,7,2017-04-02,2012,,movie,5.8,158,2009,Drama,1,2009-10-14,Roland Emmerich"

        assert said(table(OF_2017, row))[0].film.title == "2012"

    @pytest.mark.parametrize("header", [CURRENT, OF_2017, OLD])
    def test_are_known_by_their_columns_whatever_their_age(self, header: str) -> None:
        recognised = registry.recognise(table(header, "tt0047478,9"))

        assert (recognised.format, recognised.choices) == ("imdb", ())

    @pytest.mark.parametrize(("score", "value"), [("11", "11"), ("★★★", "★★★"), ("", "")])
    def test_without_a_score_of_ten_are_refused(self, score: str, value: str) -> None:
        assert refused(table(CURRENT, rating(score=score))) == [("not_a_score", "Your Rating", value)]


class TestConst:
    @pytest.mark.parametrize(
        ("written", "meant"), [("tt0047478", "tt0047478"), ("16968450", "tt16968450"), ("47478", "tt0047478")]
    )
    def test_may_have_lost_its_letters_and_noughts(self, written: str, meant: str) -> None:
        assert said(table(CURRENT, rating(const=written)))[0].film.imdb_id == meant

    def test_of_a_person_is_no_film(self) -> None:
        assert refused(table(CURRENT, rating(const="nm0000041"))) == [("not_an_imdb_id", "Const", "nm0000041")]


class TestTypes:
    @pytest.mark.parametrize(
        "kind",
        [
            *("TV Series", "tvSeries", "TV Mini Series", "tvMiniSeries", "Mini-Series", "TV Episode", "tvEpisode"),
            *("Video Game", "videoGame", "Podcast Series", "Podcast Episode", "Série TV", "Épisode TV", "Jeu vidéo"),
            *("Fernsehserie", "TV-Folge", "Serie de TV", "Videojuego", "Minissérie de televisão", "テレビシリーズ"),
        ],
    )
    def test_that_are_no_films_are_refused(self, kind: str) -> None:
        assert refused(table(CURRENT, rating(kind=kind))) == [("not_a_film", "Title Type", kind)]

    @pytest.mark.parametrize(
        "kind",
        [
            *(
                "Movie",
                "movie",
                "MOVIE",
                "Film",
                "映画",
                "Feature Film",
                "Documentary",
                "TV Movie",
                "tvMovie",
                "TV Special",
            ),
            *("TV Short", "Short", "Short Film", "Video", "Music Video", "Película de TV", ""),
        ],
    )
    def test_that_are_films_in_whatever_words_are_taken(self, kind: str) -> None:
        assert len(said(table(CURRENT, rating(kind=kind)))) == 1


class TestLists:
    @pytest.mark.parametrize("header", [LISTED, LISTED_UNRATED])
    def test_do_not_say_whether_they_are_the_watchlist(self, header: str) -> None:
        recognised = registry.recognise(table(header, listed()))

        assert recognised.format == "imdb"
        assert recognised.choices == ("imdb.watchlist", "imdb.list")

    def test_of_people_are_none_of_ours(self) -> None:
        people = table(
            "Position,Const,Created,Modified,Description,Name,Known For,Birth Date",
            "1,nm0000041,,,,Kurosawa,,1910-03-23",
        )

        recognised = registry.recognise(people)

        assert isinstance(recognised, Recognised)
        assert recognised.format == "plain"

    def test_are_wishes_if_they_are_the_watchlist(self) -> None:
        [only] = said(table(LISTED, listed(note="from Ken")), part="imdb.watchlist")

        assert only == Said(film=only.film, is_wished=True, memo="from Ken", noted_at=noon(2023, 7, 11))
        assert only.film == FilmNamed(title="Shawshank", year=1994, imdb_id="tt0111161", directors=("Frank Darabont",))

    def test_are_lists_if_they_are_not(self) -> None:
        [only] = said(table(LISTED, listed(note="from Ken")), part="imdb.list", list_name="Prisons")

        assert (only.list_name, only.list_position, only.list_note) == ("Prisons", 3, "from Ken")
        assert (only.is_wished, only.is_seen, only.memo) == (False, False, "")

    def test_have_some_name_if_nobody_says_one(self) -> None:
        assert said(table(LISTED, listed()), part="imdb.list")[0].list_name == "IMDb"

    @pytest.mark.parametrize("part", ["imdb.watchlist", "imdb.list"])
    def test_say_that_a_film_was_seen_that_was_rated(self, part: str) -> None:
        [only] = said(table(LISTED, listed(rated="9,2025-02-03")), part=part)

        assert (only.is_seen, only.score, only.noted_at) == (True, 90, noon(2025, 2, 3))
        assert (only.is_viewing, only.watched_on) == (False, None)
        assert only.is_wished == (part == "imdb.watchlist")
        assert bool(only.list_name) == (part == "imdb.list")

    def test_go_on_after_a_series(self) -> None:
        series, film = read(table(LISTED, listed(kind="TV Series"), listed()), part="imdb.list")

        assert isinstance(series, BadRow)
        assert (series.part, series.line, series.code) == ("imdb.list", 2, "not_a_film")
        assert not isinstance(film, BadRow)
