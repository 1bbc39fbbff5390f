import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.imports.formats import tables
from movies.imports.formats.rows import BadRow, FileRefused, FilmNamed, Row, RowRefused, Said
from movies.imports.formats.tables import Part, Table
from tests.movies.imports.formats.files import OPTIONS

ENDS = ["\n", "\r\n", "\r"]
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"], include_characters="\n\t\"',;"), max_size=20)


def opened(text, encoding="utf-8", **options):
    return Table(io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding)), **options)


def records(text, **options):
    return [(record.line, record.cells, record.code) for record in opened(text, **options).records()]


def good(text):
    return [cells for _line, cells, code in records(text) if not code]


def refusal(text, **options):
    with pytest.raises(FileRefused) as refused:
        list(opened(text, **options).records())
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_whatever_it_is_written_in(encoding, end, mark):
    text = f'題名{mark}感想{end}渡し船{mark}"良い{mark}とても{end}""良い"""{end}星{mark}{end}'

    table = opened(text, encoding)

    assert table.headings == ["題名", "感想"]
    assert [record.cells for record in table.records()] == [
        ["渡し船", f'良い{mark}とても\n"良い"'],
        ["星", ""],
    ]


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=10), st.sampled_from(ENDS), st.sampled_from(",;\t"))
def test_whatever_csv_writes_is_read_as_it_was(rows, end, mark):
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=end, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *map(list, rows)])

    assert good(file.getvalue()) == [list(row) for row in rows]


@given(st.lists(st.binary(max_size=40), max_size=30))
def test_whatever_lies_between_two_good_rows_costs_neither_of_them(lines):
    """Of bytes: with or without marks, of no encoding."""
    between = b"".join(line.replace(b"\0", b"").replace(b'"', b"") + b"\r\n" for line in lines)

    told = records(b'a,b\r\n"first",1\r\n' + between + b'"last",9\r\n')

    assert told[0][1] == ["first", "1"]
    assert told[-1][1] == ["last", "9"]


def test_two_marks_that_were_left_open_do_not_swallow_the_rows_between_them():
    told = records('a,b,c,d\n1,2,3,"\n5,6,7,8\n9,10,11,"\n12,13,14,15\n')

    assert [(line, code) for line, _cells, code in told] == [(2, "lone_quote"), (3, ""), (4, "lone_quote"), (5, "")]


def test_lines_are_counted_as_an_editor_does():
    text = 'a,b\n\n1,"two\nlines"\n,\n2,x\n'

    assert records(text) == [(3, ["1", "two\nlines"], ""), (6, ["2", "x"], "")]


@pytest.mark.parametrize("lone", ['"x,1', 'x,"1', '"x"y,1'])
def test_a_lone_quotation_mark_costs_its_own_row_wherever_it_stands(lone):
    rows = [f"r{number},{number}" for number in range(5)]
    for place in range(6):
        lines = ["a,b", *rows[:place], lone, *rows[place:]]

        told = records("\n".join(lines))

        assert [code for _line, _cells, code in told if code] == ["lone_quote"]
        assert [cells[0] for _line, cells, code in told if not code] == ["r0", "r1", "r2", "r3", "r4"]


def test_every_second_row_with_a_lone_quotation_mark_costs_every_second_row():
    lines = [f'"r{n},{n}' if n % 2 else f"r{n},{n}" for n in range(100)]

    assert good("a,b\n" + "\n".join(lines)) == [[f"r{n}", str(n)] for n in range(0, 100, 2)]


@pytest.mark.parametrize("after", ["", "\nx,1", '\n7" disc,2\nx,1'])
def test_a_mark_within_a_cell_is_a_sign_for_inches(after):
    assert good(f'a,b\n5" disc,2024{after}')[0] == ['5" disc', "2024"]


def test_what_cannot_be_read_is_shown():
    (record,) = opened('a,b\n"渡し船,1').records()

    assert (record.code, record.text) == ("lone_quote", '"渡し船,1')


def test_a_row_with_more_than_there_are_columns_is_refused_unless_it_is_empty_there():
    assert records("a,b\n1,2,3\n1,2,,\n") == [(2, ["1", "2", "3"], "too_many_cells"), (3, ["1", "2", "", ""], "")]


def test_a_heading_twice_keeps_both_columns():
    assert opened("Title,title,Year,Ｔitle,,\n").headings == ["Title", "title (2)", "Year", "Ｔitle (3)", "", ""]


def test_the_heading_again_is_no_row():
    assert good("a,b\n1,2\na,b\n3,4\n") == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("\n\n  \n", "empty"),
        (",,,\n1,2,3\n", "no_heading"),
        ('"a,b\n1,2\n', "no_heading"),
        ("<!DOCTYPE html>\n<html>\n", "no_heading"),
        ("word " * 100 + "\n", "no_heading"),
        (",".join(f"c{n}" for n in range(10_000)), "too_many_columns"),
        ("a,b\0\n1,2\n", "no_text"),
        ("a" * 300_000, "no_text"),
    ],
)
def test_a_file_without_a_heading_is_refused(text, code):
    assert refusal(text) == code


def _named(cells, options):
    if cells["a"] == "bad":
        raise RowRefused("not_a_year", "a")
    return Said(film=FilmNamed(cells["a"]))


PART = Part("named", ("a",), _named, lacks=("z",))


def test_a_table_fits_by_what_it_has_and_lacks_and_has_besides():
    assert PART.fits(["B", " A "])
    assert not PART.fits(["b"])
    assert not PART.fits(["a", "Z"])
    assert Part("whole", ("a", "b"), _named, is_whole=True).fits(["B", "a", ""])
    assert not Part("whole", ("a", "b"), _named, is_whole=True).fits(["a", "b", "c"])


def test_a_refused_row_says_where_and_what():
    good_row, bad, lone = tables.read_table(opened('a,b\nx,1\nbad,2\n"lone,3'), PART, OPTIONS, file="f.csv")

    assert good_row == Row("f.csv", 2, "named", {"a": "x", "b": "1"}, Said(film=FilmNamed("x")))
    assert bad == BadRow("f.csv", 3, "named", {"a": "bad", "b": "2"}, "not_a_year", "a", "bad")
    assert lone == BadRow("f.csv", 4, "named", {}, "lone_quote", value='"lone,3')
