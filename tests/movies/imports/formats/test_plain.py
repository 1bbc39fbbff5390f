import datetime
from dataclasses import replace

import pytest

from movies.imports.formats import plain, registry
from movies.imports.formats.rows import BadRow, FilmNamed, Said
from tests.movies.imports.formats.files import OPTIONS, table

COLUMNS = {"title": "邦題", "watched_on": "日", "score": "点"}


def read(file, date_order="", **columns):
    options = replace(OPTIONS, columns=columns, date_order=date_order)
    return list(registry.read(file, "plain", options))


def test_anyones_table_asks_which_column_is_what():
    recognised = registry.recognise(table("邦題,日,点", "渡し船,2024-05-01,80"))

    assert (recognised.format, recognised.asks_columns) == ("plain", True)
    assert recognised.headings == ("邦題", "日", "点")
    assert recognised.preview == ({"邦題": "渡し船", "日": "2024-05-01", "点": "80"},)


def test_headings_are_guessed():
    assert plain.guess(["No", "作品名", "鑑賞日", "評価", "TMDB_ID", "監督", "Title"]) == {
        "title": "Title",
        "watched_on": "鑑賞日",
        "score": "評価",
        "tmdb_id": "TMDB_ID",
        "directors": "監督",
    }


def test_every_column_that_was_mapped_is_read():
    names = dict.fromkeys(plain.FIELDS, "") | {name: name.upper() for name in plain.FIELDS}
    file = table(
        ",".join(names.values()),
        '渡し船,The Ferry,1974,5,tt0133093,"甲、乙",2024-05-01,80,良い,"海,夜",秘密',
    )

    (row,) = read(file, **names)

    assert row.said == Said(
        film=FilmNamed("渡し船", "The Ferry", 1974, tmdb_id=5, imdb_id="tt0133093", directors=("甲", "乙")),
        is_seen=True,
        is_viewing=True,
        watched_on=datetime.date(2024, 5, 1),
        score=80,
        review="良い",
        memo="秘密",
        tags=("海", "夜"),
    )


@pytest.mark.parametrize(("scale", "score"), [("100", 4), ("10", 40), ("5", 80)])
def test_a_score_is_of_the_scale_that_was_told_and_its_row_keeps_it(scale, score):
    (row,) = read(table("邦題,点", "渡し船,4"), title="邦題", score="点", scale=scale)

    assert row.said.score == score
    assert registry.reread("plain", row.raw, OPTIONS, file="", line=2).said.score == score


def test_a_row_keeps_the_order_of_its_dates():
    (row,) = read(table("邦題,日", "渡し船,5/1/24"), date_order="mdy", title="邦題", watched_on="日")

    assert row.said.watched_on == datetime.date(2024, 5, 1)
    assert registry.reread("plain", row.raw, OPTIONS, file="", line=2).said.watched_on == datetime.date(2024, 5, 1)


def test_a_column_that_is_called_like_one_of_ours_but_is_not_stands_aside():
    (row,) = read(table("title,邦題,scale", "x,渡し船,900"), title="邦題")

    assert row.said.film.title == "渡し船"
    assert row.raw == {"title (2)": "x", "title": "渡し船", "scale (2)": "900"}


def test_a_scale_that_does_not_exist_is_refused():
    row = registry.reread("plain", {"title": "x", "scale": "7"}, OPTIONS, file="", line=2)

    assert (row.code, row.column, row.value) == ("not_a_number", "scale", "7")


def test_a_row_names_its_film_by_anything():
    rows = read(table("t,o,n", "x,,", ",x,", ",,5", " ,  ,x"), title="t", original_title="o", tmdb_id="n")

    assert [getattr(row, "code", "") for row in rows] == ["", "", "", "not_a_tmdb_id"]
    (nothing,) = read(table("t,o", "-,x"), title="z")
    assert isinstance(nothing, BadRow)
    assert nothing.code == "no_title"


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        ([], "ymd"),
        (["2024-05-01", "2024年5月1日", "x"], "ymd"),
        (["5/1/24", "5/13/24"], "mdy"),
        (["1.5.2024", "13.5.2024"], "dmy"),
        (["24/05/01", "23/12/31"], "ymd"),
        (["5/6/2024"], ""),
        (["13/1/2024", "1/13/2024"], ""),
    ],
)
def test_dates_tell_their_order_if_no_other_is_possible(dates, order):
    assert plain.date_order(dates) == order
