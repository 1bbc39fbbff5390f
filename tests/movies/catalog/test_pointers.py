"""What apps share, as they share it: the address, and the words beside it."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movies.catalog.pointers import LARGEST_TMDB_ID, LONGEST_TITLE, YEARS, Pointer, holds_link, read


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        # TMDB
        (["https://www.themoviedb.org/movie/129"], Pointer(tmdb_id=129)),
        (
            ["https://www.themoviedb.org/movie/129-spirited-away?language=ja"],
            Pointer(tmdb_id=129, title="spirited away"),
        ),
        (
            ["https://www.themoviedb.org/movie/129", "千と千尋の神隠し (2001) — The Movie Database (TMDB)"],
            Pointer(tmdb_id=129, title="千と千尋の神隠し", year=2001),
        ),
        (["https://www.themoviedb.org/movie/129/cast"], Pointer(tmdb_id=129)),
        (["http://m.themoviedb.org/movie/129-千と千尋の神隠し"], Pointer(tmdb_id=129, title="千と千尋の神隠し")),
        (["https://www.themoviedb.org/tv/1396-breaking-bad"], Pointer(title="breaking bad")),
        # Letterboxd
        (["https://letterboxd.com/film/spirited-away/"], Pointer(title="spirited away")),
        (["https://letterboxd.com/hanako/film/spirited-away/1/"], Pointer(title="spirited away")),
        (["https://letterboxd.com/film/suspiria-2018/"], Pointer(title="suspiria")),
        (["https://letterboxd.com/film/2001-a-space-odyssey/"], Pointer(title="2001 a space odyssey")),
        (["https://letterboxd.com/film/1917/"], Pointer(title="1917")),
        (["Spirited Away (2001) https://boxd.it/1Xou"], Pointer(title="Spirited Away", year=2001)),
        (
            ["Check out Spirited Away (2001) on Letterboxd https://boxd.it/1Xou"],
            Pointer(title="Spirited Away", year=2001),
        ),
        (
            ["A ★★★★½ review of Paris, Texas (1984) https://boxd.it/aB12"],
            Pointer(title="Paris, Texas", year=1984),
        ),
        (
            [
                "https://letterboxd.com/film/ran/",
                "\u200eRan (1985) directed by Akira Kurosawa • Reviews, film + cast • Letterboxd",
            ],
            Pointer(title="Ran", year=1985),
        ),
        # Filmarks
        (["『千と千尋の神隠し』 #Filmarks https://filmarks.com/movies/12345"], Pointer(title="千と千尋の神隠し")),
        (["「乱」の映画情報・感想・評価 https://filmarks.com/movies/1"], Pointer(title="乱")),
        (
            ["https://filmarks.com/movies/1", "乱 - 映画情報・レビュー・評価・あらすじ・動画配信 | Filmarks映画"],
            Pointer(title="乱"),
        ),
        (["『乱』（1985年製作の映画）https://filmarks.com/movies/1"], Pointer(title="乱", year=1985)),
        # Others
        (["https://www.imdb.com/title/tt0245429/?ref_=ext_shr"], Pointer(imdb_id="tt0245429")),
        (["https://m.imdb.com/ja/title/tt0245429/reviews/"], Pointer(imdb_id="tt0245429")),
        (
            ["https://www.imdb.com/title/tt0245429/", "Spirited Away (2001) ⭐ 8.6 | Animation, Adventure, Family"],
            Pointer(imdb_id="tt0245429", title="Spirited Away", year=2001),
        ),
        (["https://www.wikidata.org/wiki/Q155653"], Pointer(wikidata_id="Q155653")),
        (["https://ja.wikipedia.org/wiki/%E4%B9%B1_(%E6%98%A0%E7%94%BB)"], Pointer(title="乱")),
        (["https://en.wikipedia.org/wiki/Suspiria_(2018_film)"], Pointer(title="Suspiria")),
        (["https://www.justwatch.com/jp/映画/qian-to-qian-xun"], Pointer(title="qian to qian xun")),
        (["https://www.justwatch.com/us/movie/spirited-away"], Pointer(title="spirited away")),
        # Ours
        (["https://films.example/films/12-ran/"], Pointer(film_id=12)),
        (["https://films.example/en/@hanako/films/12-ran/"], Pointer(film_id=12)),
        (["https://films.example/films/tmdb/129/record/"], Pointer(tmdb_id=129)),
        # Words alone
        (["千と千尋の神隠し"], Pointer(title="千と千尋の神隠し")),
        (["Paris, Texas"], Pointer(title="Paris, Texas")),
        (["", "", "乱(1985)"], Pointer(title="乱", year=1985)),
        (["2001: A Space Odyssey (1968)"], Pointer(title="2001: A Space Odyssey", year=1968)),
        (["", " \n"], Pointer()),
    ],
)
def test_what_is_shared_names_its_film(texts: list[str], pointer: Pointer) -> None:
    assert read(*texts, site="films.example") == pointer


@pytest.mark.parametrize(
    "link",
    [
        "https://themoviedb.org.evil.example/movie/129",
        "https://evil.example/https://www.themoviedb.org/movie/129",
        "https://user:pass@evil.example/movie/129",
        "https://themoviedb.org/movie/0",
        "https://themoviedb.org/movie/99999999999",
        "https://themoviedb.org/movie/１２９",
        "https://themoviedb.org/movie/129abc",
        "https://imdb.com/title/tt12",
        "https://wikidata.org/wiki/Q0",
        "https://films.example.evil.example/films/12-ran/",
        "https://[::1/movie/129",
        "javascript:alert(1)//themoviedb.org/movie/129",
        "file:///films/12-ran/",
    ],
)
def test_a_link_that_only_looks_like_one_names_no_film(link: str) -> None:
    pointer = read(link, site="films.example")

    assert (pointer.film_id, pointer.tmdb_id, pointer.imdb_id, pointer.wikidata_id) == (None, None, "", "")


HOSTS = st.sampled_from(
    ["themoviedb.org", "letterboxd.com", "imdb.com", "ja.wikipedia.org", "justwatch.com", "films.example"]
)
HOSTILE = st.one_of(st.text(max_size=300), st.builds("https://{}/{}".format, HOSTS, st.text(max_size=100)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of ours
@given(st.lists(HOSTILE, max_size=3))
def test_whatever_is_shared_is_read_without_a_fault(texts: list[str]) -> None:
    pointer = read(*texts, site="films.example")

    assert len(pointer.title) <= LONGEST_TITLE
    assert "\n" not in pointer.title
    assert "\0" not in pointer.title
    assert pointer.year is None or pointer.year in YEARS
    assert pointer.tmdb_id is None or 0 < pointer.tmdb_id <= LARGEST_TMDB_ID
    assert not holds_link(pointer.title)


@pytest.mark.parametrize(
    "text", ["(" * 2000, "a (" * 700, "★" * 2000, "『" * 2000, " - " * 700, "https://" * 250, "review of " * 200]
)
def test_a_text_made_to_be_slow_is_read_at_once(text: str) -> None:
    begun = time.process_time()

    read(text, text, text)

    assert time.process_time() - begun < 0.5
