import datetime

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import FilmNamed, Said
from tests.movies.imports.formats.files import refused, said, table

HEADER = "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated"
RATED_AT = datetime.datetime(2023, 5, 2, 9, 29, 50, tzinfo=datetime.UTC)


def row(
    *, kind: str = "movie", number: str = "396535", released: str = "2016-07-20T00:00:00Z", score: str = "7"
) -> str:
    return f"{number},tt5700672,{kind},부산행,{released},,,7.757,{score},2023-05-02T09:29:50Z"


FILM = FilmNamed(title="부산행", year=2016, tmdb_id=396535, imdb_id="tt5700672")


def test_is_known_by_its_columns() -> None:
    recognised = registry.recognise(table(HEADER, row()))

    assert (recognised.format, recognised.choices) == ("tmdb_account", ())


def test_a_rated_film_was_seen_and_its_rating_has_no_watch_date() -> None:
    assert said(table(HEADER, row())) == [Said(film=FILM, is_seen=True, score=70, noted_at=RATED_AT)]


def test_half_points_are_kept() -> None:
    assert said(table(HEADER, row(score="7.5")))[0].score == 75


def test_a_film_without_a_rating_is_wanted() -> None:
    assert said(table(HEADER, row(score=""))) == [Said(film=FILM, is_wished=True, noted_at=RATED_AT)]


@pytest.mark.parametrize("kind", ["tv", "TV", "season", "episode", ""])
def test_what_is_not_called_a_film_is_refused_whatever_its_number(kind: str) -> None:
    assert refused(table(HEADER, row(kind=kind))) == [("not_a_film", "Type", kind)]


@pytest.mark.parametrize(
    ("released", "year"),
    [("", None), ("0001-01-01T00:00:00Z", None), ("2017-01-01T00:00:00Z", 2017), ("1927-01-10", 1927)],
)
def test_the_year_is_that_of_the_release_in_any_zone(released: str, year: int | None) -> None:
    assert said(table(HEADER, row(released=released)))[0].film.year == year


@pytest.mark.parametrize("number", ["0", "-1", "tt5700672", "99999999999"])
def test_a_number_that_tmdb_cannot_have_is_refused(number: str) -> None:
    assert refused(table(HEADER, row(number=number))) == [("not_a_tmdb_id", "TMDb ID", number)]
