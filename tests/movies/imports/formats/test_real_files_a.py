"""Files that IMDb, TMDB, Trakt, Movary and Simkl really wrote, or whose heading they did, kept beside the project and not in
it."""

import datetime
import io
from pathlib import Path

import pytest

from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, Row
from tests.movies.imports.formats.files import read

PROJECT = Path(__file__).parents[4]
FOLDERS = (folder / "shared" / "data" / "exports" for folder in PROJECT.parents)
DATA = next(filter(Path.is_dir, FOLDERS), None)

if DATA is None:
    pytest.skip("real exports lie in shared/data/exports beside the project", allow_module_level=True)

LISTS = ("imdb.watchlist", "imdb.list")


def file(path: str) -> io.BytesIO:
    return io.BytesIO((DATA / path).read_bytes())


def rows(path: str, **options: str) -> tuple[list[Row], list[BadRow]]:
    told = read(file(path), **options)
    return [row for row in told if isinstance(row, Row)], [row for row in told if isinstance(row, BadRow)]


def seen(path: str) -> list[tuple[str, int | None]]:
    """Titles and scores of what was seen."""
    return [(row.said.film.title, row.said.score) for row in rows(path)[0] if row.said.is_seen]


def wanted(path: str) -> list[str]:
    return [row.said.film.title for row in rows(path)[0] if row.said.is_wished]


def not_films(path: str) -> list[tuple[int, str]]:
    """Lines of them; nothing else may be bad."""
    bad = rows(path)[1]
    assert {row.code for row in bad} <= {"not_a_film"}
    return [(row.line, row.value) for row in bad]


@pytest.mark.parametrize(
    ("path", "known", "choices"),
    [
        ("imdb/v1_ratings_old.csv", "imdb", ()),
        ("imdb/v2_ratings_2017.csv", "imdb", ()),
        ("imdb/v3_ratings_current.csv", "imdb", ()),
        ("imdb/list_or_watchlist.csv", "imdb", LISTS),
        ("tmdb_account/import_tmdb_ratings.csv", "tmdb_account", ()),
        ("tmdb_account/import_tmdb_watchlist.csv", "tmdb_account", ()),
        ("trakt/api/import_trakt_ratings.json", "trakt", ()),
        ("trakt/api/import_trakt_watched.json", "trakt", ()),
        ("trakt/export_zip_neodb/trakt-export-test.zip", "trakt", ()),
        ("movary/history_constructed.csv", "movary", ()),
        ("movary/ratings_constructed.csv", "movary", ()),
        ("movary/watchlist_constructed.csv", "movary", ()),
        ("simkl/SimklBackup_constructed.json", "simkl", ()),
    ],
)
def test_each_is_known_for_what_it_is(path: str, known: str, choices: tuple[str, ...]) -> None:
    recognised = registry.recognise(file(path))

    assert (recognised.format, recognised.choices) == (known, choices)


def test_no_file_of_ours_is_left_out() -> None:
    ours = ("imdb", "tmdb_account", "trakt", "movary", "simkl")
    there = {path.suffix for name in ours for path in (DATA / name).rglob("*") if path.is_file()}

    assert there == {".csv", ".json", ".zip"}
    assert sum(path.is_file() for name in ours for path in (DATA / name).rglob("*")) == 13


def test_imdb_of_all_ages() -> None:
    assert seen("imdb/v1_ratings_old.csv") == [("Focus", 60), ("The Cabin in the Woods", 60), ("Face/Off", 70)]
    assert seen("imdb/v2_ratings_2017.csv") == [("Arrival", 70), ("Fight Club", 100)]
    assert seen("imdb/v3_ratings_current.csv") == [
        ("Spirited Away", 100),
        ("Seven Samurai", 90),
        ("The Dark Knight", 80),
    ]
    assert not_films("imdb/v3_ratings_current.csv") == [(5, "TV Mini Series")]


def test_imdb_ratings_have_no_watch_dates() -> None:
    told = [row.said for age in ("v1_ratings_old", "v2_ratings_2017") for row in rows(f"imdb/{age}.csv")[0]]

    assert {(said.is_viewing, said.watched_on) for said in told} == {(False, None)}
    assert [f"{said.noted_at:%Y-%m-%d}" for said in told] == [*["2015-03-01"] * 3, "2017-04-02", "2017-12-03"]


@pytest.mark.parametrize("part", LISTS)
def test_imdb_lists_hold_films_of_all_kinds_and_other_things(part: str) -> None:
    good, bad = rows("imdb/list_or_watchlist.csv", part=part)

    assert [(row.line, row.said.film.imdb_id, row.said.score) for row in good] == [
        (2, "tt0468569", 80),
        (3, "tt0468569", None),
        (4, "tt0111161", 90),
        (6, "tt16968450", None),
        (10, "tt0475293", None),
        (11, "tt13623136", None),
        (12, "tt33998607", None),
        (14, "tt1117563", None),
        (15, "tt0088263", None),
    ]
    assert [row.line for row in good if row.said.is_seen] == [2, 4]
    assert {row.said.is_wished for row in good} == {part == "imdb.watchlist"}
    assert {bool(row.said.list_name) for row in good} == {part == "imdb.list"}
    assert [(row.line, row.code) for row in bad] == [(line, "not_a_film") for line in (5, 7, 8, 9, 13, 16, 17)]


def test_tmdb() -> None:
    assert seen("tmdb_account/import_tmdb_ratings.csv") == [("부산행", 70), ("Pulp Fiction", 80)]
    assert not_films("tmdb_account/import_tmdb_ratings.csv") == [(2, "tv"), (4, "tv")]
    assert not_films("tmdb_account/import_tmdb_watchlist.csv") == [(2, "tv"), (3, "tv")]


def test_trakt_answers() -> None:
    assert seen("trakt/api/import_trakt_ratings.json") == [("Pulp Fiction", 80)]
    assert not_films("trakt/api/import_trakt_watched.json") == [(1, "South Park")]


def test_trakt_archive() -> None:
    good, bad = rows("trakt/export_zip_neodb/trakt-export-test.zip")

    assert bad == []
    assert [(row.file, row.said.film.tmdb_id) for row in good] == [
        ("watched-movies.json", 293767),
        ("ratings-movies.json", 27205),
        ("lists-watchlist.json", 250658),
        ("lists-list-99999-my-test-list.json", 27205),
        ("lists-list-99999-my-test-list.json", 293767),
    ]
    watched, rated, wished, first, second = (row.said for row in good)
    assert (watched.is_viewing, watched.watched_on) == (True, datetime.date(2023, 6, 1))
    assert (rated.score, rated.watched_on) == (90, None)
    assert wished.is_wished
    assert (first.list_name, first.list_description) == ("My Test List", "A test list description")
    assert (first.list_position, first.list_note) == (1, "Great movie")
    assert (second.list_position, second.list_note) == (2, "")


def test_movary() -> None:
    good, bad = rows("movary/history_constructed.csv")

    assert bad == []
    assert [(row.said.film.tmdb_id, row.said.watched_on, row.said.memo) for row in good] == [
        (129, datetime.date(2025, 1, 3), ""),
        (129, datetime.date(2025, 6, 1), "二回目, 最高"),
        (27205, None, ""),
        (999999999, datetime.date(2025, 3, 1), "line1\nline2"),
    ]
    assert {row.said.is_viewing for row in good} == {True}
    assert seen("movary/ratings_constructed.csv") == [("千と千尋の神隠し", 100), ("Inception", 80)]
    assert wanted("movary/watchlist_constructed.csv") == ["Exit 8"]


def test_simkl() -> None:
    path = "simkl/SimklBackup_constructed.json"

    assert seen(path) == [("Perfect Blue", 90)]
    assert rows(path)[0][0].said.watched_on == datetime.date(2023, 2, 1)
    assert wanted(path) == ["Exit 8", "Example Anime"]
    assert [row.said.memo for row in rows(path)[0]] == ["", "見たい", "Great series!"]
    assert not_films(path) == [(1, "Breaking Bad")]
