"""The feed, by the API."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Follow, User, Visibility
from movies.diary import services
from movies.diary.models import Entry
from movies.diary.serializers import FeedEntrySerializer
from tests.api import client_of
from tests.factories import EntryFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

FEED = "/api/v1/feed"
NOW = timezone.now()


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


def followed_by(person: User, count: int, visibility: str = Visibility.PUBLIC) -> list[Entry]:
    """Films of somebody whom the person follows, the latest first, a minute apart."""
    owner = UserFactory()
    entries = [
        EntryFactory(owner=owner, visibility=visibility, recorded_at=NOW - datetime.timedelta(minutes=number))
        for number in range(count)
    ]
    FollowFactory(follower=person, followee=owner)
    services.wall_shows_anew(owner_id=owner.pk, is_public=True)
    return entries


def test_the_feed_tells_what_those_have_recorded_whom_one_follows(person: User) -> None:
    theirs = followed_by(person, 2)
    followed_by(person, 1, Visibility.PRIVATE)
    EntryFactory()

    results = client_of(person).get(FEED).json()["results"]

    assert [entry["id"] for entry in results] == [str(entry.pk) for entry in theirs]
    assert results[0]["owner"]["handle"] == theirs[0].owner.handle
    assert results[0]["visibility"] is None
    assert results[0].keys() == FeedEntrySerializer().fields.keys()


@pytest.mark.parametrize("count", [3, 30])
def test_every_page_costs_the_same_however_many_one_follows(
    person: User, count: int, django_assert_num_queries
) -> None:
    theirs = [entry for _ in range(count) for entry in followed_by(person, 4)]
    client, seen, address = client_of(person), [], FEED
    client.get(FEED)

    while address:
        with django_assert_num_queries(4):  # token, limit, which entries, and these
            page = client.get(address).json()
        seen += [entry["id"] for entry in page["results"]]
        address = page["next"]

    assert len(seen) == len(set(seen))
    assert set(seen) == {str(entry.pk) for entry in theirs}


@pytest.mark.parametrize("after", ["", "x", "none.1", "2026-11-01.1"])
def test_a_place_that_no_feed_gave_out_is_refused(person: User, after: str) -> None:
    assert client_of(person).get(FEED, {"after": after}).status_code == 400


def test_a_visitor_has_no_feed() -> None:
    assert Client().get(FEED).status_code == 401


def test_nobody_reads_the_feed_of_others(person: User) -> None:
    followed_by(person, 1)

    assert client_of(UserFactory()).get(FEED).json()["results"] == []
    assert Follow.objects.count() == 1
