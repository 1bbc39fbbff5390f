"""Lists by key: each row once, either way, whatever the keys are."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movies.diary.models import Entry
from mymovie.paging import BadCursor, Cursor, page_after, pages_after
from tests.factories import EntryFactory, FilmFactory, UserFactory

KEYS = {
    "score": st.none() | st.integers(0, 100),
    "watched_on": st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    "title_ja_key": st.none()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
    | st.sampled_from(["none", "a", "a.1", ".", "-", "あ", "ア", ""]),
}
KINDS = {"score": int, "watched_on": datetime.date, "title_ja_key": str}


def sorted_in_python(entries: list[Entry], key: str, *, is_ascending: bool) -> list[int]:
    """As the collation "C" has it: texts byte by byte; and those without the key at the end."""

    def place(entry: Entry) -> tuple[object, int]:
        value = getattr(entry, key)
        return value.encode() if isinstance(value, str) else value, entry.pk

    having = sorted((e for e in entries if getattr(e, key) is not None), key=place, reverse=not is_ascending)
    lacking = sorted((e.pk for e in entries if getattr(e, key) is None), reverse=not is_ascending)
    return [entry.pk for entry in having] + lacking


@pytest.mark.django_db
@pytest.mark.parametrize("is_ascending", [True, False])
@pytest.mark.parametrize("key", KEYS)
def test_pages_have_each_row_once_and_in_order(key: str, is_ascending: bool) -> None:
    films = [FilmFactory() for _ in range(12)]

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(KEYS[key], max_size=12), st.integers(1, 5))
    def each_once(keys: list[object], size: int) -> None:
        owner = UserFactory()
        entries = Entry.objects.bulk_create(
            Entry(owner=owner, film=film, recorded_at=timezone.now(), **{key: value})
            for film, value in zip(films, keys, strict=False)
        )

        seen, after = [], None
        while True:
            rows = Entry.objects.filter(owner=owner)
            page, following = page_after(rows, key, after, size, is_ascending=is_ascending)
            seen += [entry.pk for entry in page]
            assert len(page) <= size
            if following is None:
                break
            after = Cursor.read(str(following), KINDS[key])
            assert after == following

        assert seen == sorted_in_python(entries, key, is_ascending=is_ascending)

    each_once()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), st.integers(0, 2**63))
def test_a_place_by_any_text_is_read_as_it_was_written(key: str, pk: int) -> None:
    assert Cursor.read(str(Cursor(key, pk)), str) == Cursor(key, pk)


@pytest.mark.parametrize("written", ["", ".", "あ.1", "-あ", "-あ.", "-\x00.1", "-\ud800.1", "-a.b"])
def test_a_place_by_text_that_no_list_has_given_out_is_refused(written: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.read(written, str)


@pytest.mark.django_db
def test_pages_of_several_lists_are_those_of_each_in_one_statement(django_assert_num_queries) -> None:
    owners = [UserFactory() for _ in range(3)]
    for number in range(30):
        EntryFactory(owner=owners[number % 3], recorded_at=timezone.now() - datetime.timedelta(days=number // 5))
    lists = {owner.handle: Entry.objects.of(owner) for owner in owners}
    _first, going_on = page_after(lists[owners[0].handle], "recorded_at", None, 4)
    begins = {handle: going_on if handle == owners[0].handle else None for handle in lists}
    alone = {name: page_after(rows, "recorded_at", begins[name], 4) for name, rows in lists.items()}

    with django_assert_num_queries(1):
        together = pages_after({name: (rows, begins[name]) for name, rows in lists.items()}, "recorded_at", 4)

    assert together == alone


@pytest.mark.django_db
def test_an_empty_list_among_several_has_an_empty_page() -> None:
    entry = EntryFactory()
    lists = {"all": (Entry.objects.all(), None), "none": (Entry.objects.none(), None)}

    assert pages_after(lists, "recorded_at", 4) == {"all": ([entry], None), "none": ([], None)}
    assert pages_after({"none": lists["none"]}, "recorded_at", 4) == {"none": ([], None)}
