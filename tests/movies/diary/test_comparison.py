import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from accounts.models import User, Visibility
from movies.diary.comparison import FILMS_AT_A_GLANCE, PAGE_SIZE, Comparison
from movies.diary.models import Entry
from tests.factories import BlockFactory, EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db


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


def test_films_in_common_are_counted_and_the_distance_is_that_of_films_both_scored(hanako: User, taro: User) -> None:
    both(hanako, taro, 90, 80)
    both(hanako, taro, 50, 70)
    both(hanako, taro, None, 100)
    EntryFactory(owner=hanako)

    assert Comparison(hanako, taro, AnonymousUser()).summary == {"count": 3, "apart": 15}


def test_what_they_disagree_on_most_comes_first_and_what_they_agree_on_is_not_there(hanako: User, taro: User) -> None:
    both(hanako, taro, 70, 70)
    mild, wild = both(hanako, taro, 70, 60), both(hanako, taro, 0, 100)

    disagreements = Comparison(hanako, taro, AnonymousUser()).disagreements

    assert [(entry.film, entry.score, entry.theirs) for entry in disagreements] == [
        (wild.film, 0, 100),
        (mild.film, 70, 60),
    ]


def test_what_one_loved_and_the_other_has_not_seen(hanako: User, taro: User) -> None:
    both(hanako, taro, 100, None)
    loved = EntryFactory(owner=hanako, score=80)
    EntryFactory(owner=hanako, score=79)
    EntryFactory(owner=taro, score=85)

    comparison = Comparison(hanako, taro, AnonymousUser())

    assert list(comparison.only_one_loved) == [loved]
    assert [entry.owner for entry in comparison.only_other_loved] == [taro]


def test_turned_round_it_says_the_same(hanako: User, taro: User) -> None:
    both(hanako, taro, 10, 60)
    EntryFactory(owner=hanako, score=90)

    there, back = Comparison(hanako, taro, AnonymousUser()), Comparison(taro, hanako, AnonymousUser())

    assert there.summary == back.summary
    assert list(there.only_one_loved) == list(back.only_other_loved)
    assert [entry.gap for entry in there.disagreements] == [entry.gap for entry in back.disagreements] == [50]


@pytest.mark.parametrize(
    "hidden", [{"visibility": Visibility.PRIVATE}, {"deleted_at": timezone.now()}, {"hidden_at": timezone.now()}]
)
def test_what_the_viewer_may_not_see_plays_no_part(hanako: User, taro: User, hidden: dict[str, object]) -> None:
    entry = both(hanako, taro, 90, 10, **hidden)

    comparison = Comparison(hanako, taro, AnonymousUser())

    assert comparison.summary["count"] == 0
    assert list(comparison.disagreements) == []
    assert list(comparison.only_one_loved) == [entry]


def test_anybody_may_look_without_signing_in(client: Client, hanako: User, taro: User) -> None:
    both(hanako, taro, 90, 10)

    page = client.get("/@hanako/compare/@taro/")

    assert page.status_code == 200
    assert not client.cookies
    assert client.get("/en/@Hanako/compare/@TARO/").status_code == 200


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.PRIVATE])
def test_a_wall_that_is_not_for_everybody_is_compared_with_nothing(
    client: Client, hanako: User, taro: User, visibility: str
) -> None:
    User.objects.filter(handle="taro").update(wall_visibility=visibility)

    assert client.get("/@hanako/compare/@taro/").status_code == 404
    assert client.get("/@taro/compare/@hanako/").status_code == 404


def test_who_is_blocked_is_not_there_to_be_compared(client: Client, hanako: User, taro: User) -> None:
    BlockFactory(blocker=taro, blocked=hanako)
    client.force_login(hanako)

    assert client.get("/@hanako/compare/@taro/").status_code == 404


def test_compared_with_oneself_is_ones_wall(client: Client, hanako: User) -> None:
    assert client.get("/@hanako/compare/@hanako/").headers["Location"] == "/@hanako/"


@pytest.mark.parametrize("films", [1, PAGE_SIZE + 1])
def test_a_page_costs_the_same_however_many_films(
    client: Client, hanako: User, taro: User, films: int, django_assert_num_queries
) -> None:
    for film in FilmFactory.create_batch(films):
        EntryFactory(owner=hanako, film=film, score=50)
        EntryFactory(owner=taro, film=film, score=60)

    with django_assert_num_queries(6):  # both people, the films, the numbers, the disagreements, what each alone loved
        page = client.get("/@hanako/compare/@taro/")

    assert len(page.context["entries"]) == min(films, PAGE_SIZE)
    assert len(page.context["comparison"].disagreements) == min(films, FILMS_AT_A_GLANCE)


def test_beyond_the_first_page_the_films_in_common_go_on(client: Client, hanako: User, taro: User) -> None:
    for film in FilmFactory.create_batch(PAGE_SIZE + 5):
        EntryFactory(owner=hanako, film=film, score=50)
        EntryFactory(owner=taro, film=film)

    first = client.get("/@hanako/compare/@taro/")
    second = client.get("/@hanako/compare/@taro/", {"after": str(first.context["next"])})

    shown = [entry.film for page in (first, second) for entry in page.context["entries"]]
    assert len(set(shown)) == len(shown) == PAGE_SIZE + 5
    assert "disagree" not in second.content.decode()
