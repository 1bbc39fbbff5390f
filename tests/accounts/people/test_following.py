import contextlib
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.identity.services import leave, stay
from accounts.models import Block, Follow, User, Visibility, slot_of
from accounts.moderation.services import lift, suspend
from accounts.people.services import following, profile
from accounts.people.services.following import (
    OutOfSight,
    accept,
    block,
    follow,
    mute,
    recount_around,
    unblock,
    unfollow,
)
from movies.diary.feed import feed
from movies.diary.models import Entry
from movies.diary.services import log_film
from tests.factories import BlockFactory, EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def reader():
    return UserFactory()


@pytest.fixture
def writer():
    return UserFactory()


@pytest.fixture
def closed():
    return UserFactory(wall_visibility=Visibility.FOLLOWERS)


def counts(person):
    """Followers, followed, and those who ask, as they stand with the person."""
    return User.objects.values_list("followers_count", "following_count", "requests_count").get(pk=person.pk)


def follows(reader, writer):
    return Follow.objects.filter(follower=reader, followee=writer, accepted_at__isnull=False).exists()


def test_a_wall_for_everybody_is_followed_at_once(reader, writer):
    made = follow(follower=reader, followee=writer)

    assert made.accepted_at
    assert (counts(reader), counts(writer)) == ((0, 1, 0), (1, 0, 0))


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.PRIVATE])
def test_to_follow_any_other_wall_is_to_ask(reader, visibility):
    writer = UserFactory(wall_visibility=visibility)

    made = follow(follower=reader, followee=writer)

    assert made.accepted_at is None
    assert (counts(reader), counts(writer)) == ((0, 0, 0), (0, 0, 1))


def test_whoever_has_asked_may_be_accepted(reader, closed):
    follow(follower=reader, followee=closed)

    accept(followee=closed, follower=reader)

    assert follows(reader, closed)
    assert (counts(reader), counts(closed)) == ((0, 1, 0), (1, 0, 0))


def test_whoever_has_asked_may_be_declined_and_ask_again(reader, closed):
    follow(follower=reader, followee=closed)

    unfollow(follower=reader, followee=closed)

    assert (Follow.objects.count(), counts(closed)) == (0, (0, 0, 0))
    assert follow(follower=reader, followee=closed).accepted_at is None


def test_who_has_not_asked_is_not_made_to_follow(reader, closed):
    accept(followee=closed, follower=reader)

    assert not Follow.objects.exists()
    assert (counts(reader), counts(closed)) == ((0, 0, 0), (0, 0, 0))


def test_to_accept_again_changes_nothing(reader, writer):
    made = follow(follower=reader, followee=writer)

    accept(followee=writer, follower=reader)

    assert Follow.objects.get().accepted_at == made.accepted_at


def test_to_follow_again_is_the_same_follow(reader, writer):
    first = follow(follower=reader, followee=writer)
    mute(follower=reader, followee=writer, is_muted=True)

    again = follow(follower=reader, followee=writer)

    assert (again, again.accepted_at, again.is_muted) == (first, first.accepted_at, True)
    assert counts(writer) == (1, 0, 0)


def test_whoever_has_followed_stays_when_the_wall_closes(reader, writer):
    follow(follower=reader, followee=writer)

    profile.change_person(person=writer, changes={"wall_visibility": Visibility.FOLLOWERS})

    assert follow(follower=reader, followee=writer).accepted_at


@pytest.mark.parametrize("before", [Visibility.FOLLOWERS, Visibility.PRIVATE])
def test_opening_a_wall_accepts_all_who_have_asked(before):
    owner = UserFactory(wall_visibility=before)
    asked = [UserFactory() for _ in range(3)]
    for person in asked:
        follow(follower=person, followee=owner)

    profile.change_person(person=owner, changes={"wall_visibility": Visibility.PUBLIC})

    assert counts(owner) == (3, 0, 0)
    assert {counts(person) for person in asked} == {(0, 1, 0)}


def test_a_wall_that_only_shows_itself_to_followers_accepts_nobody(reader):
    owner = UserFactory(wall_visibility=Visibility.PRIVATE)
    follow(follower=reader, followee=owner)

    profile.change_person(person=owner, changes={"wall_visibility": Visibility.FOLLOWERS})

    assert counts(owner) == (0, 0, 1)


def test_whoever_follows_many_is_told_when_somebody_records_and_others_ask(reader, monkeypatch):
    monkeypatch.setattr(following, "FEW_FOLLOWED", 2)
    owners = [UserFactory() for _ in range(4)]
    slots = [slot_of(log_film(owner=owner, film=FilmFactory(), score=1)[0].recorded_at) for owner in owners[:3]]
    for owner in owners:
        follow(follower=reader, followee=owner)
    few = follow(follower=owners[0], followee=owners[1])
    assert few.last_entry_at == slots[1]  # as the version before wants it, until it is looked over
    Follow.objects.filter(follower=reader).update(last_entry_at=None)

    following.tell_who_follows_many()

    told = Follow.objects.order_by("pk").values_list("last_entry_at", flat=True)
    assert list(told.filter(follower=reader)) == [*slots, None]  # who has recorded nothing is asked
    few.refresh_from_db()
    assert few.last_entry_at is None

    unfollow(follower=reader, followee=owners[3])
    unfollow(follower=reader, followee=owners[2])
    following.tell_who_follows_many()

    assert list(told.filter(follower=reader)) == [None, None]


def test_nobody_follows_themselves(reader):
    with pytest.raises(OutOfSight), transaction.atomic():
        follow(follower=reader, followee=reader)
    with pytest.raises(IntegrityError, match="follow_not_oneself"):
        Follow.objects.create(follower=reader, followee=reader)


# Out of sight


@pytest.mark.parametrize("blocker", ["reader", "writer"])
def test_of_two_people_one_of_whom_has_blocked_the_other_neither_follows(reader, writer, blocker):
    one, other = (reader, writer) if blocker == "reader" else (writer, reader)

    block(blocker=one, blocked=other)

    with pytest.raises(OutOfSight):
        follow(follower=reader, followee=writer)
    assert not Follow.objects.exists()


def test_a_block_ends_both_follows_and_what_was_asked_and_no_others(reader, closed):
    follow(follower=reader, followee=closed)
    follow(follower=closed, followee=reader)
    follow(follower=UserFactory(), followee=reader)

    block(blocker=reader, blocked=closed)

    assert (counts(reader), counts(closed)) == ((1, 0, 0), (0, 0, 0))
    assert Follow.objects.count() == 1


def test_a_block_counts_once_and_is_taken_back_at_once(reader, writer):
    for _ in range(2):
        block(blocker=reader, blocked=writer)
    assert Block.objects.count() == 1

    unblock(blocker=reader, blocked=writer)

    assert User.objects.known_to(reader).filter(pk=writer.pk).exists()


def test_to_unblock_does_not_bring_follows_back(reader, writer):
    follow(follower=reader, followee=writer)
    follow(follower=writer, followee=reader)
    block(blocker=reader, blocked=writer)

    unblock(blocker=reader, blocked=writer)

    assert not Follow.objects.exists()
    assert (counts(reader), counts(writer)) == ((0, 0, 0), (0, 0, 0))


def test_of_two_who_have_blocked_each_other_one_cannot_undo_what_the_other_did(reader, writer):
    block(blocker=reader, blocked=writer)
    block(blocker=writer, blocked=reader)

    unblock(blocker=reader, blocked=writer)

    assert not User.objects.known_to(reader).filter(pk=writer.pk).exists()
    with pytest.raises(OutOfSight):
        follow(follower=reader, followee=writer)


def test_who_is_muted_is_followed_still_and_gone_from_the_feed_alone(reader, writer):
    follow(follower=reader, followee=writer)
    entry, _ = log_film(owner=writer, film=FilmFactory(), score=1, visibility=Visibility.FOLLOWERS)
    before = counts(writer), counts(reader)

    mute(follower=reader, followee=writer, is_muted=True)

    assert feed(reader)[0] == []
    assert Entry.objects.seen_by(reader).get() == entry
    assert (counts(writer), counts(reader)) == before
    mute(follower=reader, followee=writer, is_muted=False)
    assert feed(reader)[0] == [entry]


# Who may know of whom: Known, Open wall, on Show. Of a wall for everybody, for followers, and a private one.

SIGHT = {
    "anonymous": ("KOS", "K", ""),
    "stranger": ("KOS", "K", ""),
    "asked": ("KOS", "K", ""),
    "follower": ("KOS", "KO", ""),
    "followed": ("KOS", "K", "K"),
    "asked for": ("KOS", "K", "K"),
    "blocked": ("", "", ""),
    "blocker": ("", "", ""),
    "owner": ("KOS", "KO", "KO"),
}
SUSPENDED = {"is_active": False, "suspended_at": NOW}
LEAVING = {"is_active": False, "deletion_asked_at": NOW}


def who_looks(kind, owner):
    if kind == "anonymous":
        return AnonymousUser()
    if kind == "owner":
        return owner
    viewer = UserFactory()
    match kind:
        case "asked":
            FollowFactory(follower=viewer, followee=owner, accepted_at=None)
        case "follower":
            FollowFactory(follower=viewer, followee=owner)
        case "followed":
            FollowFactory(follower=owner, followee=viewer)
        case "asked for":
            FollowFactory(follower=owner, followee=viewer, accepted_at=None)
        case "blocked":
            BlockFactory(blocker=owner, blocked=viewer)
        case "blocker":
            BlockFactory(blocker=viewer, blocked=owner)
    return viewer


def sight_of(owner, viewer):
    sights = {
        "K": User.objects.known_to(viewer),
        "O": User.objects.with_wall_open_to(viewer),
        "S": User.objects.with_films_on_show(viewer),
    }
    return "".join(letter for letter, people in sights.items() if people.filter(pk=owner.pk).exists())


@pytest.mark.parametrize(("kind", "wall"), [*itertools.product(SIGHT, range(3))])
def test_what_each_kind_of_person_may_know_of_another(kind, wall):
    owner = UserFactory(wall_visibility=Visibility.values[wall], films_shown=1)

    assert sight_of(owner, who_looks(kind, owner)) == SIGHT[kind][wall]


@pytest.mark.parametrize("state", [SUSPENDED, LEAVING, SUSPENDED | LEAVING], ids=["suspended", "leaving", "both"])
@pytest.mark.parametrize("kind", SIGHT)
def test_who_was_shut_out_or_leaves_is_known_to_nobody(kind, state):
    owner = UserFactory(films_shown=1, **state)

    assert sight_of(owner, who_looks(kind, owner)) == ""


def test_a_wall_without_films_is_not_on_show(reader):
    assert sight_of(UserFactory(films_shown=0), reader) == "KO"


@pytest.mark.parametrize("kind", ["blocked", "blocker"])
def test_what_both_have_recorded_is_out_of_each_others_sight(kind):
    owner = UserFactory()
    viewer = who_looks(kind, owner)
    theirs, mine = EntryFactory(owner=owner), EntryFactory(owner=viewer)

    assert list(Entry.objects.seen_by(viewer)) == [mine]
    assert list(Entry.objects.seen_by(owner)) == [theirs]


# What is counted


@pytest.mark.parametrize(
    ("go", "come_back"),
    [
        (
            lambda person: suspend(actor=UserFactory(is_staff=True), person=person, reason="Threats"),
            lambda person: lift(actor=UserFactory(is_staff=True), person=person, reason="A mistake"),
        ),
        (lambda person: leave(user=person), lambda person: stay(user=person)),
    ],
    ids=["suspended", "leaving"],
)
def test_who_goes_does_not_count_until_they_come_back(reader, writer, closed, go, come_back):
    person = UserFactory()
    for one, other in [(person, writer), (reader, person), (person, closed)]:
        follow(follower=one, followee=other)
    before = [counts(one) for one in (reader, writer, closed)]

    go(person)

    assert before == [(0, 1, 0), (1, 0, 0), (0, 0, 1)]
    assert [counts(one) for one in (reader, writer, closed)] == [(0, 0, 0)] * 3
    come_back(person)
    assert [counts(one) for one in (reader, writer, closed)] == before


def test_counts_that_went_astray_are_counted_anew(reader, writer):
    follow(follower=reader, followee=writer)
    User.objects.update(followers_count=9, following_count=9, requests_count=9)

    recount_around(person=writer)

    assert (counts(reader), counts(writer)) == ((0, 1, 0), (1, 0, 0))


ACTS = {
    "follow": lambda reader, writer: follow(follower=reader, followee=writer),
    "unfollow": lambda reader, writer: unfollow(follower=reader, followee=writer),
    "accept": lambda reader, writer: accept(followee=writer, follower=reader),
    "block": lambda reader, writer: block(blocker=reader, blocked=writer),
    "leave": lambda reader, writer: leave(user=reader),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_stranger_keeps_a_copy_of_a_wall_with_other_counts(client, reader, writer, act):
    if act != "follow":
        FollowFactory(follower=reader, followee=writer, accepted_at=None if act == "accept" else NOW)
        following.recount_around(person=reader)
    address = f"/@{writer.handle}/"
    before = client.get(address).headers["ETag"]

    ACTS[act](reader, writer)

    assert client.get(address, headers={"if-none-match": before}).status_code == 200


def test_whom_one_mutes_is_told_to_nobody(client, reader, writer):
    follow(follower=reader, followee=writer)
    before = client.get(f"/@{writer.handle}/").headers["ETag"]

    mute(follower=reader, followee=writer, is_muted=True)

    assert client.get(f"/@{writer.handle}/").headers["ETag"] == before


# Many at once


def at_once(*acts):
    """Each in a thread and a connection of its own; what one of them raises rises."""

    def run(act):
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_eight_who_follow_at_once_are_eight():
    writer, readers = UserFactory(), UserFactory.create_batch(8)

    at_once(*(lambda reader=reader: follow(follower=reader, followee=writer) for reader in readers))

    assert counts(writer) == (8, 0, 0)
    assert {counts(reader) for reader in readers} == {(0, 1, 0)}


@pytest.mark.django_db(transaction=True)
def test_eight_who_are_accepted_at_once_are_eight():
    writer, readers = UserFactory(wall_visibility=Visibility.FOLLOWERS), UserFactory.create_batch(8)
    for reader in readers:
        follow(follower=reader, followee=writer)

    at_once(*(lambda reader=reader: accept(followee=writer, follower=reader) for reader in readers))

    assert counts(writer) == (8, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_one_who_presses_eight_times_at_once_follows_once():
    reader, writer = UserFactory(), UserFactory()

    at_once(*[lambda: follow(follower=reader, followee=writer)] * 8)

    assert Follow.objects.count() == 1
    assert (counts(reader), counts(writer)) == ((0, 1, 0), (1, 0, 0))


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_and_leave_each_other_at_once_never_wait_for_each_other():
    one, other = UserFactory(), UserFactory()
    acts = [
        lambda: follow(follower=one, followee=other),
        lambda: follow(follower=other, followee=one),
        lambda: unfollow(follower=one, followee=other),
        lambda: unfollow(follower=other, followee=one),
        lambda: log_film(owner=other, film=FilmFactory(), score=1, visibility=Visibility.PUBLIC),
    ]

    at_once(*acts * 12)

    assert counts(one) == (follows(other, one), follows(one, other), 0)
    assert counts(other) == (follows(one, other), follows(other, one), 0)


@pytest.mark.django_db(transaction=True)
def test_no_follow_outlives_a_block_that_came_at_the_same_moment():
    for _ in range(5):
        reader, writer = UserFactory(), UserFactory()

        def press(reader=reader, writer=writer):
            with contextlib.suppress(OutOfSight):
                follow(follower=reader, followee=writer)

        at_once(press, lambda reader=reader, writer=writer: block(blocker=writer, blocked=reader), press)

        assert not follows(reader, writer)
        assert (counts(reader), counts(writer)) == ((0, 0, 0), (0, 0, 0))


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def give_somebody_time_to_wait():
    """For a lock that this thread holds."""
    with connection.cursor() as cursor:
        for _ in range(100):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")


@pytest.mark.django_db(transaction=True)
def test_opening_a_wall_and_taking_a_request_back_at_once_never_wait_for_each_other(monkeypatch):
    reader, owner = UserFactory(), UserFactory(wall_visibility=Visibility.FOLLOWERS)
    follow(follower=reader, followee=owner)
    wall_opened, has_begun = following.wall_opened, threading.Event()

    def slowly(person):
        has_begun.set()
        give_somebody_time_to_wait()
        wall_opened(person)

    def take_back():
        assert has_begun.wait(5)
        unfollow(follower=reader, followee=owner)

    monkeypatch.setattr(following, "wall_opened", slowly)

    at_once(
        lambda: profile.change_person(person=owner, changes={"wall_visibility": Visibility.PUBLIC}),
        take_back,
    )

    assert not Follow.objects.exists()
    assert (counts(reader), counts(owner)) == ((0, 0, 0), (0, 0, 0))
