import pytest

from accounts.models import Report, Visibility
from tests.factories import BlockFactory, EntryFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

SENT = {"reason": "spam", "text": "Look."}


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def test_an_entry_is_reported_to_staff(client, person):
    entry = EntryFactory(film__original_title="Ran")

    page = client.get(f"/entries/{entry.pk}/report/").content.decode()
    response = client.post(f"/entries/{entry.pk}/report/", SENT)

    assert "Ran" in page
    assert response.url == f"/@{entry.owner.handle}/"
    told = Report.objects.get()
    assert (told.reporter, told.person, told.subject, told.subject_id) == (person, entry.owner, "entry", entry.pk)


def test_an_entry_for_followers_is_reported_by_one_who_may_see_it(client, person):
    owner = FollowFactory(follower=person).followee
    entry = EntryFactory(owner=owner, visibility=Visibility.FOLLOWERS)

    assert client.post(f"/entries/{entry.pk}/report/", SENT).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_one_may_not_see_and_what_is_ones_own_cannot_be_reported(client, person, method):
    unseen = [
        EntryFactory(visibility=Visibility.PRIVATE),
        EntryFactory(visibility=Visibility.FOLLOWERS),
        EntryFactory(owner__wall_visibility=Visibility.PRIVATE),
        EntryFactory(hidden_at="2024-01-01T00:00Z"),
        EntryFactory(deleted_at="2024-01-01T00:00Z"),
        EntryFactory(owner=BlockFactory(blocked=person).blocker),
        EntryFactory(owner=person),
    ]

    for pk in [*(entry.pk for entry in unseen), 10**17]:
        assert getattr(client, method)(f"/entries/{pk}/report/", SENT).status_code == 404

    assert not Report.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client):
    entry = EntryFactory()

    response = client.post(f"/entries/{entry.pk}/report/", SENT)

    assert response.url == f"/sign-in/?next=/entries/{entry.pk}/report/"
    assert not Report.objects.exists()
