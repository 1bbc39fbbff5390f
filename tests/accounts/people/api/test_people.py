import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User, Visibility
from accounts.people.circles import PEOPLE_ON_A_PAGE
from accounts.people.serializers import PersonSerializer, ProfileSerializer
from mymovie.rest import quotas
from tests.api import client_of
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/api/v1/people"
NOW = timezone.now()


@pytest.fixture
def hanako() -> User:
    return UserFactory(
        handle="hanako",
        display_name="花子",
        bio="映画館",
        url="https://hanako.example/",
        birth_date="1990-05-10",
        films_shown=3,
        followers_count=2,
        following_count=1,
    )


@pytest.fixture
def taro() -> User:
    return UserFactory(handle="taro", display_name="太郎")


def handles(client: Client, address: str) -> list[str]:
    """Of all its pages together."""
    found, following = [], address
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.content
        found += [person["handle"] for person in answer.json()["results"]]
        following = answer.json()["next"]
    return found


def test_a_visitor_reads_a_profile(client: Client, hanako: User) -> None:
    assert client.get(f"{PEOPLE}/Hanako").json() == {
        "id": str(hanako.pk),
        "handle": "hanako",
        "display_name": "花子",
        "avatar": None,
        "bio": "映画館",
        "url": "https://hanako.example/",
        "wall": "open",
        "films_count": 3,
        "followers_count": 2,
        "following_count": 1,
        "me": None,
    }


def test_what_is_said_of_people_is_what_the_serializers_declare(hanako: User, taro: User) -> None:
    profile = client_of(taro).get(f"{PEOPLE}/hanako").json()

    assert profile.keys() == ProfileSerializer().fields.keys()
    assert profile["me"].keys() == ProfileSerializer().fields["me"].fields.keys()
    (person,) = client_of(taro).get(PEOPLE, {"q": "hanako"}).json()["results"]
    assert person.keys() == PersonSerializer().fields.keys()


def test_a_profile_says_what_stands_between_the_two(hanako: User, taro: User) -> None:
    script = client_of(taro)
    assert script.get(f"{PEOPLE}/taro").json()["me"]["is_me"]
    nothing = {"is_me": False, "follow": "none", "is_muted": False, "follows_me": False}
    assert script.get(f"{PEOPLE}/hanako").json()["me"] == nothing

    mine = FollowFactory(follower=taro, followee=hanako, accepted_at=None)
    theirs = FollowFactory(follower=hanako, followee=taro, accepted_at=None, is_muted=True)
    assert script.get(f"{PEOPLE}/hanako").json()["me"] == nothing | {"follow": "asked"}

    mine.accepted_at = theirs.accepted_at = NOW
    mine.save()
    theirs.save()
    both = nothing | {"follow": "following", "follows_me": True}
    assert script.get(f"{PEOPLE}/hanako").json()["me"] == both


def test_a_closed_wall_hides_its_numbers_from_all_but_followers(client: Client, hanako: User, taro: User) -> None:
    User.objects.filter(pk=hanako.pk).update(wall_visibility=Visibility.FOLLOWERS)
    closed = {"wall": "closed", "films_count": None, "followers_count": None, "following_count": None}

    assert closed.items() <= client.get(f"{PEOPLE}/hanako").json().items()
    assert closed.items() <= client_of(taro).get(f"{PEOPLE}/hanako").json().items()
    FollowFactory(follower=taro, followee=hanako)
    assert client_of(taro).get(f"{PEOPLE}/hanako").json()["wall"] == "open"
    assert client_of(hanako).get(f"{PEOPLE}/hanako").json()["wall"] == "open"


@pytest.mark.parametrize("address", ["", "/followers", "/following"])
def test_whom_one_may_not_know_of_is_not_there(hanako: User, taro: User, address: str) -> None:
    User.objects.filter(pk=hanako.pk).update(wall_visibility=Visibility.PRIVATE)
    BlockFactory(blocker=UserFactory(handle="jiro"), blocked=taro)
    script = client_of(taro)

    statuses = {script.get(f"{PEOPLE}/{handle}{address}").status_code for handle in ("hanako", "jiro", "nobody")}

    assert statuses == {404}


def test_nobodys_private_facts_are_told(hanako: User, taro: User) -> None:
    FollowFactory(follower=taro, followee=hanako)

    said = client_of(taro).get(f"{PEOPLE}/hanako").content.decode()

    assert "1990" not in said
    assert "visibility" not in said


def test_people_are_found_by_handle_first_and_then_by_name(client: Client, hanako: User) -> None:
    UserFactory(handle="famous", display_name="hanako no fan", followers_count=900)
    UserFactory(handle="hidden", display_name="hanako", wall_visibility=Visibility.PRIVATE)

    assert handles(client, f"{PEOPLE}?q=hanako") == ["hanako", "famous"]


def test_without_words_the_latest_open_walls_come_first(client: Client) -> None:
    for number in range(PEOPLE_ON_A_PAGE + 1):
        UserFactory(handle=f"p{number}", films_shown=1, last_shown_at=NOW + datetime.timedelta(seconds=number))
    UserFactory(handle="empty")

    assert handles(client, PEOPLE) == [f"p{number}" for number in reversed(range(PEOPLE_ON_A_PAGE + 1))]


def test_searching_has_a_limit_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    few = quotas.Quota.of("search", person=1, token=1, address=1, span=quotas.MINUTE)
    monkeypatch.setattr(quotas, "SEARCH", few)

    assert [client.get(PEOPLE, {"q": "ran"}).status_code for _ in range(2)] == [200, 429]
    assert client.get(PEOPLE).status_code == 200


def test_followers_and_those_followed_are_listed_the_latest_first(client: Client, hanako: User) -> None:
    for number in range(PEOPLE_ON_A_PAGE + 1):
        at = NOW + datetime.timedelta(seconds=number)
        FollowFactory(followee=hanako, follower__handle=f"f{number}", accepted_at=at)
    FollowFactory(follower=hanako, followee__handle="read_by_her")
    FollowFactory(followee=hanako, accepted_at=None)
    FollowFactory(followee=hanako, follower__wall_visibility=Visibility.PRIVATE)

    assert handles(client, f"{PEOPLE}/hanako/followers") == [f"f{n}" for n in reversed(range(PEOPLE_ON_A_PAGE + 1))]
    assert handles(client, f"{PEOPLE}/hanako/following") == ["read_by_her"]


def test_the_followers_of_a_closed_wall_are_not_told(client: Client, hanako: User) -> None:
    User.objects.filter(pk=hanako.pk).update(wall_visibility=Visibility.FOLLOWERS)

    assert client.get(f"{PEOPLE}/hanako/followers").status_code == 404


@pytest.mark.parametrize("address", [f"{PEOPLE}?q=x&after=x", f"{PEOPLE}?after=x", f"{PEOPLE}/hanako/followers?after="])
def test_a_place_that_no_list_has_given_out_is_refused(client: Client, hanako: User, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:mymovie:problem:bad-request")


@pytest.mark.parametrize("words", ["\x00", "%00", "ー", "' OR 1=1 --", "x" * 500])
def test_whatever_is_searched_for_is_answered(client: Client, words: str) -> None:
    assert client.get(PEOPLE, {"q": words}).status_code == 200


def test_only_wanted_fields_are_given(client: Client, hanako: User) -> None:
    assert client.get(f"{PEOPLE}/hanako?fields=handle,bio").json() == {"handle": "hanako", "bio": "映画館"}


# For the token, for the limit, and the list itself; with words one more for the handle, of a person one for them.
LISTS = {"?q=listed": 4, "": 3, "/hanako/followers": 4, "/hanako/following": 4}


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize(("address", "most"), LISTS.items())
def test_a_list_costs_the_same_however_long_it_is(
    hanako: User, taro: User, address: str, most: int, number: int
) -> None:
    for _ in range(number):
        FollowFactory(followee=hanako, follower__display_name="listed", follower__films_shown=1)
        FollowFactory(follower=hanako)
    script = client_of(taro)
    script.get(f"{PEOPLE}/taro")  # notes the use of the token

    with CaptureQueriesContext(connection) as queries:
        answer = script.get(f"{PEOPLE}{address}")

    assert len(answer.json()["results"]) >= number
    assert len(queries) == most
