import datetime

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import FilmNamed, Said
from tests.movies.imports.formats.files import document, refused, said, table

MARKS = "Title,Rating,Review,URL"
DATED = "title,year,rating,date"
URL = "https://filmarks.com/movies/115729"
ITEM = {
    "id": "0023",
    "movieId": "115729",
    "reviewId": "217149136",
    "title": "憐れみの３章",
    "production_year": 2024,
    "watched_date": "2026-05-08 22:47",
    "rating": 3,
    "review": "連作短編集",
}


def test_the_year_of_production_stands_behind_the_title():
    assert said(table(MARKS, f'憐れみの３章(2024年製作の映画),3.1,"良い,\n映画",{URL}')) == [
        Said(
            film=FilmNamed("憐れみの３章", year=2024, year_slack=1, address=URL),
            is_seen=True,
            score=62,
            review="良い,\n映画",
        )
    ]


@pytest.mark.parametrize(
    ("written", "title", "year"),
    [
        ("黒牢城（2026年製作の映画）", "黒牢城", 2026),
        ("黒牢城 （２０２６年製作の映画）", "黒牢城", 2026),
        ("28年後...(2025年製作の映画)", "28年後...", 2025),
        ("テルマ(完全版)(2024年製作の映画)", "テルマ(完全版)", 2024),
        ("黒牢城(製作の映画)", "黒牢城", None),
        ("黒牢城", "黒牢城", None),
        ("2001年宇宙の旅(1968)", "2001年宇宙の旅(1968)", None),
    ],
)
def test_brackets_and_digits_are_of_either_width_and_may_be_missing(written, title, year):
    (seen,) = said(table(MARKS, f"{written},-,,{URL}"))

    assert (seen.film.title, seen.film.year) == (title, year)


@pytest.mark.parametrize(
    ("title", "url", "column"),
    [
        ("黒牢城(2026年製作のドラマ)", URL, "Title"),
        ("黒牢城(2026年製作のアニメ)", URL, "Title"),
        ("黒牢城", "https://filmarks.com/dramas/1/2", "URL"),
        ("黒牢城", "https://filmarks.com/animes/1/2", "URL"),
    ],
)
def test_series_are_no_films(title, url, column):
    ((code, at, _value),) = refused(table(MARKS, f"{title},3.0,,{url}"))

    assert (code, at) == ("not_a_film", column)


@pytest.mark.parametrize(
    ("stars", "score"), [("0.0", 0), ("0.1", 2), ("2.8", 56), ("3", 60), ("5.0", 100), ("-", None), ("", None)]
)
def test_a_score_has_one_decimal_and_a_line_is_none(stars, score):
    (seen,) = said(table(MARKS, f"黒牢城(2026年製作の映画),{stars},,{URL}"))

    assert (seen.score, seen.watched_on, seen.is_viewing) == (score, None, False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("黒牢城(2026年製作の映画),5.1,,", ("not_a_score", "Rating", "5.1")),
        ("(2026年製作の映画),5,,", ("no_title", "Title", "(2026年製作の映画)")),
        ("黒牢城(9999年製作の映画),5,,", ("not_a_year", "Title", "黒牢城(9999年製作の映画)")),
    ],
)
def test_what_cannot_be_is_refused(line, why):
    assert refused(table(MARKS, line)) == [why]


def test_a_day_is_one_of_a_viewing():
    dated, undated = said(table(DATED, "黒牢城,2026,2.6,2026-06-24", "罪人たち,2025,,"))

    assert dated == Said(
        film=FilmNamed("黒牢城", year=2026, year_slack=1),
        is_seen=True,
        is_viewing=True,
        watched_on=datetime.date(2026, 6, 24),
        score=52,
    )
    assert (undated.is_seen, undated.is_viewing, undated.score) == (True, False, None)


def test_a_table_with_more_columns_is_anyones_own():
    assert registry.recognise(table(f"{DATED},memo", "黒牢城,2026,8,2026-06-24,x")).format == "plain"


def test_an_array_says_when_it_was_seen_on_the_clock_of_its_owner():
    assert said(document([ITEM])) == [
        Said(
            film=FilmNamed("憐れみの３章", year=2024, year_slack=1, address=URL),
            is_seen=True,
            is_viewing=True,
            watched_on=datetime.date(2026, 5, 8),
            viewing_key="217149136",
            score=60,
            review="連作短編集",
        )
    ]


def test_what_an_item_lacks_it_does_not_say():
    (seen,) = said(document([{"movieId": None, "reviewId": "", "title": "黒牢城", "watched_date": "", "rating": None}]))

    assert seen == Said(film=FilmNamed("黒牢城", year_slack=1), is_seen=True)


def test_titles_are_japanese():
    assert registry.BY_NAME["filmarks"].language == "ja"
