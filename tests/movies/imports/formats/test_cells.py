import datetime
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.rows import RowRefused
from tests.movies.imports.formats.files import OPTIONS

DAY = datetime.date(2024, 5, 1)


def cell(value):
    return Cells({"It": value})


def code(function, value, *arguments, **options):
    with pytest.raises(RowRefused) as refusal:
        function(cell(value), "It", *arguments, **options)
    assert refusal.value.column == "It"
    return refusal.value.code


def test_a_column_is_found_whatever_its_case_width_and_spaces():
    cells = Cells({"ＴＭＤＢ　ID ": " 5 "})

    assert cells["tmdb id"] == "5"
    assert "TMDbID" in cells
    assert "IMDb ID" not in cells
    assert cells["IMDb ID"] == ""
    assert (len(cells), list(cells)) == (1, ["ＴＭＤＢ　ID "])


def test_a_title_is_one_line_and_not_endless():
    assert read.title(cell(" The\n Star\u3000 Ferry "), "It") == "The Star Ferry"
    assert code(read.title, "x" * 501) == "title_too_long"


@pytest.mark.parametrize(("written", "year"), [("", None), ("1974", 1974), ("1974.0", 1974), ("１９７４", 1974)])
def test_a_year(written, year):
    assert read.year(cell(written), "It") == year


@pytest.mark.parametrize("written", ["74", "1869", "2200", "1974.5", "19740", "n/a", "-1974", "٢٠٢٤"])
def test_what_is_no_year(written):
    assert code(read.year, written) == "not_a_year"


@pytest.mark.parametrize("written", ["0", "-5", "2147483648", "5.0", "tt5", "9" * 5000])
def test_what_is_no_number_of_tmdb(written):
    assert code(read.tmdb_id, written) == "not_a_tmdb_id"


def test_numbers_of_tmdb_and_imdb():
    assert read.tmdb_id(cell("６０３"), "It") == 603
    assert read.imdb_id(cell("TT0133093"), "It") == "tt0133093"
    assert read.imdb_id(cell("0133093"), "It") == "tt0133093"
    assert read.imdb_id(cell(""), "It") == ""
    assert code(read.imdb_id, "nm0133093") == "not_an_imdb_id"


@pytest.mark.parametrize(
    ("written", "most", "score"),
    [
        ("3.5", 5, 70),
        ("3,5", 5, 70),
        ("2.8", 5, 56),
        ("0.1", 5, 2),
        ("7.25", 10, 73),
        ("7.24", 10, 72),
        ("0", 10, 0),
        ("100", 100, 100),
        ("99.5", 100, 100),
        ("", 10, None),
        ("-", 5, None),
        ("－", 5, None),
    ],
)
def test_a_score_is_of_a_hundred_with_halves_rounded_up(written, most, score):
    assert read.score(cell(written), "It", most=most) == score


@pytest.mark.parametrize("written", ["5.1", "-0.5", "nan", "inf", "1e0", "1_0", "4/5", "9" * 5000, "1." + "0" * 5000])
def test_what_is_no_score(written):
    assert code(read.score, written, most=5) == "not_a_score"


@given(st.integers(0, 10))
def test_every_half_star_comes_back(halves):
    assert read.score(cell(str(halves / 2)), "It", most=5) == halves * 10


@pytest.mark.parametrize(
    "written",
    ["2024-05-01", "2024-5-1", "2024/05/01", "2024.5.1", "2024. 5. 1.", "2024年5月1日", "２０２４／５／１"],
)
def test_a_day_that_begins_with_its_year_needs_no_order(written):
    assert read.day(cell(written), "It", OPTIONS) == DAY


@pytest.mark.parametrize(
    ("order", "written"),
    [
        ("mdy", "5/1/24"),
        ("mdy", "05-01-2024"),
        ("dmy", "1.5.24"),
        ("dmy", "1. 5. 2024"),
        ("ymd", "24/05/01"),
        ("ymd", "24. 5. 1."),
    ],
)
def test_any_other_day_is_read_in_the_order_that_is_given_and_in_no_other(order, written):
    assert read.day(cell(written), "It", replace(OPTIONS, date_order=order)) == DAY
    assert code(read.day, written, OPTIONS) == "unclear_date"


@pytest.mark.parametrize("written", ["2024-13-01", "2024-02-30", "May 1", "2024", "1", "2024-05-01x", "-" * 300_000])
def test_what_is_no_day(written):
    assert code(read.day, written, replace(OPTIONS, date_order="dmy")) == "not_a_date"


def test_a_day_that_the_order_does_not_allow_is_none():
    assert code(read.day, "13/13/24", replace(OPTIONS, date_order="dmy")) == "not_a_date"


@pytest.mark.parametrize(
    "written", ["1887-12-31", "2200-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"]
)
def test_nobody_can_have_seen_a_film_then(written):
    assert code(read.day, written, OPTIONS) == "date_impossible"
    assert code(read.moment, written, OPTIONS) == "date_impossible"


def test_nor_on_a_day_that_is_still_to_come():
    days = datetime.timedelta(days=2)
    now = datetime.datetime.now(datetime.UTC)

    assert code(read.day, f"{now + days:%Y-%m-%d}", OPTIONS) == "date_impossible"
    assert code(read.day, f"{now + days:%Y-%m-%dT%H:%M:%SZ}", OPTIONS) == "date_impossible"
    assert read.moment(cell(f"{now + days:%Y-%m-%d}"), "It", OPTIONS)
    assert read.day(cell(f"{now:%Y-%m-%d}"), "It", OPTIONS) == now.date()


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("2024-05-01T20:15:00Z", "Asia/Tokyo", 2),
        ("2024-05-01T20:15:00Z", "America/New_York", 1),
        ("2024-05-01 20:15:00+00:00", "Asia/Tokyo", 2),
        ("2024-05-01 20:15", "Asia/Tokyo", 1),
    ],
)
def test_a_moment_falls_on_a_day_of_its_owner(written, zone, day):
    options = replace(OPTIONS, zone=ZoneInfo(zone))

    assert read.day(cell(written), "It", options) == datetime.date(2024, 5, day)


def test_a_moment_is_aware_and_a_day_alone_is_its_noon():
    noon = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)

    assert read.moment(cell("2024-05-01"), "It", OPTIONS) == noon
    assert read.moment(cell("2024-05-01 12:00"), "It", OPTIONS) == noon
    assert read.moment(cell("2024-05-01T21:00:00+09:00"), "It", OPTIONS) == noon
    assert read.moment(cell(""), "It", OPTIONS) is None


@given(st.dates(datetime.date(1888, 1, 1), datetime.date(2025, 12, 31)), st.sampled_from("-/."))
def test_every_day_comes_back(day, mark):
    assert read.day(cell(day.strftime(f"%Y{mark}%m{mark}%d").zfill(10)), "It", OPTIONS) == day


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2025, 12, 31)), st.sampled_from(read.ORDERS))
def test_every_short_day_comes_back_in_its_order(day, order):
    letters = {"y": f"{day.year % 100:02}", "m": str(day.month), "d": str(day.day)}
    written = "/".join(letters[letter] for letter in order)

    assert read.day(cell(written), "It", replace(OPTIONS, date_order=order)) == day


@pytest.mark.parametrize(
    ("written", "is_yes"), [("Yes", True), ("true", True), ("", False), ("No", False), ("0", False)]
)
def test_yes_and_no(written, is_yes):
    assert read.is_yes(cell(written), "It") is is_yes


def test_neither_yes_nor_no():
    assert code(read.is_yes, "perhaps") == "not_yes_or_no"


def test_tags_stand_once_each_and_are_not_endless():
    assert read.tags(cell("late,  at  sea , ,late"), "It") == ("late", "at sea")
    assert code(read.tags, "x" * 101) == "tags_too_long"
    assert code(read.tags, ",".join(map(str, range(101)))) == "tags_too_long"


def test_prose_keeps_its_lines_and_is_not_endless():
    assert read.text(cell("a\r\nb\rc"), "It") == "a\nb\nc"
    assert code(read.text, "x" * 50_001) == "text_too_long"


def test_counts():
    assert read.count(cell("12"), "It") == 12
    assert read.count(cell(""), "It") is None
    assert code(read.count, "1.5") == "not_a_number"


@given(st.text())
@example("\ud800")
@example("２０２４-٠٥-01T٠٥:00")
def test_whatever_stands_in_a_cell_is_read_or_refused(text):
    for function in (
        read.title,
        read.year,
        read.tmdb_id,
        read.imdb_id,
        lambda *given: read.score(*given, most=5),
        read.count,
        read.text,
        read.tags,
        read.is_yes,
        lambda *given: read.day(*given, replace(OPTIONS, date_order="mdy")),
        lambda *given: read.moment(*given, replace(OPTIONS, date_order="mdy")),
    ):
        with suppress(RowRefused):
            function(cell(text), "It")
