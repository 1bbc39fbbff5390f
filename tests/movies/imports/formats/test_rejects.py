"""Rows that were refused go back to their owner as a file, are mended there, and come again."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.imports.formats import registry, rejects
from movies.imports.formats.items import RAW
from movies.imports.formats.rows import BadRow
from mymovie.spreadsheets import armed, disarmed
from tests.movies.imports.formats.files import OPTIONS, document, read, table

DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date"
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], include_characters="'=+-@\n"), max_size=20)


def given_back(rows, mend=lambda raw: raw):
    """As a spreadsheet writes it: in one table, whatever they came from."""
    headings = list(dict.fromkeys(name for row in rows for name in row.raw))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*rejects.HEADINGS, *headings])
    for row in rows:
        raw = mend(dict(row.raw))
        why = [row.part, row.file, row.line, getattr(row, "column", ""), getattr(row, "value", ""), "because"]
        writer.writerow([disarmed(cell) for cell in (*why, *(raw.get(name, "") for name in headings))])
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def test_a_mended_row_is_read_as_what_it_was():
    right = read(table(DIARY, '2026-08-18,Ferry,1974,https://f,3.5,Yes,"a, b",2025-02-24'))
    wrong = read(table(DIARY, '2026-08-18,Ferry,19x4,https://f,3.5,Yes,"a, b",2025-02-24'))
    assert isinstance(wrong[0], BadRow)

    mended = read(given_back(wrong, lambda raw: raw | {"Year": "1974"}))

    assert [row.said for row in mended] == [row.said for row in right]
    assert [(row.part, row.raw) for row in mended] == [("letterboxd.diary", {**right[0].raw})]


def test_rows_of_several_files_come_back_in_one():
    diary = read(table(DIARY, "2026-08-18,A,x,https://f,3.5,,,2025-02-24"))
    ratings = read(table("Date,Name,Year,Letterboxd URI,Rating", "2026-08-18,B,x,https://f,3.5"))
    marks = read(table("Title,Rating,Review,URL", "C(2024年製作の映画),9,,https://c"))
    netflix = read(table("Title,Date", "D,5/41/24"), date_order="mdy")
    item = read(document([{"movieId": 1, "reviewId": 2, "title": "E", "rating": 9}]))
    mending = {"Year": "1974", "Date": "5/1/24", "Rating": "4", RAW: json.dumps({"movieId": 1, "title": "E"})}

    file = given_back(
        [*diary, *ratings, *marks, *netflix, *item],
        lambda raw: {
            name: mending.get(name, value) if raw.get("Name") != "A" else value for name, value in raw.items()
        },
    )

    assert registry.recognise(file).format == "rejects"
    assert [(row.part, getattr(row, "code", "")) for row in read(file)] == [
        ("letterboxd.diary", "not_a_year"),
        ("letterboxd.ratings", "unclear_date"),
        ("filmarks.marks", ""),
        ("netflix", ""),
        ("filmarks.items", ""),
    ]


@given(TEXT, TEXT, TEXT)
def test_whatever_stands_in_a_row_comes_back_as_it_was(title, review, tag):
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Review", "Tags", "Watched Date"])
    writer.writerow(["2026-08-18", title, "1974", "https://f", "4", "", review, tag, ""])
    rows = read(io.BytesIO(file.getvalue().encode()))

    again = read(given_back(rows))

    assert [getattr(row, "said", "") for row in again] == [getattr(row, "said", "") for row in rows]
    assert [getattr(row, "code", "") for row in again] == [getattr(row, "code", "") for row in rows]


@given(TEXT)
def test_a_cell_that_was_disarmed_is_armed_again(text):
    assert armed(disarmed(text)) == text
    assert not disarmed(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("part", "raw", "code"),
    [
        ("nobody's", "x", "unknown_part"),
        ("", "x", "unknown_part"),
        ("rejects", "x", "unknown_part"),
        ("filmarks.items", "", "not_an_item"),
        ("filmarks.items", "{", "not_an_item"),
        ("filmarks.items", "5", "not_an_item"),
        ("filmarks.items", "{} {}", "not_an_item"),
        ("filmarks.items", "{}, {}", "not_an_item"),
        ("filmarks.items", '{"title": NaN}', "not_an_item"),
        ("filmarks.items", "[" * 100_000, "not_an_item"),
        ("filmarks.items", '{"title": "a\\u0000"}', "not_readable"),
    ],
)
def test_what_cannot_be_read_again_says_why(part, raw, code):
    row = registry.reread(part, {RAW: raw}, OPTIONS, file="f", line=7)

    assert isinstance(row, BadRow)
    assert (row.code, row.file, row.line) == (code, "f", 7)


def test_a_damaged_row_among_them_costs_itself():
    file = given_back(read(table(DIARY, "2026-08-18,A,x,https://f,3.5,,,2025-02-24")))
    file = io.BytesIO(file.getvalue() + b'"lone\r\n')

    assert [(row.part, row.code) for row in read(file)] == [("letterboxd.diary", "not_a_year"), ("", "lone_quote")]
