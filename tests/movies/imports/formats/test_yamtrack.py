import datetime

import pytest

from movies.imports.formats.rows import FilmNamed, Said
from tests.movies.imports.formats.files import refused, said, table

OLD = "media_id,source,media_type,title,image,season_number,episode_number,score,status,notes,start_date,end_date,progress"
DATED = f"{OLD},created_at,progressed_at"
NEW = (
    "media_id,source,media_type,title,image,season_number,episode_number,score,progress,status,start_date,end_date,notes,"
    "progressed_at"
)
WITH_LISTS = f"row_type,{NEW},list_uid,list_name,list_description,list_tags,list_item_date_added"
NOTED = datetime.datetime(2024, 2, 9, 15, 30, tzinfo=datetime.UTC)


def row(**cells):
    """Of a table with these columns alone."""
    told = {"media_id": "10494", "source": "tmdb", "media_type": "movie", "title": "Perfect Blue"} | cells
    return table(",".join(told), ",".join(f'"{cell}"' for cell in told.values()))


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        (OLD, "10494,tmdb,movie,Perfect Blue,,,,9.0,Completed,good,,2024-02-09,1"),
        (DATED, "10494,tmdb,movie,Perfect Blue,,,,9.0,Completed,good,,2024-02-09,1,,"),
        (NEW, "10494,tmdb,movie,Perfect Blue,,,,9.0,1,Completed,,2024-02-09,good,"),
        (WITH_LISTS, "media,10494,tmdb,movie,Perfect Blue,,,,9.0,1,Completed,,2024-02-09,good,,,,,,"),
    ],
)
def test_a_table_of_any_age_is_read_by_its_names(heading, line):
    assert said(table(heading, line)) == [
        Said(
            film=FilmNamed("Perfect Blue", tmdb_id=10494),
            is_seen=True,
            is_viewing=True,
            watched_on=datetime.date(2024, 2, 9),
            score=90,
            memo="good",
        )
    ]


@pytest.mark.parametrize(("written", "score"), [("7.25", 73), ("10", 100), ("0", 0), ("", None)])
def test_a_score_ends_at_ten(written, score):
    (seen,) = said(row(status="Completed", score=written))

    assert seen.score == score


@pytest.mark.parametrize("status", ["Completed", "completed", "COMPLETED"])
def test_what_was_completed_on_no_day_was_seen_whenever(status):
    (seen,) = said(row(status=status))

    assert (seen.is_seen, seen.is_viewing) == (True, False)


def test_what_is_planned_is_wished_for():
    (planned,) = said(row(status="Planning", score="8", notes="soon", created_at="2024-02-09T15:30:00Z"))

    assert planned == Said(film=FilmNamed("Perfect Blue", tmdb_id=10494), is_wished=True, memo="soon", noted_at=NOTED)


@pytest.mark.parametrize("status", ["In progress", "Dropped", "Paused", "whatever"])
def test_what_was_not_seen_to_its_end_is_refused(status):
    assert refused(row(status=status, score="8")) == [("not_seen", "status", status)]


def test_without_a_status_what_ended_or_was_judged_was_seen():
    assert said(row(end_date="2024-02-09"))[0].is_viewing
    assert said(row(score="8"))[0].is_seen
    assert refused(row(end_date="")) == [("not_seen", "status", "")]


@pytest.mark.parametrize("source", ["manual", "mal", ""])
def test_a_number_of_anybody_but_tmdb_is_none_of_ours(source):
    (seen,) = said(row(source=source, status="Completed", media_id="x1"))

    assert seen.film == FilmNamed("Perfect Blue")


def test_a_number_alone_names_a_film_and_nothing_does_not():
    assert said(row(title="", status="Completed"))[0].film == FilmNamed(tmdb_id=10494)
    assert refused(row(title="", source="manual", status="Completed")) == [("no_title", "title", "")]


@pytest.mark.parametrize("kind", ["tv", "season", "episode", "anime", "manga", "game", "book", ""])
def test_only_films_are_films(kind):
    assert refused(row(media_type=kind, status="Completed")) == [("not_a_film", "media_type", kind)]


def test_a_moment_falls_on_a_day_of_its_owner():
    (seen,) = said(row(status="Completed", end_date="2024-02-09T20:00:00Z"))

    assert seen.watched_on == datetime.date(2024, 2, 10)


def test_what_stands_on_a_list_is_of_that_list_alone():
    (listed,) = said(
        table(
            WITH_LISTS,
            "list_item,10494,tmdb,movie,Perfect Blue,,,,9.0,,Completed,,2024-02-09,why,,1,Favourites,Best,,2024-02-09T15:30:00Z",
        )
    )

    assert listed == Said(
        film=FilmNamed("Perfect Blue", tmdb_id=10494),
        list_name="Favourites",
        list_description="Best",
        list_note="why",
        noted_at=NOTED,
    )


def test_a_list_itself_says_nothing_of_a_film():
    assert refused(table(WITH_LISTS, 'list,,,,,,,,,,,,,,,1,Favourites,Best,"[""a""]",')) == [
        ("not_a_film", "row_type", "list")
    ]
