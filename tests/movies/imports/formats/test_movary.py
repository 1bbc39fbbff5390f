import datetime

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import FilmNamed, Said
from tests.movies.imports.formats.files import refused, said, table

HISTORY = "title,year,tmdbId,imdbId,watchedAt,comment,location"
OLD_HISTORY = "title,year,tmdbId,imdbId,watchedAt"
RATINGS = "title,year,tmdbId,imdbId,userRating"
WATCHLIST = "title,year,tmdbId,imdbId,addedAt"
ROW = "千と千尋の神隠し,2001,129,tt0245429,"
FILM = FilmNamed(title="千と千尋の神隠し", year=2001, tmdb_id=129, imdb_id="tt0245429")


@pytest.mark.parametrize("header", [HISTORY, OLD_HISTORY, RATINGS, WATCHLIST])
def test_each_file_is_known_by_its_columns(header: str) -> None:
    recognised = registry.recognise(table(header, ROW))

    assert (recognised.format, recognised.choices) == ("movary", ())


def test_each_play_is_a_viewing() -> None:
    file = table(HISTORY, f"{ROW}2025-01-03,,自宅", f'{ROW}2025-06-01,"二回目, 最高",TOHOシネマズ')

    assert said(file) == [
        Said(film=FILM, is_seen=True, is_viewing=True, watched_on=datetime.date(2025, 1, 3)),
        Said(film=FILM, is_seen=True, is_viewing=True, watched_on=datetime.date(2025, 6, 1), memo="二回目, 最高"),
    ]


def test_a_play_without_a_day_is_a_viewing_on_an_unknown_one() -> None:
    assert said(table(OLD_HISTORY, ROW)) == [Said(film=FILM, is_seen=True, is_viewing=True)]


def test_a_comment_keeps_its_lines() -> None:
    assert said(table(HISTORY, f'{ROW}2025-03-01,"line1\nline2",'))[0].memo == "line1\nline2"


def test_a_rating_is_of_ten_and_no_viewing() -> None:
    assert said(table(RATINGS, f"{ROW}7")) == [Said(film=FILM, is_seen=True, score=70)]


@pytest.mark.parametrize("score", ["", "11", "good"])
def test_a_rating_without_a_score_is_refused(score: str) -> None:
    assert refused(table(RATINGS, f"{ROW}{score}")) == [("not_a_score", "userRating", score)]


def test_the_watchlist_is_wanted() -> None:
    added_at = datetime.datetime(2026, 2, 1, 16, 39, 27, tzinfo=datetime.UTC)

    assert said(table(WATCHLIST, f"{ROW}2026-02-01 16:39:27")) == [Said(film=FILM, is_wished=True, noted_at=added_at)]


def test_a_number_is_enough_to_name_a_film_and_nothing_is_not() -> None:
    assert said(table(OLD_HISTORY, ",,129,,"))[0].film == FilmNamed(tmdb_id=129)
    assert refused(table(OLD_HISTORY, ",2001,,,2025-01-03")) == [("no_title", "title", "")]


def test_other_tables_of_titles_and_years_are_not_taken_for_it() -> None:
    assert registry.recognise(table("title,year,rating,date", "七人の侍,1954,4.5,2025-01-03")).format != "movary"
