import contextlib
import dataclasses
import datetime
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movies.releases import refusals, sheets
from movies.releases.sheets import BadRow, Channel, Row, SheetRefused, read

HEADING = "title,original_title,release_on,tmdb_id,imdb_id,channel"
DAY = datetime.date(2026, 12, 4)
ROW = "星の渡し船,The Star Ferry,2026-12-04,990001,tt9900011,cinema"
READ = Row(2, "星の渡し船", "The Star Ferry", DAY, 990001, "tt9900011", Channel.CINEMA)


def rows(text, encoding="utf-8", **options):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return list(read(io.BytesIO(content), **options))


def row_with(**cells):
    told = {"title": "A", "original_title": "", "release_on": "2026-12-04", "tmdb_id": "", "imdb_id": ""}
    told |= {"channel": "cinema"} | cells
    (row,) = rows(f"{HEADING}\n{','.join(told.values())}\n")
    return row


def refused(row):
    assert isinstance(row, BadRow)
    assert refusals.said(str(row.refusal))
    return row.refusal.code


def refusal_of_file(text, encoding="utf-8"):
    with pytest.raises(SheetRefused) as refusal:
        rows(text, encoding)
    assert refusals.said(str(refusal.value.refusal))
    return refusal.value.refusal.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_is_read_whatever_it_is_written_in(encoding, end, mark):
    text = f"{HEADING}{end}{ROW}{end}".replace(",", mark)

    assert rows(text, encoding) == [READ]


def test_utf16_in_the_other_order_of_bytes_is_read_too():
    assert rows(b"\xfe\xff" + f"{HEADING}\n{ROW}".encode("utf-16-be")) == [READ]


def test_columns_are_known_by_their_names_in_any_order_and_in_japanese():
    text = "区分,公開日,ＴＭＤＢ　ＩＤ,原題,邦題\n劇場,2026-12-04,5,Ferry,渡し船\n"

    assert rows(text) == [Row(2, "渡し船", "Ferry", DAY, 5, "", Channel.CINEMA)]


@pytest.mark.parametrize("column", sheets.HEADINGS)
def test_every_heading_that_the_table_names_is_accepted(column):
    for heading in sheets.HEADINGS[column]:
        names = [heading.upper(), *(name for name in sheets.NEEDED if name != column)]
        assert refusal_of_file(",".join(names)) == "no_rows"


@pytest.mark.parametrize(
    "written", ["2026-12-04", "2026-12-4", "2026/12/4", "2026年12月4日", "２０２６年１２月４日（金）", " 2026/12/04 "]
)
def test_a_date_may_be_written_in_several_ways(written):
    assert row_with(release_on=written).release_on == DAY


@pytest.mark.parametrize("written", ["", " ", "未定", "TBA", "tba", "ＴＢＡ"])
def test_a_date_that_is_not_known_is_withdrawn(written):
    assert row_with(release_on=written).release_on is None


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-12", "12/4/2026", "2026-12/04", "4 Dec", "-", "2026-13-01", "٢٠٢٦-١٢-٠٤"]
)
def test_what_is_no_date_is_refused(written):
    assert refused(row_with(release_on=written)) == "not_a_date"


@pytest.mark.parametrize("written", ["1869-12-31", "2200-01-01", "9999-12-31"])
def test_no_film_comes_out_before_film_or_far_beyond_us(written):
    assert refused(row_with(release_on=written)) == "date_impossible"


@pytest.mark.parametrize(
    ("written", "channel"), [("Cinema", "cinema"), ("劇場", "cinema"), ("DIGITAL", "digital"), ("配信", "digital")]
)
def test_a_channel_may_be_written_in_several_ways(written, channel):
    assert row_with(channel=written).channel == channel


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"channel": "television"}, "not_a_channel"),
        ({"channel": ""}, "not_a_channel"),
        ({"tmdb_id": "-5"}, "not_a_tmdb_id"),
        ({"tmdb_id": "0"}, "not_a_tmdb_id"),
        ({"tmdb_id": "9999999999"}, "not_a_tmdb_id"),
        ({"imdb_id": "9900011"}, "not_an_imdb_id"),
        ({"imdb_id": "tt99000111111"}, "not_an_imdb_id"),
        ({"title": ""}, "no_title"),
        ({"title": "あ" * 501}, "title_too_long"),
        ({"title": "a\0b"}, "not_readable"),
        ({"title": "x" * 2**20}, "row_too_long"),
        ({"title": '"A'}, "lone_quote"),
        ({"title": 'A"'}, "lone_quote"),
        ({"title": '"A"B"'}, "lone_quote"),
        ({"title": '"A"B'}, "lone_quote"),
        ({"channel": "cinema,x"}, "too_many_cells"),
        ({"channel": "cinema" + ",x" * 10_000}, "too_many_cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_row_that_is_wrong_is_refused_and_the_next_is_read(cells, why):
    told = {"title": "A", "original_title": "", "release_on": "2026-12-04", "tmdb_id": "", "imdb_id": ""}
    wrong = ",".join((told | {"channel": "cinema"} | cells).values())

    bad, good = rows(f"{HEADING}\n{wrong}\n{ROW}\n")

    assert refused(bad) == why
    assert good.title == READ.title


def test_a_row_that_breaks_off_is_refused_and_no_date_is_withdrawn():
    assert [refused(row) for row in rows("channel,title,release_on\ncinema,A\n")] == ["missing_cells"]


def test_a_refused_row_keeps_its_title_and_line():
    assert [(row.number, row.title) for row in rows(f"{HEADING}\n\n渡し船,,soon,,,cinema")] == [(3, "渡し船")]


def test_a_cell_of_several_lines_is_refused_and_makes_no_film_of_its_halves():
    found = rows(f'{HEADING}\n"渡し\n船",,2026-12-04,,,cinema\n{ROW}')

    assert [refused(row) for row in found[:2]] == ["lone_quote", "lone_quote"]
    assert found[2].title == READ.title


def test_quotes_that_are_closed_hold_what_separates_cells():
    assert row_with(title='"Here, ""there"""').title == 'Here, "there"'


def test_empty_lines_and_columns_without_name_or_content_do_no_harm():
    found = rows(f"\n\n{HEADING},,\n{ROW},,\n,,,,,,,\n\n{ROW},x,\n")

    assert [found[0].number, found[0].title] == [4, READ.title]
    assert [refused(row) for row in found[1:]] == ["cell_without_heading"]


def test_a_line_that_is_too_long_is_not_left_out_for_looking_empty():
    found = rows(f"{HEADING}\n{',' * 100_000}渡し船{',' * 200_000}\n{ROW}\n")

    assert refused(found[0]) == "row_too_long"
    assert found[1] == dataclasses.replace(READ, number=3)


def test_what_no_encoding_knows_costs_its_line_alone():
    found = rows(f"{HEADING}\n{ROW}\n".encode() + b"\xff\xfe,,2026-12-04,,,cinema\n" + ROW.encode())

    assert [isinstance(row, Row) for row in found] == [True, False, True]
    assert refused(found[1]) == "not_readable"


def test_half_a_character_of_utf16_costs_its_line_alone():
    found = rows(f"{HEADING}\n{ROW}\n{ROW}".encode("utf-16") + b"\x42")

    assert found[0] == READ
    assert refused(found[1]) == "not_readable"


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_an_encoding_is_found_where_the_first_japanese_stands_far_down(encoding):
    plain = "A,,2026-12-04,,,cinema\n" * 5000

    assert rows(f"{HEADING}\n{plain}{ROW}\n", encoding)[-1].title == READ.title


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\n \r\n", "empty"),
        (f"{HEADING}\n\n".encode(), "no_rows"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 9, "no_text"),
        (bytes(3000), "no_text"),
        (HEADING.encode("utf-16-le"), "no_text"),
        (b"x" * 2**20, "heading_too_long"),
        (ROW.encode(), "no_heading"),
        (b"title,release_on\nA,2026-12-04", "missing_columns"),
        (f"{HEADING},price\n".encode(), "unknown_column"),
        ("title,邦題,release_on,channel".encode(), "column_twice"),
        (HEADING.encode() + b"," * 10_000, "too_many_columns"),
        (b'title,"release_on,channel', "heading_quote"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_none_of_ours_is_refused(content, why):
    assert refusal_of_file(content) == why


def test_reading_goes_on_after_a_line():
    text = f"{HEADING}\n" + "".join(f"Film {n},,2026-12-04,,,cinema\n" for n in range(10))

    assert [row.number for row in rows(text, after=8)] == [9, 10, 11]
    assert rows(text, after=11) == []


@given(st.binary(max_size=300), st.sampled_from([b"", f"{HEADING}\n".encode(), f"{HEADING}\n".encode("utf-16")]))
@settings(max_examples=400, deadline=None)
def test_no_content_raises_anything_but_its_own_errors(content, start):
    with contextlib.suppress(SheetRefused):
        found = rows(start + content)
        assert all("\0" not in row.title and len(row.title) <= 500 for row in found)
        assert all(len(str(row.refusal)) <= 300 for row in found if isinstance(row, BadRow))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=6, max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_cells_raise_anything_and_each_row_is_answered(cells):
    quoted = ",".join('"' + cell.replace('"', '""').replace("\n", " ").replace("\r", " ") + '"' for cell in cells)

    found = rows(f"{HEADING}\n{quoted}\n{ROW}")

    assert len(found) == 2 or not any(cell.strip() for cell in cells)
    assert found[-1].title == READ.title


class Endless(io.RawIOBase):
    """A long file that lies nowhere."""

    def __init__(self, line: bytes, count: int, heading: str = HEADING) -> None:
        self.line, self.left, self.rest = line, count, f"{heading}\n".encode()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while len(self.rest) < len(buffer) and self.left:
            some = min(100_000 // len(self.line), self.left)
            self.rest += self.line * some
            self.left -= some
        block, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)


@pytest.mark.parametrize(("line", "count"), [(f"{ROW}\n".encode(), 200_000), (b"x" * 10_000, 2000)])
def test_a_long_file_takes_no_more_memory_than_a_short_one(line, count):
    file = io.BufferedReader(Endless(line, count))
    tracemalloc.start()
    try:
        number = sum(1 for _row in read(file))
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert number == (count if line.endswith(b"\n") else 1)
    assert most < 4 * 2**20
