"""What people do with people by the API, as by the buttons of the pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Block, Follow, User, Visibility
from accounts.people.api import acts
from tests.api import client_of
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

ME = "/api/v1/me"
WRITES = [
    ("put", "following"),
    ("patch", "following"),
    ("delete", "following"),
    ("delete", "followers"),
    ("put", "requests"),
    ("delete", "requests"),
    ("put", "blocks"),
    ("delete", "blocks"),
]


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def taro() -> User:
    return UserFactory(handle="taro", display_name="太郎")


@pytest.fixture
def script(hanako: User) -> Client:
    return client_of(hanako)


def between(follow: str = "none", *, is_muted: bool = False, follows_me: bool = False) -> dict[str, object]:
    return {"is_me": False, "follow": follow, "is_muted": is_muted, "follows_me": follows_me}


def test_following_somebody_twice_is_one_follow(script: Client, hanako: User, taro: User) -> None:
    answers = [script.put(f"{ME}/following/taro") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json() == between("following")
    assert Follow.objects.get().followee == taro


def test_whose_wall_is_for_followers_is_asked(script: Client) -> None:
    UserFactory(handle="jiro", wall_visibility=Visibility.FOLLOWERS)

    assert script.put(f"{ME}/following/Jiro").json() == between("asked")


def test_nobody_follows_themselves(script: Client) -> None:
    assert script.put(f"{ME}/following/hanako").status_code == 404


def test_one_follows_somebody_no_longer(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=hanako, followee=taro)
    FollowFactory(follower=taro, followee=hanako)

    answers = [script.delete(f"{ME}/following/taro").status_code for _ in range(2)]

    assert answers == [204, 204]
    assert Follow.objects.get().follower == taro


def test_somebody_is_muted_and_heard_again(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=hanako, followee=taro)
    muting = {"path": f"{ME}/following/taro", "content_type": "application/json"}

    muted = script.patch(data={"is_muted": True}, **muting)
    assert muted.json() == between("following", is_muted=True)
    assert [person["handle"] for person in script.get(f"{ME}/muted").json()["results"]] == ["taro"]

    assert script.patch(data={"is_muted": False}, **muting).json() == between("following")
    assert script.patch(data={}, **muting).json() == between("following")
    assert script.get(f"{ME}/muted").json()["results"] == []


def test_whom_one_does_not_follow_cannot_be_muted(script: Client, taro: User) -> None:
    sent = {"data": {"is_muted": True}, "content_type": "application/json"}

    assert script.patch(f"{ME}/following/taro", **sent).status_code == 404


@pytest.mark.parametrize("said", ["maybe", None, [], {}, 7])
def test_bad_input_is_refused_clearly(script: Client, hanako: User, taro: User, said: object) -> None:
    FollowFactory(follower=hanako, followee=taro)

    answer = script.patch(f"{ME}/following/taro", {"is_muted": said}, "application/json")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/is_muted"


def test_a_follower_is_removed(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=taro, followee=hanako)

    answers = [script.delete(f"{ME}/followers/taro").status_code for _ in range(2)]

    assert answers == [204, 204]
    assert not Follow.objects.exists()


def test_a_request_is_seen_and_accepted(script: Client, hanako: User, taro: User) -> None:
    asked = FollowFactory(follower=taro, followee=hanako, accepted_at=None)
    assert [person["handle"] for person in script.get(f"{ME}/requests").json()["results"]] == ["taro"]

    answers = [script.put(f"{ME}/requests/taro") for _ in range(2)]

    assert [answer.json() for answer in answers] == [between(follows_me=True)] * 2
    asked.refresh_from_db()
    assert asked.accepted_at
    assert script.get(f"{ME}/requests").json()["results"] == []


def test_who_has_not_asked_is_not_accepted(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=hanako, followee=taro, accepted_at=None)

    assert script.put(f"{ME}/requests/taro").status_code == 404
    assert not Follow.objects.filter(accepted_at__isnull=False).exists()


def test_a_request_is_declined_and_a_follower_is_not(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=taro, followee=hanako, accepted_at=None)
    FollowFactory(followee=hanako, follower__handle="jiro")

    answers = [script.delete(f"{ME}/requests/{handle}").status_code for handle in ("taro", "taro", "jiro")]

    assert answers == [204, 204, 204]
    assert Follow.objects.get().follower.handle == "jiro"


def test_blocking_ends_what_stood_between_the_two_and_may_be_repeated(script: Client, hanako: User, taro: User) -> None:
    FollowFactory(follower=taro, followee=hanako)
    FollowFactory(follower=hanako, followee=taro)

    answers = [script.put(f"{ME}/blocks/taro").status_code for _ in range(2)]

    assert answers == [204, 204]
    assert not Follow.objects.exists()
    assert [person["handle"] for person in script.get(f"{ME}/blocks").json()["results"]] == ["taro"]
    assert script.get("/api/v1/people/taro").status_code == 404


def test_somebody_is_blocked_no_longer(script: Client, hanako: User, taro: User) -> None:
    BlockFactory(blocker=hanako, blocked=taro)

    assert script.delete(f"{ME}/blocks/taro").status_code == 204
    assert not Block.objects.exists()
    assert script.delete(f"{ME}/blocks/taro").status_code == 404


def test_the_blocks_of_others_are_theirs(script: Client, hanako: User, taro: User) -> None:
    BlockFactory(blocker=UserFactory(), blocked=taro)

    assert script.delete(f"{ME}/blocks/taro").status_code == 404
    assert script.get(f"{ME}/blocks").json()["results"] == []
    assert Block.objects.exists()


@pytest.mark.parametrize(("method", "what"), WRITES)
def test_whom_one_may_not_know_of_is_not_there(script: Client, hanako: User, method: str, what: str) -> None:
    BlockFactory(blocker=UserFactory(handle="enemy"), blocked=hanako)
    UserFactory(handle="hidden", wall_visibility=Visibility.PRIVATE)

    for handle in ("enemy", "hidden", "nobody"):
        assert getattr(script, method)(f"{ME}/{what}/{handle}").status_code == 404


@pytest.mark.parametrize(("method", "what"), WRITES)
def test_nothing_is_done_for_a_visitor_or_by_a_token_that_may_only_read(
    client: Client, hanako: User, taro: User, method: str, what: str
) -> None:
    FollowFactory(follower=hanako, followee=taro)
    FollowFactory(follower=taro, followee=hanako, accepted_at=None)
    BlockFactory(blocker=hanako, blocked__handle="blocked")
    before = [list(Follow.objects.values()), list(Block.objects.values())]
    handle = "blocked" if (method, what) == ("delete", "blocks") else "taro"

    by_visitor = getattr(client, method)(f"{ME}/{what}/{handle}")
    by_reader = getattr(client_of(hanako, "read"), method)(f"{ME}/{what}/{handle}")

    assert (by_visitor.status_code, by_visitor.json()["type"]) == (401, "urn:mymovie:problem:not-signed-in")
    assert (by_reader.status_code, by_reader.json()["type"]) == (403, "urn:mymovie:problem:read-only-token")
    assert before == [list(Follow.objects.values()), list(Block.objects.values())]


@pytest.mark.parametrize("what", ["requests", "blocks", "muted"])
def test_a_visitor_has_no_lists(client: Client, what: str) -> None:
    assert client.get(f"{ME}/{what}").status_code == 401


def test_nobody_does_this_without_end(script: Client, taro: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "ACTS", acts.ACTS._replace(most=2))

    answers = [script.put(f"{ME}/following/taro") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert script.get(f"{ME}/blocks").status_code == 200


@pytest.mark.parametrize("number", [3, 30])
@pytest.mark.parametrize("what", ["requests", "blocks", "muted"])
def test_a_list_costs_the_same_however_long_it_is(script: Client, hanako: User, what: str, number: int) -> None:
    for _ in range(number):
        FollowFactory(followee=hanako, accepted_at=None)
        FollowFactory(follower=hanako, is_muted=True)
        BlockFactory(blocker=hanako)
    script.get(f"{ME}/{what}")  # notes the use of the token

    with CaptureQueriesContext(connection) as queries:
        answer = script.get(f"{ME}/{what}")

    assert len(answer.json()["results"]) == number
    assert len(queries) == 3  # the token, the limit, the list
