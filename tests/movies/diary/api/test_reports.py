import pytest
from django.test import Client

from accounts.models import Report, User, Visibility
from movies.diary.models import Entry
from tests.api import client_of
from tests.factories import BlockFactory, EntryFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

SENT = {"reason": "spam", "text": "Look."}


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako")


def report(client: Client, entry: Entry) -> int:
    return client.post(f"/api/v1/entries/{entry.pk}/reports", SENT, "application/json").status_code


def test_an_entry_is_reported_to_staff(hanako: User) -> None:
    entry = EntryFactory()

    assert report(client_of(hanako), entry) == 201
    told = Report.objects.get()
    assert (told.reporter, told.person, told.subject, told.subject_id) == (hanako, entry.owner, "entry", entry.pk)


def test_an_entry_for_followers_is_reported_by_one_who_may_see_it(hanako: User) -> None:
    entry = EntryFactory(visibility=Visibility.FOLLOWERS)
    assert report(client_of(hanako), entry) == 404

    FollowFactory(follower=hanako, followee=entry.owner)
    assert report(client_of(hanako), entry) == 201


def test_what_one_may_not_see_and_what_is_ones_own_cannot_be_reported(hanako: User) -> None:
    blocked = EntryFactory()
    BlockFactory(blocker=blocked.owner, blocked=hanako)

    for entry in (blocked, EntryFactory(visibility=Visibility.PRIVATE), EntryFactory(owner=hanako)):
        assert report(client_of(hanako), entry) == 404


def test_neither_a_visitor_nor_a_token_that_may_only_read_reports(client: Client, hanako: User) -> None:
    entry = EntryFactory()

    assert report(client, entry) == 401
    assert report(client_of(hanako, "read"), entry) == 403
    assert not Report.objects.exists()
