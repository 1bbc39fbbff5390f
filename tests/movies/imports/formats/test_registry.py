import io

import pytest

from movies.imports import refusals
from movies.imports.formats import registry
from movies.imports.formats.items import JsonPart
from movies.imports.formats.rows import FileRefused
from movies.imports.formats.tables import Part
from tests.movies.imports.formats.files import archive_of, document, read, table


def recognised(file):
    told = registry.recognise(file)
    return told.format, told.choices


def refusal(file):
    with pytest.raises(FileRefused) as refused:
        registry.recognise(file)
    return refused.value.code


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date", "letterboxd"),
        ("Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date", "letterboxd"),
        ("Name,Year,Letterboxd URI,Rating", "letterboxd"),
        (
            "LetterboxdURI,tmdbID,imdbID,Title,Year,Directors,Rating,Rating10,WatchedDate,Rewatch,Tags,Review",
            "letterboxd",
        ),
        ("media_id,source,media_type,title,score,status", "yamtrack"),
        ("Title,Rating,Review,URL", "filmarks"),
        ("title,year,rating,date", "filmarks"),
        ("Title,Date", "netflix"),
        ("Const,Your Rating,Date Rated,Title,URL,Title Type", "imdb"),
        ("mymovie_part,mymovie_file,mymovie_line,Name", "rejects"),
        ("title,date,memo", "plain"),
    ],
)
def test_a_table_is_known_by_its_columns_in_any_order_and_case(heading, name):
    upside_down = ",".join(reversed(heading.upper().split(",")))

    assert recognised(table(heading, "x" + "," * heading.count(",")))[0] == name
    assert recognised(table(upside_down, "x" + "," * heading.count(",")))[0] == name


def test_tables_that_look_alike_are_asked_about():
    heading = "Date,Name,Year,Letterboxd URI"

    assert recognised(table(heading, "2024-05-12,Ferry,2014,https://boxd.it/7")) == (
        "letterboxd",
        ("letterboxd.watched", "letterboxd.watchlist", "letterboxd.likes"),
    )


def test_a_list_alone_is_known_by_what_stands_below():
    told = registry.recognise(
        table(
            "Letterboxd list export v7", "Date,Name", "2024-05-01,x", "", "Position,Name,Year,URL,Description", "1,F,,,"
        )
    )

    assert (told.format, told.asks_columns) == ("letterboxd", False)


def test_an_archive_is_known_by_its_members_in_its_root_or_in_one_folder():
    assert recognised(archive_of({"diary.csv": ""}))[0] == "letterboxd"
    assert recognised(archive_of({"mine/ratings.csv": "", "__MACOSX/mine/._ratings.csv": ""}))[0] == "letterboxd"
    assert refusal(archive_of({"a/b/ratings.csv": ""})) == "unknown_archive"
    assert refusal(archive_of({"readme.txt": ""})) == "unknown_archive"


def test_a_document_is_known_by_the_keys_of_its_first_item():
    assert recognised(document([{"movieId": 1, "reviewId": 2, "title": "x"}]))[0] == "filmarks"
    for other in ([], {}, [1], [{"x": 1}], {"x": []}):
        assert refusal(document(other)) == "unknown_json"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"title,year\n", "no_rows"),
        (b"title,year\n\n,,\n", "no_rows"),
        (b"%PDF-1.7\n\xff\xfe\0\n\xff\0\n", "no_text"),
        (b"<?xml version='1.0'?>\n<rss>\n", "no_heading"),
        (b"t\0i\0t\0l\0e\0\n\0", "no_text"),
    ],
)
def test_what_is_no_film_log_is_refused(content, code):
    assert refusal(io.BytesIO(content)) == code


def test_a_table_whose_rows_are_all_bad_is_still_one():
    told = registry.recognise(table("Date,Name,Year,Letterboxd URI,Rating", '"lone'))

    assert (told.format, told.preview) == ("letterboxd", ())


def test_a_file_is_read_the_same_each_time():
    file = table("Name,Year,Letterboxd URI,Rating", "A,2014,x,5", "B,bad,x,5")

    assert read(file) == read(file)


def test_each_part_of_each_format_is_found_by_its_name():
    for known in registry.FORMATS:
        assert registry.BY_NAME[known.name] is known
        assert known.language in ("", "en", "ja")
        for part in (*known.parts, *(member.part for member in known.members)):
            assert isinstance(part, Part | JsonPart)
            assert registry.PARTS[part.name] is part
            assert len(part.name) <= 40
            assert len(known.name) <= 20


def test_every_refusal_has_words():
    for code in refusals.WORDS:
        assert refusals.said(code, "5")
    assert refusals.said("") == ""
