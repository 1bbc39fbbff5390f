import datetime
import re

import pytest
from django.utils import timezone

from accounts.identity.jobs import forget_former_handles
from accounts.identity.services import leave
from accounts.models import FormerHandle, User, Visibility
from accounts.people.models import HANDLE_KEPT_FOR
from accounts.people.services.profile import change_handle
from tests.factories import BlockFactory, FollowFactory, UserFactory
from tests.standins.oidc import sign_in

pytestmark = pytest.mark.django_db

CHOSEN = {"handle": "hanako", "display_name": "New"}


@pytest.fixture
def moved():
    """@hanako of old."""
    person = UserFactory(handle="hanako")
    change_handle(person=person, handle="amelie")
    return person


def age(**days):
    kept_until = timezone.now() + HANDLE_KEPT_FOR - datetime.timedelta(**days)
    FormerHandle.objects.update(kept_until=kept_until)


def body(response, handle):
    """Without what was asked for, and without the session's token."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return page.replace(handle, "")


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("which", ["", "followers/", "following/"])
@pytest.mark.parametrize("query", ["", "?order=score&dates=world&x=%E6%98%A0%2B"])
def test_each_page_at_an_old_handle_leads_to_that_at_the_new_one(client, moved, method, language, which, query):
    answer = getattr(client, method)(f"{language}/@hanako/{which}{query}")

    assert (answer.status_code, answer.url) == (302, f"{language}/@amelie/{which}{query}")


@pytest.mark.parametrize("path", ["/@Hanako/", "/@HANAKO/followers/", "/@hanako"])
def test_an_old_handle_is_found_as_people_write_it(client, moved, path):
    answer = client.get(path, follow=True)

    assert answer.status_code == 200
    assert answer.request["PATH_INFO"].startswith("/@amelie/")


def test_in_an_address_with_two_handles_each_leads_on(client, moved):
    taro = UserFactory(handle="taro")
    change_handle(person=taro, handle="jiro")

    assert client.get("/@taro/compare/@hanako/").url == "/@jiro/compare/@amelie/"
    assert client.get("/@jiro/compare/@hanako/").url == "/@jiro/compare/@amelie/"


@pytest.mark.parametrize("which", ["", "follow/", "block/"])
def test_nothing_is_done_by_way_of_an_old_handle(client, moved, which):
    client.force_login(UserFactory())

    assert client.post(f"/@hanako/{which}").status_code in {404, 405}


def test_a_chain_of_handles_leads_to_the_last_at_once(client, moved):
    change_handle(person=moved, handle="last")

    assert client.get("/@hanako/").url == client.get("/@amelie/").url == "/@last/"


def test_a_handle_that_was_taken_back_is_a_wall_again(client, moved):
    change_handle(person=moved, handle="hanako")

    assert client.get("/@hanako/").status_code == 200
    assert client.get("/@amelie/").url == "/@hanako/"


def test_an_old_handle_leads_on_for_90_days_and_then_nowhere(client, moved):
    age(days=89)
    assert client.get("/@hanako/").status_code == 302

    age(days=90)
    assert client.get("/@hanako/").status_code == 404


def test_an_old_handle_that_somebody_else_has_now_is_theirs(client, moved):
    age(days=90)
    UserFactory(handle="hanako", display_name="Another Hanako")

    assert "Another Hanako" in client.get("/@hanako/").content.decode()


def hide(person):
    User.objects.filter(pk=person.pk).update(wall_visibility=Visibility.PRIVATE)


@pytest.mark.parametrize(
    "go",
    [
        hide,
        lambda person: leave(user=person),
        lambda person: BlockFactory(blocker=person, blocked=User.objects.get(handle="viewer")),
        lambda person: BlockFactory(blocker=User.objects.get(handle="viewer"), blocked=person),
    ],
    ids=["private", "leaving", "blocked", "blocker"],
)
@pytest.mark.parametrize("which", ["", "followers/"])
def test_of_whom_one_may_not_know_the_old_handle_says_no_more_than_one_that_never_was(client, moved, go, which):
    client.force_login(UserFactory(handle="viewer"))
    go(moved)

    old, never = client.get(f"/@hanako/{which}"), client.get(f"/@nobody/{which}")

    assert old.status_code == never.status_code == 404
    assert body(old, "hanako") == body(never, "nobody")
    assert old.headers == never.headers


def test_the_old_handle_of_a_private_person_leads_those_on_whom_they_follow(client, moved):
    hide(moved)
    client.force_login(FollowFactory(follower=moved).followee)

    assert client.get("/@hanako/").url == "/@amelie/"


def test_a_wall_for_followers_says_that_it_has_moved_and_its_lists_stay_closed(client, moved):
    User.objects.update(wall_visibility=Visibility.FOLLOWERS)

    assert client.get("/@hanako/", follow=True).status_code == 200
    assert client.get("/@hanako/followers/", follow=True).status_code == 404


@pytest.mark.parametrize("path", ["//evil.test/@hanako/", "///evil.test/@hanako/", "/\\evil.test/@hanako/"])
def test_an_old_handle_leads_nowhere_but_here(client, moved, path):
    answer = client.get("/", PATH_INFO=path)

    assert not re.match(r"[/\\]{2}", answer.headers.get("Location", ""))


def test_who_visits_an_old_handle_gets_no_cookie(client, moved):
    assert not client.get("/@hanako/").cookies


def test_a_page_that_is_there_asks_for_no_old_handles(client, moved, django_assert_num_queries):
    with django_assert_num_queries(3):  # the owner, that there are no films, and none again
        client.get("/@amelie/")
    with django_assert_num_queries(2):  # the owner; who had it
        client.get("/@nobody/")
    with django_assert_num_queries(0):
        client.get("/nothing/")


def test_a_newcomer_cannot_take_an_old_handle_until_it_is_free(client, oidc, moved):
    sign_in(client, oidc, name="Hanako")

    assert client.get("/welcome/").context["form"]["handle"].value() != "hanako"
    assert list(client.post("/welcome/", CHOSEN).context["form"].errors) == ["handle"]
    age(days=90)
    client.post("/welcome/", CHOSEN)

    assert User.objects.get(handle="hanako") != moved


@pytest.mark.parametrize(("days", "left"), [(89, 1), (90, 0)])
def test_a_handle_that_is_free_is_forgotten(moved, days, left):
    age(days=days)

    assert forget_former_handles() == 1 - left

    assert FormerHandle.objects.count() == left
