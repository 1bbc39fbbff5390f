"""Who sees what: every kind of viewer before every kind of wall and entry."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User, Visibility
from movies.diary.models import Audience, Entry
from tests.factories import BlockFactory, EntryFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

WIDTH = {Visibility.PRIVATE: 0, Visibility.FOLLOWERS: 1, Visibility.PUBLIC: 2}
NEEDED = {"owner": 0, "follower": 1, "asked": 2, "followed by the owner": 2, "stranger": 2, "anonymous": 2}


def viewer_of(owner: User, kind: str) -> User | AnonymousUser:
    if kind == "owner":
        return owner
    if kind == "anonymous":
        return AnonymousUser()
    viewer = UserFactory()
    match kind:
        case "follower":
            FollowFactory(follower=viewer, followee=owner)
        case "asked":
            FollowFactory(follower=viewer, followee=owner, accepted_at=None)
        case "followed by the owner":
            FollowFactory(follower=owner, followee=viewer)
    return viewer


@pytest.mark.parametrize(("wall", "entry", "kind"), [*itertools.product(Visibility, Visibility, NEEDED)])
def test_an_entry_is_seen_by_those_that_both_it_and_its_wall_are_open_to(wall, entry, kind):
    owner = UserFactory(wall_visibility=wall)
    EntryFactory(owner=owner, visibility=entry)

    is_seen = Entry.objects.seen_by(viewer_of(owner, kind)).exists()

    assert is_seen == (min(WIDTH[wall], WIDTH[entry]) >= NEEDED[kind])


@pytest.mark.parametrize(("wall", "kind"), [*itertools.product(Visibility, NEEDED)])
def test_a_wall_is_open_to_those_it_is_meant_for(wall, kind):
    owner = UserFactory(wall_visibility=wall)

    is_open = User.objects.with_wall_open_to(viewer_of(owner, kind)).filter(pk=owner.pk).exists()

    assert is_open == (WIDTH[wall] >= NEEDED[kind])


@pytest.mark.parametrize("kind", NEEDED)
def test_a_deleted_entry_is_seen_by_nobody(kind):
    entry = EntryFactory(deleted_at=timezone.now())

    assert not Entry.objects.seen_by(viewer_of(entry.owner, kind)).exists()


def test_a_disabled_person_is_seen_by_nobody():
    entry = EntryFactory(owner__is_active=False, owner__suspended_at=timezone.now())

    assert not Entry.objects.seen_by(AnonymousUser()).exists()
    assert not User.objects.with_wall_open_to(UserFactory()).filter(pk=entry.owner_id).exists()


@pytest.mark.parametrize("kind", ["follower", "stranger", "anonymous"])
def test_what_staff_have_hidden_is_its_owners_alone(kind):
    entry = EntryFactory(hidden_at=timezone.now())

    assert not Entry.objects.seen_by(viewer_of(entry.owner, kind)).exists()
    assert Entry.objects.seen_by(entry.owner).exists()


@pytest.mark.parametrize("blocker", ["viewer", "owner"])
def test_of_two_people_one_of_whom_has_blocked_the_other_neither_sees_anything(blocker):
    entry, viewer = EntryFactory(), UserFactory()
    people = {"viewer": viewer, "owner": entry.owner}
    BlockFactory(blocker=people.pop(blocker), blocked=people.popitem()[1])

    assert not Entry.objects.seen_by(viewer).exists()
    for one, other in ((viewer, entry.owner), (entry.owner, viewer)):
        assert not User.objects.with_wall_open_to(one).filter(pk=other.pk).exists()
        assert not User.objects.known_to(one).filter(pk=other.pk).exists()
    assert Entry.objects.seen_by(AnonymousUser()).exists()


@pytest.mark.parametrize(
    ("audience", "wall", "entry", "kind"), [*itertools.product(Audience, Visibility, Visibility, NEEDED)]
)
def test_a_review_is_read_by_those_its_audience_names(audience, wall, entry, kind):
    owner = UserFactory(wall_visibility=wall)
    EntryFactory(owner=owner, visibility=entry, review="Rain.", review_audience=audience)

    is_read = Entry.objects.reviews_read_by(viewer_of(owner, kind)).exists()

    as_the_entry = min(WIDTH[wall], WIDTH[entry]) >= NEEDED[kind]
    expected = {Audience.OWNER: False, Audience.ENTRY: as_the_entry, Audience.PUBLIC: True}
    assert is_read == (kind == "owner" or expected[audience])


@pytest.mark.parametrize("kind", NEEDED)
@pytest.mark.parametrize(
    "gone",
    [
        {"deleted_at": timezone.now()},
        {"review": ""},
        {"owner__is_active": False, "owner__suspended_at": timezone.now()},
        {"owner__is_active": False, "owner__deletion_asked_at": timezone.now()},
    ],
)
def test_what_is_gone_is_read_by_nobody(gone, kind):
    entry = EntryFactory(**{"review": "Rain.", "review_audience": "public"} | gone)

    assert not Entry.objects.reviews_read_by(viewer_of(entry.owner, kind)).exists()


@pytest.mark.parametrize("kind", NEEDED)
def test_a_review_of_what_staff_have_hidden_is_its_owners_alone(kind):
    entry = EntryFactory(review="Rain.", review_audience="public", hidden_at=timezone.now())

    assert Entry.objects.reviews_read_by(viewer_of(entry.owner, kind)).exists() == (kind == "owner")


@pytest.mark.parametrize("roles", [("blocker", "blocked"), ("blocked", "blocker")])
def test_of_two_who_are_blocked_neither_reads_the_other(roles):
    entry, viewer = EntryFactory(review="Rain.", review_audience="public"), UserFactory()
    BlockFactory(**dict(zip(roles, (entry.owner, viewer), strict=True)))

    assert not Entry.objects.reviews_read_by(viewer).exists()
    assert not Entry.objects.met_by(viewer).exists()
