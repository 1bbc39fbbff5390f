import datetime
import json
import random

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from movies.catalog.models import Film
from movies.catalog.search import BadCursor, Cursor, search_films
from movies.catalog.titles import search_text_of
from mymovie.folding import indexable
from tests.factories import CreditFactory, FilmFactory

pytestmark = pytest.mark.django_db


def titled(title_ja: str = "", title_en: str = "", *, reading: str = "", **facts: object) -> Film:
    return FilmFactory(
        original_title=title_ja or title_en,
        title_ja=title_ja,
        title_en=title_en,
        title_kana=reading,
        search_text=search_text_of(title_ja, title_en, reading=reading),
        **facts,
    )


def found(query: str, **options: object) -> list[Film]:
    return search_films(query, **options).films


@pytest.mark.parametrize(
    "query",
    [
        *["千と千尋の神隠し", "千と", "神隠し", "千", "せんとちひろ", "センとチヒロ", "ちひろ"],
        *["Spirited Away", "spirited", "SPIRITED  AWAY!", "spir", "sen to chihiro", "chihiro no kamikakushi"],
    ],
)
def test_kanji_kana_romaji_and_english_each_find_a_film(query: str) -> None:
    film = titled("千と千尋の神隠し", "Spirited Away", reading="せんとちひろのかみかくし")
    titled("もののけ姫", "Princess Mononoke", reading="もののけひめ")

    assert found(query) == [film]


@pytest.mark.parametrize("query", ["gofather", "godfathr", "Godfahter", "ゴッドファザー", "ゴッドフアーザー"])
def test_a_slip_of_the_pen_still_finds_a_film(query: str) -> None:
    film = titled("ゴッドファーザー", "The Godfather")
    titled("タイタニック", "Titanic")

    assert found(query) == [film]


def test_the_film_titled_just_so_comes_first_then_beginnings_then_the_rest_then_slips() -> None:
    slip = titled(title_en="Aliien Nation", fame=50)
    within = titled(title_en="My Stepmother Is an Alien", fame=40)
    beginning = titled(title_en="Aliens", fame=30)
    exact = titled(title_en="Alien", fame=0)

    assert found("alien") == [exact, beginning, within, slip]


def test_of_two_films_alike_the_famous_comes_first() -> None:
    unknown, famous = titled(title_en="Solaris"), titled(title_en="Solaris", fame=9)

    assert found("solaris") == [famous, unknown]


def test_two_films_of_the_same_title_and_year_are_both_found() -> None:
    year = {"world_on": datetime.date(2002, 1, 1), "world_precision": "year"}
    films = {titled(title_en="Ghosts", **year), titled(title_en="Ghosts", **year)}

    assert set(found("ghosts")) == films


def test_a_word_does_not_match_across_two_titles() -> None:
    titled("東京", "Story")

    assert found("京st") == []


def test_a_year_keeps_the_films_first_released_in_it_in_the_world_or_in_japan() -> None:
    in_the_world = titled(title_en="Ring One", world_on=datetime.date(2001, 12, 19), world_precision="day")
    in_japan = titled(
        title_en="Ring Two",
        world_on=datetime.date(2000, 12, 19),
        world_precision="day",
        japan_on=datetime.date(2001, 3, 2),
        japan_precision="day",
    )
    titled(title_en="Ring Three", world_on=datetime.date(2002, 1, 1), world_precision="year")
    titled(title_en="Ring Four")

    assert set(found("ring", year=2001)) == {in_the_world, in_japan}


@pytest.mark.parametrize("query", ["", " ", "%", "_", "\\", "'", '"; --', "%%%_", "\x00", "…!?", "\ud800", "ː"])
def test_a_query_without_a_word_finds_nothing(query: str) -> None:
    titled("100% 愛", "It's _ \\ 100%")

    assert found(query) == []


@pytest.mark.parametrize("query", ["x" * 1000, "の" * 1000, "the " * 250, "ﷺ" * 200, "\u0301" * 500, "1' OR '1'='1"])
def test_a_hostile_query_finds_nothing_and_breaks_nothing(query: str) -> None:
    titled("もののけ姫", "Princess Mononoke")

    assert found(query) == []


def test_a_nul_in_a_query_is_passed_over() -> None:
    film = titled(title_en="Alien")

    assert found("al\x00ien") == [film]


def test_one_or_two_latin_letters_find_only_the_film_titled_so() -> None:
    m = titled(title_en="M")
    up = titled(title_en="Up")
    titled(title_en="Upstairs and M")

    assert (found("m"), found("up")) == ([m], [up])


def test_an_article_alone_finds_only_the_film_titled_so_and_with_a_word_any() -> None:
    the, thing = titled(title_en="The"), titled(title_en="The Thing")

    assert (found("the"), found("the th")) == ([the], [thing])


def test_one_japanese_character_finds_titles_that_begin_with_it() -> None:
    ran, midareru = titled("乱", fame=1), titled("乱れる")
    titled("狂乱")

    assert found("乱") == [ran, midareru]


def test_pages_by_key_show_every_film_once_through_words_and_slips() -> None:
    films = {titled(title_en=f"Planet {n}", fame=n % 3) for n in range(7)}
    films |= {titled(title_en=f"Planat {n}") for n in range(7)}

    shown, after = [], None
    while True:
        page = search_films("planet", after=after, size=3)
        shown += page.films
        after = page.after
        if after is None:
            break

    assert len(shown) == len(set(shown)) == 14
    assert set(shown) == films


def test_a_full_last_page_promises_no_other() -> None:
    for _ in range(3):
        titled(title_en="Planet")

    assert search_films("planet", size=3).after is None


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(102, 24, 7)

    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize("written", ["", "1", "1.2", "1.2.3.4", "a.b.c", "-1.2.3", "1.2.9999999999999999999", "１.2.3"])
def test_a_place_that_no_search_gave_out_is_refused(written: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(written)


def test_each_film_brings_its_directors_in_their_order() -> None:
    film = titled(title_en="Planet")
    second, first = CreditFactory(film=film, position=1), CreditFactory(film=film, position=0)
    CreditFactory(film=film, job="cast")

    [shown] = found("planet")

    assert shown.directing == [first, second]


@pytest.mark.parametrize("films", [10, 1000])
def test_a_page_costs_the_same_however_many_films_there_are(
    films: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Film.objects.bulk_create(
        Film(original_title=f"Planet {n}", search_text=search_text_of(f"Planet {n}")) for n in range(films)
    )

    with django_assert_num_queries(2):  # the films; their directors with their names
        page = search_films("planet", size=5)
        assert [film.directing for film in page.films] == [[]] * 5


def test_the_index_itself_tells_two_japanese_characters_from_others() -> None:
    first, second, other = random.sample([chr(code) for code in range(ord("一"), ord("龠"))], 3)  # new to the index
    titled(f"{first}{second}の神隠し")
    for _ in range(20):
        titled(f"{first}{other}女優")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    films = Film.objects.filter(search_text__contains=indexable(first + second))
    [plan] = json.loads(films.explain(format="json", analyze=True))

    [scan] = plan["Plan"]["Plans"]
    assert (scan["Index Name"], scan["Actual Rows"]) == ("film_search_text", 1)
