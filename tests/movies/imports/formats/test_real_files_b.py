"""Files that Letterboxd, Filmarks' readers, Netflix and Yamtrack really wrote, kept beside the project and not in it."""

import datetime
import io
from collections import Counter
from pathlib import Path

import pytest

from movies.imports import refusals
from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, FileRefused, Row
from tests.movies.imports.formats.files import read

PROJECT = Path(__file__).parents[4]
FOLDERS = (folder / "shared" / "data" / "exports" for folder in PROJECT.parents)
DATA = next(filter(Path.is_dir, FOLDERS), None)

if DATA is None:
    pytest.skip("real exports lie in shared/data/exports beside the project", allow_module_level=True)

FILES = [
    pytest.param(path, id=str(path.relative_to(DATA)))
    for name in ("letterboxd", "filmarks", "netflix", "yamtrack")
    for path in sorted((DATA / name).rglob("*.*"))
]


def rows(path, **options):
    told = read(io.BytesIO((DATA / path).read_bytes()), **options)
    return [row for row in told if isinstance(row, Row)], [row for row in told if isinstance(row, BadRow)]


@pytest.mark.parametrize("path", FILES)
def test_every_file_is_known_and_what_is_bad_in_it_is_said(path):
    file = io.BytesIO(path.read_bytes())
    if path.suffix == ".rss":
        with pytest.raises(FileRefused) as refused:
            registry.recognise(file)
        assert refused.value.code == "no_heading"
        return

    known = registry.recognise(file).format
    told = read(file, date_order="mdy")

    assert known == path.relative_to(DATA).parts[0]
    assert told
    assert {row.code for row in told if isinstance(row, BadRow)} <= refusals.WORDS.keys()


def test_the_archive_of_letterboxd():
    good, bad = rows("letterboxd/zip_current/letterboxd-neodb-2025-08-08-02-36-utc.zip")

    assert bad == []
    assert [row.file for row in good] == ["watched.csv", "ratings.csv", "diary.csv", "reviews.csv", "likes/films.csv"]
    assert {row.said.film.title for row in good} == {"The Internet's Own Boy: The Story of Aaron Swartz"}
    assert {row.said.watched_on for row in good} == {None, datetime.date(2025, 8, 7)}


def test_rewatches_and_half_stars_of_letterboxd():
    diary, bad = rows("letterboxd/yamtrack_2026/diary.csv")
    third = [row.said for row in diary if row.said.film.title == "The Godfather Part III"]

    assert bad == []
    assert [(said.watched_on.month, said.is_again) for said in third] == [(4, False), (8, True)]
    assert Counter(row.said.score for row in diary) == {None: 4, 60: 2, 70: 3, 100: 1, 80: 1, 40: 1}


def test_one_bad_rating_costs_itself():
    good, (bad,) = rows("letterboxd/edge_constructed/ratings.csv")

    assert [row.said.score for row in good] == [100, 90]
    assert (bad.line, bad.code, bad.value) == (4, "not_a_score", "not-a-number")


def test_forty_marks_of_filmarks():
    good, bad = rows("filmarks/exporter_title_rating_review_url.csv")

    assert (len(good), bad) == (40, [])
    assert all(row.said.film.year and "製作" not in row.said.film.title for row in good)
    assert (good[0].said.film.title, good[0].said.film.year, good[0].said.score) == ("ノスフェラトゥ", 2024, 56)


def test_films_among_the_episodes_of_netflix():
    good, bad = rows("netflix/viewing_history.csv", date_order="mdy")

    assert "Meet Joe Black" in {row.said.film.title for row in good}
    assert {row.code for row in bad} == {"not_a_film"}
    assert {row.value for row in bad} >= {"White Collar: Season 2: Withdrawal", ": Episode 7"}


def test_one_film_among_the_series_of_yamtrack():
    (film,), bad = rows("yamtrack/import_yamtrack.csv")

    assert (film.said.film.tmdb_id, film.said.score, film.said.is_viewing) == (10494, 90, True)
    assert {row.code for row in bad} == {"not_a_film"}
