"""Lists of films: what stands on a page, what a merge and a deletion leave."""

import pytest
from django.db import connection

from movies.diary import lists
from movies.diary.models import Entry, FilmList, FilmListItem
from movies.diary.wishing import Wish
from tests.factories import (
    EntryFactory,
    FilmFactory,
    FilmListFactory,
    FilmListItemFactory,
    UserFactory,
    WishFactory,
)
from tests.movies.diary.test_merging import merge, staff, two_films

__all__ = ["merge", "staff"]

pytestmark = pytest.mark.django_db


def listed(film_list, *films, notes=()):
    for position, film in enumerate(films, start=1):
        FilmListItemFactory(film_list=film_list, film=film, position=position, note="".join(notes[position - 1 :][:1]))
    return film_list


def all_pages(page_of):
    rows, after = [], None
    while True:
        page, after = page_of(after)
        rows += page
        if after is None:
            return rows


def test_each_list_says_how_many_films_it_holds_and_shows_the_first(monkeypatch):
    monkeypatch.setattr(lists, "IN_A_GLIMPSE", 2)
    owner, films = UserFactory(), [FilmFactory() for _ in range(3)]
    listed(FilmListFactory(owner=owner), *reversed(films))
    FilmListFactory(owner=owner)
    listed(FilmListFactory(), *films)

    (empty, full), _following = lists.lists_of(owner, None)

    assert (empty.count, empty.glimpse, full.count) == (0, [], 3)
    assert [item.film for item in full.glimpse] == [films[2], films[1]]


def test_lists_come_page_by_page_the_newest_first(monkeypatch):
    monkeypatch.setattr(lists, "LISTS_ON_A_PAGE", 2)
    owner = UserFactory()
    made = [FilmListFactory(owner=owner) for _ in range(5)]

    assert all_pages(lambda after: lists.lists_of(owner, after)) == made[::-1]


def test_lists_take_two_queries_however_many_films_they_hold(django_assert_num_queries):
    owner = UserFactory()
    for _ in range(3):
        listed(FilmListFactory(owner=owner), *(FilmFactory() for _ in range(4)))

    with django_assert_num_queries(2):  # the lists with their counts, and the first films of all of them
        lists.lists_of(owner, None)


def test_films_come_in_the_order_of_their_positions_and_where_there_is_none_as_they_were_put_there(monkeypatch):
    monkeypatch.setattr(lists, "FILMS_ON_A_PAGE", 2)
    film_list = FilmListFactory()
    third = FilmListItemFactory(film_list=film_list, position=7)
    second = FilmListItemFactory(film_list=film_list, position=2)
    unplaced = [FilmListItemFactory(film_list=film_list) for _ in range(4)]
    FilmListItemFactory(position=1)

    items = all_pages(lambda after: lists.films_on(film_list, after))

    assert items == [*unplaced, second, third]


def test_the_films_of_a_list_are_read_along_an_index():
    films = [FilmFactory() for _ in range(3)]
    film_list = listed(FilmListFactory(), *films)
    after = lists.Cursor(1, film_list.items.earliest("pk").pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")

    plan = lists.items_of(film_list, after).explain()

    assert "film_list_order" in plan
    assert "Sort" not in plan


def test_deleting_a_list_leaves_what_is_recorded_of_its_films_and_all_other_lists():
    owner = UserFactory()
    entry, wish = EntryFactory(owner=owner), WishFactory(owner=owner)
    film_list = listed(FilmListFactory(owner=owner), entry.film, wish.film)
    other = listed(FilmListFactory(owner=owner), entry.film)

    lists.delete_list(film_list=film_list)

    assert list(FilmList.objects.all()) == [other]
    assert FilmListItem.objects.get().film_list == other
    assert (Entry.objects.get(), Wish.objects.get()) == (entry, wish)


class TestMerging:
    def test_leads_lists_on_to_the_film_that_is_kept(self, merge):
        film, into = two_films()
        item = FilmListItemFactory(film=film, position=3, note="Again!")

        merge(film, into)

        item.refresh_from_db()
        assert (item.film, item.position, item.note) == (into, 3, "Again!")

    def test_leaves_one_where_a_list_has_both_with_the_notes_of_either(self, merge):
        film, into = two_films()
        both = listed(FilmListFactory(), film, into, notes=["of one", "of the other"])
        quiet = listed(FilmListFactory(owner=both.owner), film, FilmFactory(), into, notes=["said once"])
        same = listed(FilmListFactory(owner=both.owner), into, film, notes=["the same", "the same"])

        merge(film, into)

        items = {item.film_list: item for item in FilmListItem.objects.filter(film=into)}
        assert {film_list: (item.position, item.note) for film_list, item in items.items()} == {
            both: (2, "of the other\nof one"),
            quiet: (3, "said once"),
            same: (1, "the same"),
        }
        assert not FilmListItem.objects.filter(film=film).exists()
        assert quiet.items.count() == 2

    def test_again_leads_on_what_was_listed_meanwhile(self, merge):
        film, into = two_films()
        merge(film, into)
        item = FilmListItemFactory(film=film)

        merge(film, into)

        item.refresh_from_db()
        assert item.film == into
