"""Pictures and sheets, by what can be said of them: their size, where their ink is, and that all posters hang."""

import re
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from movies.catalog.posters import PosterFacts, compose
from movies.sharing.painting.pictures import FilmFacts, Size, WallFacts, most_posters, paint_film, paint_wall
from movies.sharing.painting.posters import SHIFTED, drawn, upright
from movies.sharing.painting.sheet import (
    FOOT,
    HEIGHT,
    MARGIN,
    WIDTH,
    Heading,
    SheetFacts,
    as_pdf,
    grid_for,
    paint_sheet,
)
from tests.movies.sharing.pixels import INK, PAPER, RED, inked, opened, share_of

LONG = "劇場版ポケットモンスター アドバンスジェネレーション ポケモンレンジャーと蒼海の王子 マナフィ"
POSTER = "#123456"


def facts(title: str = "七人の侍", **others: object) -> PosterFacts:
    known = {"film_id": 1, "title": title, "title_lang": "ja", "year": 1954, "director": "黒澤明", "genre_ids": [18]}
    return PosterFacts(**(known | others))  # type: ignore[arg-type]


def plain(_number: int, size: Size) -> Image.Image:
    return Image.new("RGB", size, POSTER)


def wall(count: int, name: str = "花子の映画") -> Image.Image:
    said = WallFacts(name=name, said="@hanako", count=f"{count}", unit="本")
    return opened(paint_wall(said, most_posters(count), plain).png())


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 14, 15, 336])
def test_a_walls_picture_holds_its_posters_and_its_margins(count: int) -> None:
    image = wall(count)

    left, top, right, bottom = inked(image) or (0, 0, 0, 0)
    assert image.size == (1200, 630)
    assert 30 <= left <= 60, "with the shadow of a poster"
    assert top >= 30
    assert right <= 1200 - 20, "with the shadow of a poster"
    assert share_of(image, RED) > 0.0002, "the mark"
    assert share_of(image, INK) > 0.002, "name and count"
    assert (share_of(image, POSTER) > 0.1) == (count > 0)
    assert count >= 8 or bottom <= 630 - 20, "a single row stands clear of the edge"


@pytest.mark.parametrize(
    "name", ["映画と珈琲と猫のいる暮らしを愛するひとたちのための長い長い名前の映画", "W" * 50, "花"]
)
@pytest.mark.parametrize("count", [2, 6, 336])
def test_a_long_name_runs_into_neither_posters_nor_count(count: int, name: str) -> None:
    without, image = wall(count, name=" "), wall(count, name=name)

    # What stands in the picture without the name stands in it unchanged: nothing was written over it.
    assert share_of(without, POSTER, within=0) == share_of(image, POSTER, within=0)
    assert (inked(image) or (0, 0, 0, 0))[2] <= 1200 - 20


@pytest.mark.parametrize(
    "title", ["乱", LONG, "Borat: Cultural Learnings of America for Make Benefit Glorious Nation", "あ" * 300]
)
@pytest.mark.parametrize("score", [None, 0, 100])
def test_a_films_words_stay_beside_its_poster_and_above_its_score(title: str, score: int | None) -> None:
    said = FilmFacts(title=title, other_title=title, said=[title, title], score=score, unscored="未採点", by="花子")

    image = opened(paint_film(said, plain).png())

    assert image.size == (1200, 630)
    assert (inked(image) or (0, 0, 0, 0))[2] <= 1200 - 50
    assert share_of(image.crop((57, 57, 400, 570)), POSTER) == 1, "nothing stands on the poster"
    between = image.crop((462, 372, 1200, 384)) if score is None else image.crop((462, 393, 1200, 396))
    assert score is None or inked(between) is None or max(inked(between) or (0,)) < 320, "only numerals rise there"


def test_a_film_without_a_score_has_no_stars() -> None:
    scored = FilmFacts(title="乱", other_title="", said=[], score=80, by="花子")
    film = FilmFacts(title="乱", other_title="", said=[])

    assert share_of(opened(paint_film(scored, plain).png()), "#d8921d") > 0.002
    assert share_of(opened(paint_film(film, plain).png()), "#d8921d") == 0


@pytest.mark.parametrize("title", ["ジュラシック・ワールド", "ちょっと、待って！", "「君の名は。」", "七人の侍"])
def test_what_stands_upright_in_columns_is_set_upright(title: str) -> None:
    runs = [part for run in compose(facts(title)).runs for part in upright(run)]

    down = "".join(run.text for run in runs if run.way == "down")
    assert not SHIFTED.search(down)
    assert sorted("".join(run.text for run in runs)) == sorted("".join(run.text for run in compose(facts(title)).runs))


def test_small_kana_stand_to_the_right_of_where_a_line_has_them() -> None:
    (column,) = [run for run in compose(facts("ッッッッ")).runs if run.way == "down"]
    parts = list(upright(column))

    assert [part.text for part in parts] == list("ッッッッ")
    assert all(part.x > column.x and part.way == "across" for part in parts)
    assert [round(b.y - a.y, 3) for a, b in pairwise(parts)] == [round(column.size, 3)] * 3


def test_drawn_posters_have_their_letters() -> None:
    with_title, without = drawn(facts("七人の侍"), (200, 300)), drawn(facts("　"), (200, 300))

    assert with_title.size == (200, 300)
    changed = ImageChops.difference(with_title, without).convert("L").point(lambda value: 255 if value else 0)
    assert 1500 < changed.histogram()[255] < 30_000


@pytest.mark.parametrize("count", [1, 2, 3, 7, 30, 100, 336, 400, 500])
def test_the_sheet_is_filled_and_holds_all(count: int) -> None:
    grid = grid_for(count)

    right, bottom = (max(values) for values in zip(*(grid.place(n) for n in range(count)), strict=True))
    assert grid.columns * grid.rows >= count
    assert right + grid.size[0] <= WIDTH - MARGIN + 2
    assert bottom + grid.size[1] <= HEIGHT - FOOT
    covered = count * grid.size[0] * grid.size[1] / ((WIDTH - 2 * MARGIN) * (HEIGHT - FOOT - MARGIN))
    assert covered > (0.1 if count < 3 else 0.3 if count < 10 else 0.6), covered


def test_the_poster_is_an_a3_page_at_300_dots_to_the_inch() -> None:
    cells = [Heading("2010", "年代", "2 本"), 0, 1, Heading("2000", "年代", "1 本"), 2]

    canvas = paint_sheet(SheetFacts(name="花子の映画", said="@hanako", count="3", unit="本"), cells, plain)
    pdf = as_pdf(canvas)

    assert canvas.image.size == (3508, 4961)
    width, height = map(float, re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)[0])
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (297, 420)
    image = Image.open(BytesIO(pdf[pdf.index(b"\xff\xd8") :]))
    assert image.size == (3508, 4961)
    assert share_of(canvas.image, RED) > 0.00005, "the headings' lines"
    assert share_of(canvas.image, PAPER) > 0.3
