"""The address of one's calendar, by the API."""

import pytest
from django.test import Client

from accounts.models import User
from movies.releases.addresses import CALENDARS
from movies.releases.api import calendars as api
from movies.releases.models import CalendarFeed
from tests.api import client_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

CALENDAR = "/api/v1/me/calendar"


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def mine(person: User) -> Client:
    return client_of(person)


def test_there_is_no_address_until_one_is_made_and_then_it_stays(mine: Client, person: User) -> None:
    before = mine.get(CALENDAR)
    made, again = mine.post(CALENDAR), mine.post(CALENDAR)

    assert before.json() == {"address": None}
    assert (made.status_code, made.json()) == (201, {"address": CALENDARS.of(person)})
    assert again.json() == made.json() == mine.get(CALENDAR).json()
    assert Client().get(made.json()["address"]).status_code == 200


def test_another_address_ends_that_of_before(mine: Client) -> None:
    before = mine.post(CALENDAR).json()["address"]

    renewed = mine.post(f"{CALENDAR}/renew")

    assert renewed.status_code == 200
    assert [Client().get(address).status_code for address in (before, renewed.json()["address"])] == [404, 200]


def test_where_there_is_no_address_none_is_made_anew(mine: Client) -> None:
    assert mine.post(f"{CALENDAR}/renew").json() == {"address": None}


def test_an_address_that_was_ended_leads_nowhere(mine: Client) -> None:
    address = mine.post(CALENDAR).json()["address"]

    assert [mine.delete(CALENDAR).status_code for _ in range(2)] == [204, 204]
    assert Client().get(address).status_code == 404
    assert mine.get(CALENDAR).json() == {"address": None}


def test_an_address_is_its_owners_alone(person: User) -> None:
    CALENDARS.make(owner=person)
    stranger = client_of(UserFactory())

    stranger.post(f"{CALENDAR}/renew")
    stranger.delete(CALENDAR)

    assert stranger.get(CALENDAR).json() == {"address": None}
    assert CalendarFeed.objects.get().edition == CalendarFeed().edition


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", CALENDAR), ("post", CALENDAR), ("delete", CALENDAR), ("post", f"{CALENDAR}/renew")],
)
def test_a_visitor_has_no_calendar(method: str, address: str) -> None:
    assert getattr(Client(), method)(address).status_code == 401


@pytest.mark.parametrize(
    ("method", "address"), [("post", CALENDAR), ("delete", CALENDAR), ("post", f"{CALENDAR}/renew")]
)
def test_a_token_that_may_only_read_changes_nothing(person: User, method: str, address: str) -> None:
    CALENDARS.make(owner=person)
    reader = client_of(person, "read")

    answer = getattr(reader, method)(address)

    assert answer.json()["type"] == "urn:mymovie:problem:read-only-token"
    assert reader.get(CALENDAR).json() == {"address": CALENDARS.of(person)}


def test_addresses_are_not_changed_without_end(mine: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CHANGES", api.CHANGES._replace(most=2))

    answers = [mine.post(CALENDAR), mine.post(f"{CALENDAR}/renew"), mine.post(f"{CALENDAR}/renew")]

    assert [answer.status_code for answer in answers] == [201, 200, 429]
