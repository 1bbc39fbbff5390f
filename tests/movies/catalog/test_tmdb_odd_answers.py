"""Whatever stands anywhere in an answer, it is read or found invalid, and what is read can be stored."""

import copy
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from movies.catalog import tmdb
from movies.catalog.tmdb import reading

FILM = json.loads((Path(__file__).parents[2] / "fixtures" / "tmdb" / "movie_129.json").read_text())
PAGE = {"page": 1, "total_pages": 1, "total_results": 1, "results": [{**FILM, "genre_ids": [16]}]}

Place = tuple[str | int, ...]

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def places(body: Any, at: Place = ()) -> Iterator[Place]:
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


def with_at(body: Any, place: Place, value: object) -> Any:
    changed = copy.deepcopy(body)
    holder = changed
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return changed


def texts(facts: object) -> Iterator[str]:
    if isinstance(facts, str):
        yield facts
    elif is_dataclass(facts):
        yield from texts([getattr(facts, field.name) for field in fields(facts)])
    elif isinstance(facts, list | tuple):
        for each in facts:
            yield from texts(each)


def assert_storable(facts: object) -> None:
    for text in texts(facts):
        assert "\x00" not in text
        assert not any("\ud800" <= character <= "\udfff" for character in text)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(places(FILM))), any_json)
def test_in_a_film(place: Place, odd: object) -> None:
    try:
        film = reading.film_facts(with_at(FILM, place, odd), language="ja-JP")
    except tmdb.Invalid:
        return

    assert_storable(film)
    assert film.original_title
    assert film.runtime is None or 0 < film.runtime < 2**15


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(places(PAGE))), any_json)
def test_in_a_list(place: Place, odd: object) -> None:
    try:
        page = reading.film_page(with_at(PAGE, place, odd))
    except tmdb.Invalid:
        return

    assert_storable(page)
    assert all(film.title for film in page.results)
