import dataclasses
import datetime

import pytest
from django.utils import timezone

from accounts.models import StaffAction, User, Visibility
from movies.catalog import tmdb
from movies.catalog.elsewhere import search_elsewhere
from movies.catalog.facts import take_facts
from movies.catalog.models import Film
from movies.catalog.search import search_films
from movies.catalog.titles import search_text_of
from movies.diary import merging
from movies.diary.models import Entry
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.movies.catalog.test_facts import facts

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2024, 1, 1)
TUESDAY = datetime.date(2024, 1, 2)


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, handle="helper")


@pytest.fixture
def merge(staff):
    return lambda film, into: merging.merge_films(actor=staff, film=film, into=into, reason="The same")


def two_films():
    return FilmFactory(), FilmFactory(world_on=MONDAY, world_precision="day")


def revisions(entry):
    return User.objects.values_list("wall_revision", "public_revision").get(pk=entry.owner_id)


def test_what_was_recorded_moves_to_the_film_that_is_kept(merge):
    film, into = two_films()
    entry = EntryFactory(film=film, score=95)

    merge(film, into)

    entry.refresh_from_db()
    film.refresh_from_db()
    assert (entry.film, entry.score, entry.japan_on, entry.world_on) == (into, 95, MONDAY, MONDAY)
    assert film.merged_into == into


def test_what_was_deleted_moves_too(merge):
    film, into = two_films()
    deleted = EntryFactory(film=film, deleted_at=timezone.now())
    EntryFactory(film=into, owner=deleted.owner)

    merge(film, into)

    deleted.refresh_from_db()
    assert deleted.film == into


def test_what_is_deleted_on_the_film_that_is_kept_is_in_nobodys_way(merge):
    film, into = two_films()
    entry = EntryFactory(film=film)
    EntryFactory(film=into, owner=entry.owner, deleted_at=timezone.now())

    merge(film, into)

    entry.refresh_from_db()
    assert entry.film == into


def test_where_somebody_has_both_theirs_stay_for_them_to_settle(client, merge):
    film, into = two_films()
    entry = EntryFactory(film=film, score=10)
    other = EntryFactory(film=into, owner=entry.owner, score=90)

    merge(film, into)

    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.film, entry.score, other.film, other.score) == (film, 10, into, 90)
    assert StaffAction.objects.get().details["kept"] == 1
    client.force_login(entry.owner)
    assert client.get(film.get_absolute_url()).status_code == 200


def test_a_settled_conflict_moves_when_the_merge_is_repeated(merge):
    film, into = two_films()
    entry = EntryFactory(film=film)
    other = EntryFactory(film=into, owner=entry.owner)
    merge(film, into)
    Entry.objects.filter(pk=other.pk).update(deleted_at=timezone.now())

    merge(film, into)

    entry.refresh_from_db()
    assert entry.film == into
    assert StaffAction.objects.count() == 2


def test_a_merge_repeated_changes_nothing(merge):
    film, into = two_films()
    entry = EntryFactory(film=film)

    merge(film, into)
    before = revisions(entry)
    merge(film, into)

    assert revisions(entry) == before
    assert StaffAction.objects.count() == 1


def test_the_walls_of_all_whose_entries_moved_are_raised_and_no_others(merge):
    film, into = two_films()
    public, private = EntryFactory(film=film), EntryFactory(film=film, visibility=Visibility.PRIVATE)
    bystander = EntryFactory(film=into)

    merge(film, into)

    assert (revisions(public), revisions(private), revisions(bystander)) == ((2, 2), (2, 1), (1, 1))


def test_the_act_says_who_why_and_how_many(merge, staff):
    film, into = FilmFactory(imdb_id="tt0000001"), FilmFactory()
    EntryFactory.create_batch(2, film=film)

    merge(film, into)

    act = StaffAction.objects.get()
    assert (act.actor, act.kind, act.subject, act.subject_id, act.reason) == (
        staff,
        "merge",
        "film",
        film.pk,
        "The same",
    )
    assert act.details == {"into": into.pk, "moved": 2, "kept": 0, "ids": {"imdb_id": "tt0000001"}}


def test_ids_move_where_the_film_that_is_kept_has_none(merge):
    film = FilmFactory(tmdb_id=1, imdb_id="tt0000001", wikidata_id="Q1")
    into = FilmFactory(tmdb_id=2)

    merge(film, into)

    film.refresh_from_db()
    into.refresh_from_db()
    assert (film.tmdb_id, film.imdb_id, film.wikidata_id) == (1, None, None)
    assert (into.tmdb_id, into.imdb_id, into.wikidata_id) == (2, "tt0000001", "Q1")


def test_a_chain_is_flattened(merge):
    first, second, third = FilmFactory(), FilmFactory(), FilmFactory()

    merge(first, second)
    merge(second, third)

    assert set(Film.objects.filter(merged_into=third)) == {first, second}


def test_a_merge_that_makes_no_sense_is_refused(merge):
    film, kept, other = FilmFactory(), FilmFactory(), FilmFactory()
    entry = EntryFactory(film=other)
    merge(film, kept)

    for wanted, into, error in [
        (other, other, merging.SameFilm),
        (kept, film, merging.MergedItself),
        (other, film, merging.MergedItself),
        (film, other, merging.MergedElsewhere),
    ]:
        with pytest.raises(error):
            merge(wanted, into)

    entry.refresh_from_db()
    assert entry.film == other
    assert StaffAction.objects.count() == 1


def test_a_merge_costs_the_same_however_many_have_recorded_the_film(merge, django_assert_max_num_queries):
    film, into = two_films()
    EntryFactory.create_batch(30, film=film)

    # The lock, the films, the entries and their move, the wishes and theirs, lists and theirs, the walls locked and raised, the chain, two for the ids, the act;
    # two savepoints and their release.
    with django_assert_max_num_queries(18):
        merge(film, into)


def test_a_merged_film_is_not_found_and_leads_to_the_one_that_is_kept(client, merge):
    film, into = (FilmFactory(original_title="Alien", search_text=search_text_of("Alien")) for _ in range(2))

    merge(film, into)

    assert search_films("alien").films == [into]
    assert client.get(film.get_absolute_url(), follow=True).redirect_chain[-1][0] == into.get_absolute_url()


def test_what_tmdb_finds_under_the_merged_films_number_is_the_film_that_is_kept(merge, tmdb_server):
    film, into = FilmFactory(tmdb_id=129), FilmFactory(tmdb_id=2)
    merge(film, into)

    found = search_elsewhere("spirited", year=None, page=1, language="en")

    assert [hit.film for hit in found.hits] == [into]


def test_recording_under_the_merged_films_number_records_the_one_that_is_kept(client, merge, tmdb_server):
    film, into = FilmFactory(tmdb_id=129), FilmFactory(tmdb_id=2)
    merge(film, into)
    client.force_login(UserFactory())

    page = client.get("/films/tmdb/129/record/")

    assert page.context["film"] == into


def test_facts_under_the_merged_films_number_leave_the_one_that_is_kept_alone(merge):
    film, into = FilmFactory(tmdb_id=129), FilmFactory(tmdb_id=2, original_title="Kept")
    merge(film, into)

    take_facts(facts())

    into.refresh_from_db()
    assert (into.tmdb_id, into.original_title) == (2, "Kept")


def test_facts_with_another_id_of_the_merged_film_do_not_fall_to_it(merge):
    film = FilmFactory(imdb_id="tt0245429")
    into = FilmFactory(imdb_id="tt0000002", original_title="Kept")
    merge(film, into)

    taken, _ = take_facts(facts())

    assert taken not in (film, into)
    assert (taken.tmdb_id, taken.imdb_id) == (129, None)


def test_facts_under_a_number_that_moved_reach_the_film_that_is_kept(merge):
    film, into = FilmFactory(tmdb_id=129), FilmFactory()
    merge(film, into)

    taken, _ = take_facts(dataclasses.replace(facts(), directors=(tmdb.Person(608, "Hayao Miyazaki", "宮崎駿", ""),)))

    assert taken == into
