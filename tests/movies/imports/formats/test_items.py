import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies.imports.formats import items
from movies.imports.formats.items import RAW, TOO_LONG, JsonPart
from movies.imports.formats.rows import BadRow, FileRefused, FilmNamed, RowRefused, Said
from tests.movies.imports.formats.files import OPTIONS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)


def found(text, path="item"):
    return list(items.items(io.BytesIO(text if isinstance(text, bytes) else text.encode()), path))


def refusal(text, path="item"):
    with pytest.raises(FileRefused) as refused:
        found(text, path)
    return refused.value.code


@given(st.lists(JSON))
def test_every_array_comes_back_item_by_item(array):
    assert found(json.dumps(array)) == array
    assert found(b"\xef\xbb\xbf" + json.dumps(array, ensure_ascii=False, indent=1).encode()) == array


@given(st.lists(JSON, max_size=5), JSON)
def test_an_array_within_an_object_is_found_by_its_name_alone(array, other):
    document = json.dumps({"shows": [{"movies": other}], "movies": array, "more": {"movies": [other]}})

    assert found(document, "movies.item") == array


def test_a_file_that_cannot_be_sought_in_is_read():
    class Once(io.BytesIO):
        def seek(self, *where):
            raise io.UnsupportedOperation

    assert list(items.items(Once(b"[1, 2]"), "item")) == [1, 2]


@pytest.mark.parametrize(
    "text",
    ["", "[1", '[{"a": 1}, {"a"', "[1] [2]", "[NaN]", "[1,]", "[1e999]", f"[{'9' * 5000}]", b'["\xff"]', '["a\nb"]'],
)
def test_what_is_no_json_is_refused(text):
    assert refusal(text) == "no_json"


def test_what_is_nested_too_deep_is_refused():
    assert refusal("[" * 100_000 + "]" * 100_000) == "unknown_json"
    assert refusal('[{"a":' * 50_000) == "unknown_json"


@pytest.mark.parametrize("long", [["x" * 300_000], list(range(200_000)), {"a": {"b": "x" * 300_000}}])
def test_an_item_that_is_too_long_costs_itself(long):
    assert found(json.dumps([1, long, 2])) == [1, TOO_LONG, 2]


def test_text_without_an_end_is_not_read_to_it():
    assert refusal('["' + "x" * 2_000_000) == "row_too_long"


def _named(item, options):
    if "title" not in item:
        raise RowRefused("no_title", "ids.tmdb")
    return Said(film=FilmNamed(str(item["title"])))


PART = JsonPart("named", "item", ("title",), _named)


def read(text):
    return list(items.read_items(io.BytesIO(text.encode()), PART, OPTIONS))


def test_an_item_is_kept_as_the_json_that_it_was():
    first, second = read('[{"title": "渡し船"}, {"ids": {"tmdb": [1, "x"]}}]')

    assert (first.line, first.raw) == (1, {RAW: '{"title": "渡し船"}'})
    assert isinstance(second, BadRow)
    assert (second.line, second.code, second.column, second.value) == (2, "no_title", "ids.tmdb", '[1, "x"]')


def test_what_is_no_object_or_no_text_or_too_long_is_refused():
    rows = read(
        r'[5, {"title": "a\u0000b"}, {"title": "\\u0000 is fine"}, {"title": "a\nb"}, {"title": "%s"}]'
        % ("x" * 300_000)
    )

    assert [getattr(row, "code", "") for row in rows] == ["not_an_item", "not_readable", "", "", "row_too_long"]


@pytest.mark.parametrize(
    ("path", "value"),
    [("a", '{"b": 1.5}'), ("a.b", "1.5"), ("a.b.c", ""), ("n", ""), ("t", "true"), ("s", "text"), ("", "")],
)
def test_a_place_of_an_item_is_text(path, value):
    assert items.value_at({"a": {"b": 1.5}, "n": None, "t": True, "s": "text"}, path) == value


@pytest.mark.parametrize(
    ("begins", "is_json"), [(b"[", True), (b"\xef\xbb\xbf\r\n {", True), (b"title,", False), (b"", False)]
)
def test_json_is_known_by_how_it_begins(begins, is_json):
    file = io.BytesIO(begins)

    assert items.is_json(file) is is_json
    assert file.tell() == 0
