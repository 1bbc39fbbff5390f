import datetime

import pytest

from movies.imports.formats.rows import BadRow, FilmNamed, Said
from tests.movies.imports.formats.files import archive_of, read, refused, said, table

DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date"
RATINGS = "Date,Name,Year,Letterboxd URI,Rating"
FILMS = "Date,Name,Year,Letterboxd URI"
TAKEN_IN = "LetterboxdURI,tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review"
LIST = (
    "Letterboxd list export v7",
    "Date,Name,Tags,URL,Description",
    '2024-05-01,Ferries,,https://boxd.it/x,"Two lines,',
    'of ""words"""',
    "",
    "Position,Name,Year,URL,Description",
)
NOTED = datetime.datetime(2026, 8, 18, 12, tzinfo=datetime.UTC)


def test_a_diary_entry_is_a_viewing_known_by_its_address():
    (seen,) = said(table(DIARY, '2026-08-18,Ferry,1974,https://boxd.it/f,3.5,Yes,"late, at sea",2025-02-24'))

    assert seen == Said(
        film=FilmNamed("Ferry", year=1974),
        is_seen=True,
        is_viewing=True,
        watched_on=datetime.date(2025, 2, 24),
        is_again=True,
        viewing_key="https://boxd.it/f",
        score=70,
        tags=("late", "at sea"),
        noted_at=NOTED,
    )


def test_a_diary_entry_without_a_day_is_a_viewing_of_an_unknown_one():
    (seen,) = said(table(DIARY, "2026-08-18,Ferry,1974,https://boxd.it/f,,,,"))

    assert (seen.is_viewing, seen.watched_on) == (True, None)


def test_the_page_of_a_film_is_no_key_of_a_viewing():
    """Some tools write it into the diary: two viewings would be taken for one."""
    first, second = said(
        table(
            "Date,Name,Year,Letterboxd URI,Rewatch",
            "2025-01-01,Ferry,2016,https://letterboxd.com/film/ferry/,no",
            "2025-02-20,Ferry,2016,https://letterboxd.com/film/ferry/,yes",
        )
    )

    assert first.viewing_key == second.viewing_key == ""
    assert first.film.address == "https://letterboxd.com/film/ferry/"
    assert (first.is_again, second.is_again) == (False, True)


def test_a_review_with_a_day_is_a_viewing_and_one_without_is_of_a_film_seen_whenever():
    dated, undated = said(
        table(REVIEWS, "2026-08-18,A,1974,https://a,5,,Good,,2026-08-01", "2026-08-18,B,1974,https://b,5,,Fine,,")
    )

    assert (dated.review, dated.is_viewing) == ("Good", True)
    assert (undated.review, undated.is_viewing, undated.is_seen) == ("Fine", False, True)


@pytest.mark.parametrize(
    ("stars", "score"),
    [("0.5", 10), ("3.5", 70), ("5", 100), ("4.0", 80), ("3,5", 70), ("★★★½", 70), ("½", 10), ("３．５", 70)],
)
def test_half_stars_are_real(stars, score):
    (rated,) = said(table(RATINGS, f'2024-05-12,Ferry,2014,https://boxd.it/7,"{stars}"'))

    assert rated.score == score


def test_the_date_of_a_rating_is_no_day_on_which_anything_was_watched():
    (rated,) = said(table(RATINGS, "2024-05-12,Ferry,2014,https://boxd.it/7,4"))

    assert (rated.is_seen, rated.is_viewing, rated.watched_on) == (True, False, None)
    assert rated.film.address == "https://boxd.it/7"


@pytest.mark.parametrize("rating", ["5.5", "-1", "not-a-number", "", "1e1", "1_0", "★★★★★★"])
def test_what_is_no_rating_is_refused_with_what_stands_there(rating):
    assert refused(table(RATINGS, f"2024-05-12,Ferry,2014,https://boxd.it/7,{rating}")) == [
        ("not_a_score", "Rating", rating)
    ]


@pytest.mark.parametrize("part", ["watched", "watchlist", "likes"])
def test_three_tables_look_alike_and_whoever_brings_one_says_which_it_is(part):
    (told,) = said(table(FILMS, "2024-05-12,Ferry,2014,https://boxd.it/7"), part=f"letterboxd.{part}")

    assert {"watched": told.is_seen, "watchlist": told.is_wished, "likes": told.is_liked} == {
        name: name == part for name in ("watched", "watchlist", "likes")
    }


def test_a_list_is_named_above_its_table():
    listed = said(table(*LIST, "1,Ferry,1974,https://boxd.it/f,first", "2,Barge,1980,https://boxd.it/b,"))

    assert [(row.film.title, row.list_position, row.list_note) for row in listed] == [
        ("Ferry", 1, "first"),
        ("Barge", 2, ""),
    ]
    assert {row.list_name for row in listed} == {"Ferries"}
    assert {row.list_description for row in listed} == {'Two lines,\nof "words"'}
    assert not any(row.is_seen or row.is_wished for row in listed)


def test_the_table_that_it_takes_in_holds_numbers_and_scores_to_ten():
    ten, five, again = said(
        table(
            TAKEN_IN,
            ',603,tt0133093,The Matrix,1999,"Lana Wachowski, Lilly Wachowski",,7,2020-01-02,,,Whoa',
            ",,,Ferry,,,3.5,,,,,",
            ",,,Ferry,,,,,,Yes,,",
        )
    )

    assert ten.film == FilmNamed(
        "The Matrix", year=1999, tmdb_id=603, imdb_id="tt0133093", directors=("Lana Wachowski", "Lilly Wachowski")
    )
    assert (ten.score, ten.watched_on, ten.is_viewing) == (70, datetime.date(2020, 1, 2), True)
    assert (five.score, five.is_viewing) == (70, False)
    assert (again.is_viewing, again.is_again, again.watched_on) == (True, True, None)


def archive(prefix=""):
    return archive_of(
        {
            f"{prefix}profile.csv": "Date Joined,Username\n2020-01-01,me\n",
            f"{prefix}diary.csv": f"{DIARY}\n2026-08-18,D,1974,https://d,4,,,2025-02-24\n",
            f"{prefix}reviews.csv": f"{REVIEWS}\n2026-08-18,D,1974,https://d,4,,Good,,2025-02-24\n",
            f"{prefix}ratings.csv": f"{RATINGS}\n2026-08-18,R,1974,https://r,4\n",
            f"{prefix}watched.csv": f"{FILMS}\n2026-08-18,W,1974,https://w\n",
            f"{prefix}watchlist.csv": f"{FILMS}\n",
            f"{prefix}likes/films.csv": f"{FILMS}\n2026-08-18,L,1974,https://l\n",
            f"{prefix}likes/lists.csv": "Date,URL\n2026-08-18,https://l\n",
            f"{prefix}lists/ferries.csv": "\n".join((*LIST, "1,F,1974,https://f,")),
            f"{prefix}deleted/diary.csv": f"{DIARY}\n2026-08-18,X,1974,https://x,4,,,2025-02-24\n",
            f"{prefix}orphaned/diary.csv": f"{DIARY}\n2026-08-18,X,1974,https://x,4,,,2025-02-24\n",
        }
    )


@pytest.mark.parametrize("prefix", ["", "letterboxd-me-2026/"])
def test_an_archive_is_read_whole_but_for_what_was_deleted(prefix):
    rows = read(archive(prefix))

    assert [(row.file, row.line, row.said.film.title) for row in rows] == [
        ("watched.csv", 2, "W"),
        ("ratings.csv", 2, "R"),
        ("diary.csv", 2, "D"),
        ("reviews.csv", 2, "D"),
        ("likes/films.csv", 2, "L"),
        ("lists/ferries.csv", 7, "F"),
    ]


def test_one_table_that_is_none_does_not_stop_the_others():
    rows = read(archive_of({"watched.csv": "\xff\xd8\x00", "ratings.csv": f"{RATINGS}\n,R,1974,https://r,4\n"}))

    assert [(row.file, getattr(row, "code", "")) for row in rows] == [("watched.csv", "no_text"), ("ratings.csv", "")]


def test_a_table_with_other_columns_than_its_name_says_is_refused_by_that_name():
    odd, _good = read(archive_of({"watched.csv": "A,B\n1,2\n", "ratings.csv": f"{RATINGS}\n,R,1974,https://r,4\n"}))

    assert isinstance(odd, BadRow)
    assert (odd.code, odd.about) == ("unknown_format", "watched.csv")
