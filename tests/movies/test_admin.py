import pytest

from accounts.models import Visibility
from tests.factories import EntryFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hidden", [{"visibility": Visibility.PRIVATE}, {"owner__wall_visibility": Visibility.PRIVATE}])
def test_staff_see_no_entry_that_not_everybody_may_see(client, hidden):
    shown = EntryFactory(film__original_title="Ran")
    private = EntryFactory(film__original_title="Ikiru", **hidden)
    client.force_login(UserFactory(is_staff=True))

    listed = client.get("/staff/movies/entry/").content.decode()

    assert "Ran" in listed
    assert "Ikiru" not in listed
    assert client.get(f"/staff/movies/entry/{shown.pk}/change/").status_code == 200
    assert client.get(f"/staff/movies/entry/{private.pk}/change/").status_code == 302
