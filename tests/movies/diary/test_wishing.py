"""Waiting for a film, and no longer: it is its owner's alone."""

import datetime
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User, Visibility
from movies.diary import merging, services, wishing
from movies.diary.models import Wish
from movies.diary.services import Seen
from tests.factories import EntryFactory, FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

OPENS_ON = datetime.date(2026, 12, 4)


def log(owner, film, seen=None):
    return services.log_film(owner=owner, film=film, score=None, visibility=Visibility.PUBLIC, seen=seen)


def merge(film, into):
    merging.merge_films(actor=UserFactory(is_staff=True), film=film, into=into, reason="The same")


def test_a_wish_knows_the_days_of_the_film_as_they_are_now():
    film = FilmFactory(japan_on=OPENS_ON, japan_precision="day")
    stale = type(film).objects.get(pk=film.pk)
    film.digital_on = datetime.date(2027, 3, 1)
    film.save()

    wish = wishing.wish(owner=UserFactory(), film=stale)

    assert (wish.known_cinema_on, wish.known_digital_on) == (OPENS_ON, datetime.date(2027, 3, 1))
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (True, False, False)


@pytest.mark.parametrize("precision", ["month", "year"])
def test_a_day_that_is_known_only_roughly_is_not_known(precision):
    film = FilmFactory(japan_on=datetime.date(2027, 1, 1), japan_precision=precision)

    assert wishing.wish(owner=UserFactory(), film=film).known_cinema_on is None


def test_a_film_is_waited_for_once_and_what_was_chosen_stays():
    wish = WishFactory(reminds_of_digital=True)

    wishing.wish(owner=wish.owner, film=wish.film)

    assert Wish.objects.get().reminds_of_digital


def test_a_film_is_no_longer_waited_for_however_often_that_is_said():
    wish, others = WishFactory(), WishFactory()

    wishing.unwish(owner=wish.owner, film=wish.film)
    wishing.unwish(owner=wish.owner, film=wish.film)

    assert Wish.objects.get() == others


def test_a_watchlist_is_not_without_end(monkeypatch):
    monkeypatch.setattr(wishing, "MOST_WISHES", 2)
    first = WishFactory()
    WishFactory(owner=first.owner)

    with pytest.raises(wishing.TooManyWishes):
        wishing.wish(owner=first.owner, film=FilmFactory())

    assert Wish.objects.count() == 2
    wishing.wish(owner=first.owner, film=first.film)  # stands on it already


def test_waiting_raises_no_walls_revision():
    owner, film = UserFactory(), FilmFactory()

    wishing.wish(owner=owner, film=film)
    wishing.unwish(owner=owner, film=film)

    now = User.objects.get(pk=owner.pk)
    assert (now.wall_revision, now.public_revision) == (owner.wall_revision, owner.public_revision)


def test_what_is_recorded_is_no_longer_waited_for():
    wish = WishFactory()
    others = WishFactory(film=wish.film)

    log(wish.owner, wish.film)

    assert Wish.objects.get() == others


def test_what_is_seen_again_is_no_longer_waited_for():
    entry = EntryFactory()
    WishFactory(owner=entry.owner, film=entry.film)

    log(entry.owner, entry.film, Seen(OPENS_ON, uuid.uuid4(), is_again=True))

    assert not Wish.objects.exists()


def test_another_score_of_a_film_that_one_wants_to_see_again_leaves_the_wish():
    entry = EntryFactory()
    WishFactory(owner=entry.owner, film=entry.film)

    log(entry.owner, entry.film)

    assert Wish.objects.exists()


def test_a_record_that_is_put_back_ends_the_wish():
    entry = EntryFactory(deleted_at=timezone.now())
    WishFactory(owner=entry.owner, film=entry.film)

    services.restore_entry(entry=entry)

    assert not Wish.objects.exists()


def test_a_record_that_cannot_be_put_back_ends_no_wish():
    entry = EntryFactory(deleted_at=timezone.now())
    EntryFactory(owner=entry.owner, film=entry.film)
    WishFactory(owner=entry.owner, film=entry.film)

    with pytest.raises(services.AlreadyOnTheWall):
        services.restore_entry(entry=entry)

    assert Wish.objects.exists()


def test_of_a_merged_film_the_one_that_is_kept_is_waited_for():
    film, into, owner = FilmFactory(), FilmFactory(), UserFactory()
    stale = type(film).objects.get(pk=film.pk)
    merge(film, into)

    assert wishing.wish(owner=owner, film=stale).film == into
    assert wishing.wish(owner=owner, film=type(film).objects.get(pk=film.pk)).film == into


def test_wishes_move_with_a_merge_and_know_what_their_owner_knew():
    film, into = FilmFactory(), FilmFactory(japan_on=OPENS_ON, japan_precision="day")
    wish = WishFactory(film=film, known_cinema_on=datetime.date(2026, 12, 11), reminds_a_week_before=True)

    merge(film, into)

    wish.refresh_from_db()
    assert (wish.film, wish.known_cinema_on) == (into, datetime.date(2026, 12, 11))
    assert wish.reminds_a_week_before


def test_who_waits_for_both_films_of_a_merge_waits_once_with_the_reminders_of_either():
    film, into, owner = FilmFactory(), FilmFactory(), UserFactory()
    WishFactory(owner=owner, film=film, reminds_of_cinema=False, reminds_of_digital=True)
    kept = WishFactory(owner=owner, film=into, reminds_of_cinema=True, reminds_a_week_before=True)
    bystander = WishFactory(film=into)

    merge(film, into)

    assert set(Wish.objects.all()) == {kept, bystander}
    kept.refresh_from_db()
    bystander.refresh_from_db()
    assert (kept.reminds_of_cinema, kept.reminds_of_digital, kept.reminds_a_week_before) == (True, True, True)
    assert not bystander.reminds_of_digital


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_many_times_at_once_makes_one_wish():
    owner, film, failures = UserFactory(), FilmFactory(), []

    def press():
        try:
            wishing.wish(owner=owner, film=film)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Wish.objects.count() == 1
