"""What recording a film adds to what is said of its wall is what counting it anew would say."""

import datetime
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.db.models import F, Model
from django.db.models.expressions import RawSQL
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Follow, User, Visibility, slot_of
from accounts.people.services import following
from accounts.people.services.following import follow
from movies.catalog.models import Film
from movies.diary import recording, services
from movies.diary.models import Entry, Viewing, Wish, wall_keys
from movies.diary.wishing import wish
from movies.diary.words import NOTHING, Words
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db
T = TypeVar("T")

SAID = ("films_shown", "last_shown_at", "last_entry_at", "wall_revision", "public_revision")


def columns_of(row: Model | None) -> dict[str, object]:
    assert row
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def said_of(owner: User) -> dict[str, object]:
    return User.objects.values(*SAID).get(pk=owner.pk) | Follow.objects.values(told=F("last_entry_at")).get(
        followee=owner
    )


@pytest.mark.parametrize("wall", Visibility.values)
@pytest.mark.parametrize("visibility", Visibility.values)
@pytest.mark.parametrize("stood", [True, False], ids=["others stand", "the first"])
@pytest.mark.parametrize("was_hidden", [False, True], ids=["", "hidden once"])
def test_one_more_says_what_counting_says(wall: str, visibility: str, stood: bool, was_hidden: bool) -> None:
    owner, film = UserFactory(wall_visibility=wall), FilmFactory()
    told = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC) if stood else None
    FollowFactory(followee=owner, last_entry_at=told)
    if stood:
        services.log_film(owner=owner, film=FilmFactory(), score=None, visibility=Visibility.PUBLIC)
    if was_hidden:
        now = timezone.now()
        EntryFactory(owner=owner, film=film, hidden_at=now, deleted_at=now)
    before = said_of(owner)

    services.log_film(owner=owner, film=film, score=95, visibility=Visibility(visibility))

    added = said_of(owner)
    shown_to_all = Visibility.PUBLIC == wall == visibility and not was_hidden
    assert added["wall_revision"] == before["wall_revision"] + 1
    assert added["public_revision"] == before["public_revision"] + shown_to_all
    services.wall_shows_anew(owner_id=owner.pk, is_public=False)
    assert said_of(owner) == added | {"wall_revision": added["wall_revision"] + 1}


@pytest.fixture(params=["at once", "in a transaction"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The second is that of a film whose facts are to be asked for."""
    if request.param == "in a transaction":
        monkeypatch.setattr(services, "asks_for_facts", lambda film: True)
    return request.param


def test_both_ways_write_the_same(way: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner, film = (
        UserFactory(),
        FilmFactory(title_ja="乱", title_kana="らん", japan_on=datetime.date(1985, 6, 1), japan_precision="day"),
    )
    WishFactory(owner=owner, film=film)
    seen = services.Seen(datetime.date(1985, 6, 2), uuid.uuid4())
    words = Words(values={"review": "%s 100 % %(film)s", "tags": ["黒澤", "a,b"], "memo": "\\ ' \""})

    with django_assert_num_queries({"at once": 1, "in a transaction": 6}[way]):
        entry, is_new = services.log_film(owner=owner, film=film, score=88, seen=seen, words=words)

    stands = Entry.objects.get()
    assert is_new
    assert columns_of(entry) == columns_of(stands)
    assert not entry._state.adding
    expected = {"japan_on": datetime.date(1985, 6, 1), "watched_on": seen.on, "score": 88, "visibility": "public"}
    expected |= {
        "review": "%s 100 % %(film)s",
        "tags": ["黒澤", "a,b"],
        "memo": "\\ ' \"",
        "title_ja_key": wall_keys(film)["title_ja_key"],
    }
    assert {name: getattr(stands, name) for name in expected} == expected
    assert stands.reviewed_at
    assert stands.viewings.values_list("watched_on", "submission", "score").get() == (seen.on, seen.submission, None)
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    ("typed", "noted"), [("", "said Taro"), ("my own", "my own\n\nsaid Taro")], ids=["nothing typed", "words typed"]
)
def test_what_was_noted_of_a_wish_is_noted_of_the_entry(way: str, typed: str, noted: str) -> None:
    wish = WishFactory(memo="said Taro")

    entry, _is_new = services.log_film(owner=wish.owner, film=wish.film, score=1, words=Words(values={"memo": typed}))

    assert entry.memo == Entry.objects.get().memo == noted
    assert entry.former_wish
    assert (entry.former_wish["memo"], entry.former_wish["film_id"]) == ("said Taro", wish.film_id)


def test_what_was_noted_of_a_wish_is_noted_where_the_film_is_seen_again() -> None:
    entry = EntryFactory(memo="my own")
    for _ in range(2):  # waited for once more, with the same words
        WishFactory(owner=entry.owner, film=entry.film, memo="said Taro")
        services.log_film(
            owner=entry.owner, film=entry.film, score=1, seen=services.Seen(None, uuid.uuid4(), is_again=True)
        )

    assert not Wish.objects.exists()
    assert Entry.objects.get().memo == "my own\n\nsaid Taro"


def test_who_says_no_words_writes_none(way: str) -> None:
    entry, _is_new = services.log_film(owner=UserFactory(), film=FilmFactory(), score=1)

    for one in (entry, Entry.objects.get()):
        assert {name: getattr(one, name) for name in NOTHING} == NOTHING


@pytest.mark.parametrize("name", recording.COPIED)
def test_a_film_that_has_changed_since_it_was_looked_at_is_taken_as_it_is(name: str) -> None:
    days = {"japan_on": datetime.date(1985, 6, 1), "world_on": datetime.date(1985, 5, 31)}
    film = FilmFactory(title_ja="乱", title_kana="らん", **days, japan_precision="day", world_precision="day")
    former, former_keys = Film.objects.get(pk=film.pk), wall_keys(film)
    setattr(film, name, datetime.date(1990, 1, 1) if name in days else "わ")
    film.save()

    entry, _is_new = services.log_film(owner=UserFactory(), film=former, score=1)

    entry.refresh_from_db()
    assert {key: getattr(entry, key) for key in former_keys} == wall_keys(film) != former_keys


def test_no_other_column_of_a_film_is_copied() -> None:
    film = FilmFactory()
    looked_at = type(
        "Looked", (), {name: property(lambda _, name=name: getattr(film, name)) for name in recording.COPIED}
    )
    assert wall_keys(looked_at()) == wall_keys(film)


def test_a_film_that_is_another_since_it_was_looked_at(way: str) -> None:
    film = FilmFactory()
    former = Film.objects.get(pk=film.pk)
    last = FilmFactory(merged_into=None)
    other = FilmFactory(merged_into=last)
    Film.objects.filter(pk=film.pk).update(merged_into=other)

    entry, is_new = services.log_film(owner=UserFactory(), film=former, score=1)

    assert (entry.film, is_new) == (last, True)


def test_it_is_one_statement_whichever_of_its_values_there_are() -> None:
    for score, day, tags in [(None, None, []), (7, None, ["a"]), (100, datetime.date(1985, 6, 1), [])]:
        days = {"japan_on": day, "japan_precision": "day" if day else ""}
        said = {"score": score, "words": Words(values={"tags": tags, "review": "x" * (score or 0)})}
        services.log_film(owner=UserFactory(), film=FilmFactory(**days), **said)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'WITH film AS%%' GROUP BY statement", []
        )
        kept = [number for [number] in cursor.fetchall()]
    assert kept
    assert max(kept) <= 2, "tags are a list of words, or an empty one"


def test_where_something_stands_nothing_else_is_touched() -> None:
    stands = EntryFactory()
    owner, film = stands.owner, stands.film
    FollowFactory(followee=owner)
    WishFactory(owner=owner, film=film)
    before = said_of(owner)
    entry = Entry(owner=owner, film=film, recorded_at=timezone.now(), **NOTHING)

    assert not recording.put_up(entry, Viewing(entry=entry, watched_on=datetime.date(2020, 1, 1)))

    assert (entry.pk, said_of(owner)) == (None, before)
    assert Wish.objects.exists()
    assert list(Entry.objects.all()) == [stands]
    assert not Viewing.objects.exists()


def test_a_viewing_more_than_what_stands_is_the_second() -> None:
    """Somebody has taken the film off the wall while another of their windows says that they saw it again."""
    entry, is_new = services.log_film(
        owner=UserFactory(),
        film=FilmFactory(),
        score=1,
        seen=services.Seen(datetime.date(2020, 1, 1), uuid.uuid4(), is_again=True),
    )

    assert is_new
    assert list(entry.viewings.order_by("pk").values_list("watched_on", flat=True)) == [None, datetime.date(2020, 1, 1)]


@pytest.mark.django_db(transaction=True)
def test_who_wants_to_be_told_since_this_very_moment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FEW_FOLLOWED", 0)
    owner, film = UserFactory(), FilmFactory()
    follow(follower=UserFactory(), followee=owner)
    User.objects.filter(pk=owner.pk).update(last_entry_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))

    recorded = while_held(lambda: services.log_film(owner=owner, film=film, score=1), following.tell_who_follows_many)

    assert Follow.objects.get().last_entry_at == slot_of(recorded[0].recorded_at)


def test_followers_are_told_once_in_ten_minutes_that_something_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = UserFactory()
    noon = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.UTC)
    told = Follow.objects.filter(pk=FollowFactory(followee=owner, last_entry_at=noon - datetime.timedelta(days=1)).pk)

    written = []
    for minutes in (0, 1, 9, 10, 19):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: noon + datetime.timedelta(minutes=minutes))
        services.log_film(owner=owner, film=FilmFactory(), score=1)
        [(slot, place)] = told.annotate(place=RawSQL("accounts_follow.ctid::text", [])).values_list(
            "last_entry_at", "place"
        )
        written.append(((slot - noon).seconds // 60, place))

    assert [minutes for minutes, _place in written] == [0, 0, 0, 10, 10]
    assert len(set(written)) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_wished_in_this_very_moment_is_wished_no_longer() -> None:
    owner, film = UserFactory(), FilmFactory()

    while_held(lambda: services.log_film(owner=owner, film=film, score=1), lambda: wish(owner=owner, film=film))

    assert not Wish.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_wishes_are_ended_before_the_wall_is_held() -> None:
    """As they are by whoever takes an import back: in any other order each would wait for the other."""
    owner, film = UserFactory(), FilmFactory()
    WishFactory(owner=owner, film=film)

    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            Wish.objects.all().delete()
            recorded = pool.submit(in_a_thread, lambda: services.log_film(owner=owner, film=film, score=1))
            assert until_somebody_waits()
            services.wall_shows_anew(owner_id=owner.pk, is_public=True)
        _entry, is_new = recorded.result(timeout=30)

    assert is_new
    assert User.objects.get(pk=owner.pk).films_shown == 1


def while_held(record: Callable[[], T], act: Callable[[], object]) -> T:
    """What `record` makes that waits for `act`, which is carried out and not yet committed."""
    with ThreadPoolExecutor() as pool:
        with transaction.atomic():
            act()
            recorded = pool.submit(in_a_thread, record)
            assert until_somebody_waits()
        return recorded.result(timeout=30)


@pytest.mark.django_db(transaction=True)
def test_whose_days_move_in_this_very_moment_is_waited_for() -> None:
    owner, film = UserFactory(), FilmFactory(japan_on=datetime.date(1985, 6, 1), japan_precision="day")
    moved = datetime.date(1990, 1, 1)

    entry, is_new = while_held(
        lambda: services.log_film(owner=owner, film=film, score=1),
        lambda: Film.objects.filter(pk=film.pk).update(japan_on=moved),
    )

    entry.refresh_from_db()
    assert (entry.japan_on, is_new) == (moved, True)


def until_somebody_waits() -> bool:
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(waits)
            if cursor.fetchone() != (0,):
                return True
        time.sleep(0.02)
    return False


def in_a_thread(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connection.close()


def test_a_film_that_is_gone_is_told() -> None:
    with pytest.raises(Film.DoesNotExist):
        recording.film_and_entry(UserFactory(), 7)
    with pytest.raises(Film.DoesNotExist):
        recording.film_held(7)


def test_what_stands_on_another_wall_is_not_found(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    entry = EntryFactory()
    EntryFactory(owner=entry.owner, film=FilmFactory())
    EntryFactory(owner=entry.owner, film=entry.film, deleted_at=timezone.now())

    with django_assert_num_queries(1):
        film, found = recording.film_and_entry(entry.owner, entry.film_id)
        assert found
        assert (film, found.film) == (entry.film, entry.film)

    assert columns_of(found) == columns_of(Entry.objects.get(pk=entry.pk))
    assert columns_of(film) == columns_of(Film.objects.get(pk=film.pk))
    assert recording.film_and_entry(UserFactory(), film.pk) == (film, None)
    services.delete_entry(entry=entry)
    assert recording.film_and_entry(entry.owner, film.pk) == (film, None)
