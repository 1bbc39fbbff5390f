"""The pages of one's own lists: all of them, and each with its films."""

import re

import pytest

from movies.diary import lists
from movies.diary.models import FilmList
from tests.factories import (
    EntryFactory,
    FilmFactory,
    FilmListFactory,
    FilmListItemFactory,
    UserFactory,
    WishFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def favourites(person):
    return FilmListFactory(owner=person, name="好きな映画", description="何度でも\n観たい")


def said(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def test_my_lists_stand_with_their_counts_and_no_list_of_anybody_else(client, person, favourites):
    FilmListItemFactory.create_batch(2, film_list=favourites)
    FilmListFactory(name="よその人のリスト")

    page = client.get("/lists/")

    assert "好きな映画 2 本" in said(page)
    assert "何度でも" in said(page)
    assert page.context["count"] == 1
    assert "よその人のリスト" not in said(page)


def test_lists_are_read_page_by_page(client, person, monkeypatch):
    monkeypatch.setattr(lists, "LISTS_ON_A_PAGE", 2)
    made = [FilmListFactory(owner=person) for _ in range(3)]

    first = client.get("/lists/")
    second = client.get("/lists/", {"after": str(first.context["next"])}, headers=HTMX)

    assert [*first.context["lists"], *second.context["lists"]] == made[::-1]
    assert "<html" not in second.content.decode()
    assert "これで全部です" in said(client.get("/lists/", {"after": "20200101T000000000000.1"}))


def test_who_has_no_list_is_led_to_where_they_come_from(client, person):
    assert 'href="/import/"' in client.get("/lists/").content.decode()


def test_a_list_shows_its_films_with_notes_and_what_i_have_recorded_of_them(client, person, favourites):
    seen, waited_for, new = (FilmFactory(title_ja=title) for title in ("観た映画", "待つ映画", "知らない映画"))
    EntryFactory(owner=person, film=seen, score=95)
    EntryFactory(film=new, score=12)
    WishFactory(owner=person, film=waited_for)
    for position, film in enumerate((new, waited_for, seen)):
        FilmListItemFactory(film_list=favourites, film=film, position=position, note=f"{film.title_ja}について")

    page = client.get(f"/lists/{favourites.pk}/")

    films = [item.film for item, _entry in page.context["items"]]
    assert films == [new, waited_for, seen]
    assert page.context["wished"] == {waited_for.pk}
    assert re.search(
        r"知らない映画 知らない映画について .* 待つ映画について .* 観た映画 95 点 観た映画について 編集", said(page)
    )
    assert "12 点" not in said(page)
    assert "何度でも<br>観たい" in page.content.decode()


def test_the_films_of_a_list_are_read_page_by_page(client, favourites, monkeypatch):
    monkeypatch.setattr(lists, "FILMS_ON_A_PAGE", 2)
    made = [FilmListItemFactory(film_list=favourites, position=place) for place in range(3)]
    here = f"/lists/{favourites.pk}/"

    first = client.get(here)
    second = client.get(here, {"after": str(first.context["next"])}, headers=HTMX)

    assert [item for page in (first, second) for item, _entry in page.context["items"]] == made
    assert (second.context["next"], first.context["count"]) == (None, 3)
    assert "<html" not in second.content.decode()


@pytest.mark.parametrize("place", ["x", "none.1", "1", "1.x"])
def test_a_place_that_no_list_gave_out_is_refused(client, favourites, place):
    assert client.get(f"/lists/{favourites.pk}/", {"after": place}).status_code == 400


@pytest.mark.parametrize("place", ["99999999999999999999.1", "1.99999999999999999999", "-1.-1"])
def test_a_place_beyond_all_numbers_is_an_end_like_another(client, favourites, place):
    assert client.get(f"/lists/{favourites.pk}/", {"after": place}).status_code == 200


def test_a_list_takes_the_same_queries_however_many_films_it_has(client, favourites, django_assert_num_queries):
    here = f"/lists/{favourites.pk}/"
    client.get(here)  # the first page of a session writes its token
    for count in (1, 20):
        for _ in range(count):
            FilmListItemFactory(film_list=favourites)
        # The session with its person, the list, its films and how many they are, my entries and my wishes of them
        with django_assert_num_queries(6):
            client.get(here)


def test_words_on_a_list_are_words_and_no_markup(client, person):
    film_list = FilmListFactory(owner=person, name="<b>名</b>", description="<b>説明</b>")
    FilmListItemFactory(film_list=film_list, note="<b>メモ</b>")

    pages = client.get("/lists/").content.decode() + client.get(f"/lists/{film_list.pk}/").content.decode()

    for word in ("名", "説明", "メモ"):
        assert f"&lt;b&gt;{word}&lt;/b&gt;" in pages
        assert f"<b>{word}" not in pages


def test_a_strangers_list_is_not_there_to_read_or_to_delete(client, person):
    film_list = FilmListFactory()

    assert client.get(f"/lists/{film_list.pk}/").status_code == 404
    assert client.post(f"/lists/{film_list.pk}/delete/").status_code == 404
    assert FilmList.objects.get() == film_list


def test_deleting_a_list_says_so(client, favourites):
    FilmListItemFactory(film_list=favourites)

    page = client.post(f"/lists/{favourites.pk}/delete/", follow=True)

    assert page.redirect_chain == [("/lists/", 302)]
    assert "好きな映画" in said(page)
    assert not FilmList.objects.exists()


def test_a_list_is_not_deleted_by_looking(client, favourites):
    assert client.get(f"/lists/{favourites.pk}/delete/").status_code == 405
    assert FilmList.objects.exists()


def test_the_watchlist_leads_to_the_lists(client, person):
    empty = client.get("/watchlist/").content.decode()
    WishFactory(owner=person)
    full = client.get("/watchlist/").content.decode()

    assert 'href="/lists/"' in empty
    assert 'href="/lists/"' in full
