import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import combinations, pairwise
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.catalog.posters import PosterFacts, compose, draw
from movies.catalog.posters.figures import COMPOSITIONS, HEIGHT, WIDTH
from movies.catalog.posters.lettering import Box, Run
from movies.catalog.posters.palette import PAIRS_BY_GENRE, contrast

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}polygon", f"{SVG}circle", f"{SVG}rect"}

JAPANESE_TITLES = [
    "七人の侍",
    "M",
    "穴",
    "2001年宇宙の旅",
    "007 カジノ・ロワイヤル",
    "ダイ・ハード4.0",
    "千と千尋の神隠し",
    "ロード・オブ・ザ・リング/王の帰還",
    "GHOST IN THE SHELL / 攻殻機動隊",
    "ロック、ストック&トゥー・スモーキング・バレルズ",
    "踊る大捜査線 THE MOVIE 2 レインボーブリッジを封鎖せよ!",
    "劇場版ポケットモンスター アドバンスジェネレーション ミュウと波導の勇者 ルカリオ",
    "バードマン あるいは（無知がもたらす予期せぬ奇跡）",
    "楽園追放 -Expelled from Paradise-",
    "あ" * 500,
]
OTHER_TITLES = [
    ("en", "Z"),
    ("en", "2012"),
    ("en", "The Lord of the Rings: The Return of the King"),
    ("en", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb"),
    ("en", "W" * 500),
    ("ru", "Война и мир"),
    ("ar", "باب الحديد"),
    ("ko", "봄 여름 가을 겨울 그리고 봄"),
    ("zh", "霸王別姬"),
]
TITLES = [("ja", title) for title in JAPANESE_TITLES] + OTHER_TITLES

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></text></svg><script>alert(1)</script>",
    "\" onload=\"alert(1)' onclick='alert(1)",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "javascript:alert(1)//&#x3c;a&#x3e;",
    "a\x00b\x08c\x1bd\x7fe\x85f\ufffe\uffff",
    "lone \ud800 half \udfff",
    "\u202egnp.exe\u2066\u200f",
    "",
    " \t\n\u3000",
    "e" + "\u0301" * 200,
]


def facts(**given_facts: Any) -> PosterFacts:
    least = {"film_id": 1, "title": "影", "title_lang": "ja", "year": None, "director": "", "genre_ids": []}
    return PosterFacts(**(least | given_facts))


def printings(lang: str, title: str) -> Iterator[PosterFacts]:
    """A title on every figure twice, in the colours of every genre and age."""
    genres = list(PAIRS_BY_GENRE)
    for film_id in range(2 * len(COMPOSITIONS)):
        yield facts(
            film_id=film_id,
            title=title,
            title_lang=lang,
            year=(1931, 1957, 1988, None)[film_id % 4],
            director=("", "小津安二郎", "Apichatpong Weerasethakul and everybody else")[film_id % 3],
            genre_ids=[genres[film_id % len(genres)]],
        )


def title_runs(lang: str, title: str) -> list[Run]:
    return compose(facts(title=title, title_lang=lang)).runs


def columns(title: str) -> list[str]:
    """What stands in each column of the same size, from the right."""
    by_column: dict[tuple[float, float], str] = {}
    for run in title_runs("ja", title):
        column = (-run.size, -run.x)
        by_column[column] = by_column.get(column, "") + run.text
    return [by_column[column] for column in sorted(by_column)]


def colour_at(shapes: list[ElementTree.Element], x: float, y: float) -> str:
    return next(shape.attrib["fill"] for shape in reversed(shapes) if covers(shape, x, y))


def covers(shape: ElementTree.Element, x: float, y: float) -> bool:
    def get(name: str) -> float:
        return float(shape.attrib[name])

    if shape.tag == f"{SVG}circle":
        return (x - get("cx")) ** 2 + (y - get("cy")) ** 2 <= get("r") ** 2
    if shape.tag == f"{SVG}rect":
        return 0 <= x - get("x") <= get("width") and 0 <= y - get("y") <= get("height")
    corners = [tuple(map(float, corner.split(","))) for corner in shape.attrib["points"].split()]
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    crossed = [(x1, y1, x2, y2) for (x1, y1), (x2, y2) in sides if (y1 > y) != (y2 > y)]
    return sum(x < x1 + (y - y1) * (x2 - x1) / (y2 - y1) for x1, y1, x2, y2 in crossed) % 2 == 1


def points(box: Box) -> Iterator[tuple[float, float]]:
    for across in range(9):
        for down in range(9):
            yield box.left + (box.right - box.left) * across / 8, box.top + (box.bottom - box.top) * down / 8


def assert_harmless(svg: str) -> None:
    root = ElementTree.fromstring(svg.encode())
    allowed = {"svg", "title", "g", "text", "polygon", "circle", "rect"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            assert name not in ("style", "href", "class", "id"), name
            assert "(" not in value, value


# What strangers write


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_or_director_is_only_ever_text(text: str) -> None:
    assert_harmless(draw(facts(title=text, director=text, title_lang=text)))
    assert_harmless(draw(facts(title=text + "の映画", director=text)))


@given(title=st.text(st.characters(), max_size=80), director=st.text(st.characters(), max_size=40))
def test_whatever_the_title_the_poster_is_well_formed(title: str, director: str) -> None:
    assert_harmless(draw(facts(title=title, director=director)))
    assert_harmless(draw(facts(title=title, director=director, title_lang="en")))


def test_a_title_cannot_turn_its_poster_around() -> None:
    svg = draw(facts(title="\u202egnp.exe\u202c", title_lang="en"))

    assert "gnp.exe" in svg
    assert "\u202e" not in svg


def test_the_poster_is_named_by_its_title() -> None:
    root = ElementTree.fromstring(draw(facts(title="Q&A", title_lang="en")))

    assert root.attrib["role"] == "img"
    assert root.attrib["lang"] == "en"
    assert root.findtext(f"{SVG}title") == "Q&A"


# How titles stand


@pytest.mark.parametrize(("lang", "title"), TITLES)
def test_words_stay_on_the_sheet_and_clear_of_each_other(lang: str, title: str) -> None:
    for runs in (compose(poster).runs for poster in printings(lang, title)):
        for run in runs:
            assert run.size >= 12, run
            assert 30 <= run.box.left < run.box.right <= WIDTH - 30, run
            assert 30 <= run.box.top < run.box.bottom <= HEIGHT - 20, run
        for one, other in combinations(runs, 2):
            assert not shrunk(one.box).meets(shrunk(other.box)), (one, other)


@pytest.mark.parametrize(("lang", "title"), TITLES)
def test_words_are_readable_on_everything_they_lie_on(lang: str, title: str) -> None:
    for poster in printings(lang, title):
        root = ElementTree.fromstring(draw(poster))
        shapes = [element for element in root if element.tag in SHAPES]
        (ink,) = [element.attrib["fill"] for element in root if element.tag == f"{SVG}g"]

        for run in compose(poster).runs:
            for ground in {colour_at(shapes, x, y) for x, y in points(run.box)}:
                assert contrast(ink, ground) >= 4.5, (poster.film_id, run.text, ground)


def shrunk(box: Box) -> Box:
    """Without the hair's breadth by which sums of fractions may differ."""
    return Box(box.left + 0.01, box.top + 0.01, box.right - 0.01, box.bottom - 0.01)


def test_a_japanese_title_stands_in_columns_and_others_in_lines() -> None:
    assert {run.way for run in title_runs("ja", "東京物語")} == {"down"}
    assert {run.way for run in title_runs("en", "Tokyo Story")} == {"across"}
    assert {run.way for run in title_runs("ja", "NANA")} == {"across"}
    assert {run.way for run in title_runs("ar", "باب الحديد")} == {"leftward"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("七人の侍", ["七人の侍"]),
        ("それでも夜は明ける", ["それでも", "夜は明ける"]),
        ("2001年宇宙の旅", ["２００１年", "宇宙の旅"]),
        ("ハリー・ポッターと賢者の石", ["ハリー・ポッターと", "賢者の石"]),
        ("L.A.コンフィデンシャル", ["Ｌ．Ａ．", "コンフィデンシャル"]),
        ("関ヶ原", ["関ヶ原"]),
        ("リング/らせん", ["リング", "らせん"]),
        ("攻殻機動隊 -ARISE-", ["攻殻機動隊", "ＡＲＩＳＥ"]),
        ("LUCY/ルーシー", ["ルーシー", "ＬＵＣＹ"]),
    ],
)
def test_a_title_breaks_between_phrases(title: str, expected: list[str]) -> None:
    assert columns(title) == expected


@given(st.text("映画のいヶー々アイウ・、。「」!?()12Aab", min_size=1, max_size=40))
def test_no_character_of_a_title_gets_lost(title: str) -> None:
    set_in_type = "".join(run.text for run in title_runs("ja", title))

    assert unicodedata.normalize("NFKC", set_in_type) == unicodedata.normalize("NFKC", title)


@pytest.mark.parametrize("title", JAPANESE_TITLES)
def test_no_character_stands_in_a_column_alone(title: str) -> None:
    whole = columns(title)

    assert len(whole) == 1 or all(len(column) >= 2 for column in whole)


@pytest.mark.parametrize("figures", ["2", "13", "007", "4.0", "II", "!!"])
def test_few_figures_stand_upright_side_by_side(figures: str) -> None:
    (run,) = [run for run in title_runs("ja", f"エイリアン{figures}") if run.text != "エイリアン"]

    if len(figures) == 1:
        assert run.text == "２"
        assert run.way == "down"
    else:
        assert run.text == figures
        assert (run.way, run.anchor) == ("across", "middle")


def test_short_capitals_stand_one_above_the_other_and_words_lie_on_their_side() -> None:
    capitals = title_runs("ja", "JFKの影")
    word = next(run for run in title_runs("ja", "ドライビングMissデイジー") if run.text == "Miss")

    assert "ＪＦＫ" in [run.text for run in capitals]
    assert word.way == "down"
    assert word.length == pytest.approx(word.box.bottom - word.box.top)


def test_what_does_not_fit_at_the_foot_ends_in_an_ellipsis() -> None:
    director, year = compose(facts(title="", director="Apichatpong Weerasethakul", year=2010)).runs[::-1]

    assert director.text.endswith("…")
    assert director.box.right < year.box.left


# How posters differ


def test_the_same_film_is_always_drawn_the_same() -> None:
    elsewhere = (
        "from movies.catalog.posters import PosterFacts, draw;"
        "print(draw(PosterFacts(film_id=7, title='影', title_lang='ja', year=None, director='', genre_ids=[18])), end='')"
    )

    other_process = subprocess.run(
        [sys.executable, "-c", elsewhere],
        env={"PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )

    assert other_process.stdout.decode() == draw(facts(film_id=7, genre_ids=[18]))


def kind_of(poster: PosterFacts) -> tuple[str, str]:
    """The kinds of shapes in their order, and the colour of the ground."""
    shapes = compose(poster).shapes
    return " ".join(shape.split()[0] for shape in shapes), re.findall("#.{6}", shapes[0])[0]


def test_neighbours_have_different_figures_and_hardly_ever_the_same_colours_and_figure() -> None:
    one_genre = [kind_of(facts(film_id=film_id, genre_ids=[18])) for film_id in range(1, 2001)]
    shuffled = Random(7).sample(one_genre, k=len(one_genre))

    assert all(figure != next_figure for (figure, _), (next_figure, _) in pairwise(one_genre))
    assert sum(one == other for one, other in pairwise(shuffled)) < 0.02 * len(shuffled)


def test_films_of_one_genre_come_in_many_colours() -> None:
    grounds = {kind_of(facts(film_id=film_id, genre_ids=[27]))[1] for film_id in range(60)}

    assert len(grounds) >= 6


def test_an_old_film_has_lost_its_colour() -> None:
    def colourfulness(year: int) -> int:
        svg = draw(facts(year=year, genre_ids=[35]))
        reds_to_blues = [(int(c[0:2], 16), int(c[2:4], 16), int(c[4:6], 16)) for c in re.findall("#(.{6})", svg)]
        return max(max(colour) - min(colour) for colour in reds_to_blues)

    assert colourfulness(1936) < colourfulness(1958) < colourfulness(1995)


def test_a_poster_weighs_little() -> None:
    for poster in (poster for lang, title in TITLES for poster in printings(lang, title)):
        assert len(draw(poster).encode()) - len(poster.title.encode()) < 4_096
