"""Two walls side by side, by the API."""

import pytest
from django.test import Client

from accounts.models import User, Visibility
from movies.diary import comparison
from movies.diary.models import Entry
from movies.diary.serializers import CommonFilmSerializer, ComparisonSerializer, LovedFilmSerializer
from tests.api import client_of
from tests.factories import BlockFactory, EntryFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

COMPARE = "/api/v1/people/hanako/compare/taro"


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def taro() -> User:
    return UserFactory(handle="taro")


def both(one: User, other: User, score: int | None, theirs: int | None, **facts: object) -> Entry:
    entry = EntryFactory(owner=one, score=score)
    EntryFactory(owner=other, film=entry.film, score=theirs, **facts)
    return entry


def test_what_both_have_seen_is_listed_with_both_scores(hanako: User, taro: User) -> None:
    unscored, loved = both(hanako, taro, None, 70), both(hanako, taro, 92, None)
    both(hanako, taro, 50, 50, visibility=Visibility.PRIVATE)
    EntryFactory(owner=hanako)

    results = Client().get(COMPARE).json()["results"]

    said = [(row["film"]["id"], row["score"], row["other_score"]) for row in results]
    assert said == [(str(loved.film_id), 92, None), (str(unscored.film_id), None, 70)]
    assert results[0].keys() == CommonFilmSerializer().fields.keys()


def test_how_near_two_people_are(hanako: User, taro: User) -> None:
    wild = both(hanako, taro, 90, 60)
    both(hanako, taro, 50, 45)
    loved, theirs = EntryFactory(owner=hanako, score=80), EntryFactory(owner=taro, score=100)

    said = Client().get(f"{COMPARE}/summary").json()

    assert (said["one"]["handle"], said["other"]["handle"]) == ("hanako", "taro")
    assert (said["count"], said["apart"]) == (2, 17.5)
    assert said["disagreements"][0]["film"]["id"] == str(wild.film_id)
    assert [row["film"]["id"] for row in said["only_one_loved"]] == [str(loved.film_id)]
    assert [(row["film"]["id"], row["score"]) for row in said["only_other_loved"]] == [(str(theirs.film_id), 100)]
    assert said.keys() == ComparisonSerializer().fields.keys()
    assert said["only_one_loved"][0].keys() == LovedFilmSerializer().fields.keys()


def test_two_who_have_nothing_in_common_are_no_distance_apart(hanako: User, taro: User) -> None:
    said = Client().get(f"{COMPARE}/summary").json()

    assert (said["count"], said["apart"], said["disagreements"]) == (0, None, [])
    assert Client().get(COMPARE).json() == {"results": [], "next": None}


@pytest.mark.parametrize("address", [COMPARE, f"{COMPARE}/summary"])
def test_walls_that_one_may_not_see_are_not_compared(hanako: User, taro: User, address: str) -> None:
    User.objects.filter(pk=taro.pk).update(wall_visibility=Visibility.FOLLOWERS)
    follower, blocked = FollowFactory(followee=taro).follower, BlockFactory(blocker=hanako).blocked
    FollowFactory(follower=blocked, followee=taro)

    viewers = [Client(), client_of(UserFactory()), client_of(blocked), client_of(follower), client_of(taro)]

    assert [viewer.get(address).status_code for viewer in viewers] == [404, 404, 404, 200, 200]


@pytest.mark.parametrize("pair", [("hanako", "hanako"), ("hanako", "nobody"), ("HANAKO", "hanako")])
def test_there_are_two_of_them(hanako: User, pair: tuple[str, str]) -> None:
    assert Client().get("/api/v1/people/{}/compare/{}".format(*pair)).status_code == 404


@pytest.mark.parametrize("after", ["", "x", "1.x", "2026-11-01.1"])
def test_a_place_that_no_list_gave_out_is_refused(hanako: User, taro: User, after: str) -> None:
    assert Client().get(COMPARE, {"after": after}).status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_every_page_costs_the_same_however_much_both_have_seen(
    hanako: User, taro: User, count: int, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    monkeypatch.setattr(comparison, "PAGE_SIZE", 7)
    for number in range(count):
        both(hanako, taro, None if number % 3 == 0 else number, number)
    client, scores, address = client_of(hanako), [], COMPARE
    client.get(COMPARE)

    while address:
        # Token, limit, the two, the films; those without a score are looked for where the others end.
        with django_assert_max_num_queries(5 if address != COMPARE else 4):
            page = client.get(address).json()
        scores += [row["score"] for row in page["results"]]
        address = page["next"]

    scored = sorted((number for number in range(count) if number % 3), reverse=True)
    assert scores == scored + [None] * (count - len(scored))
