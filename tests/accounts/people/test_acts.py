import itertools
import re

import pytest
from django.contrib.messages import get_messages

from accounts.models import Block, Follow, User, Visibility
from accounts.people.views import acts
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

ACTS = ["follow", "unfollow", "accept", "remove", "block", "unblock", "mute", "unmute"]


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def other():
    return UserFactory(handle="taro", display_name="太郎 100%(s)d")


def state(person, other):
    """What stands between the two: one's own follow (accepted, muted), theirs, and whether one has blocked them."""
    follows = [
        Follow.objects.filter(follower=one, followee=another).values_list("accepted_at", "is_muted").first()
        for one, another in [(person, other), (other, person)]
    ]
    return [
        *(follow and (bool(follow[0]), follow[1]) for follow in follows),
        Block.objects.filter(blocker=person, blocked=other).exists(),
    ]


FOLLOWED, ASKED, MUTED = (True, False), (False, False), (True, True)


@pytest.mark.parametrize(
    ("act", "mine", "theirs", "after"),
    [
        ("follow", None, None, [FOLLOWED, None, False]),
        ("follow", FOLLOWED, None, [FOLLOWED, None, False]),
        ("unfollow", FOLLOWED, FOLLOWED, [None, FOLLOWED, False]),
        ("unfollow", ASKED, None, [None, None, False]),
        ("unfollow", None, None, [None, None, False]),
        ("accept", None, ASKED, [None, FOLLOWED, False]),
        ("accept", ASKED, None, [ASKED, None, False]),  # nobody accepts what they have asked themselves
        ("remove", FOLLOWED, FOLLOWED, [FOLLOWED, None, False]),
        ("remove", None, ASKED, [None, None, False]),
        ("block", FOLLOWED, ASKED, [None, None, True]),
        ("mute", FOLLOWED, FOLLOWED, [MUTED, FOLLOWED, False]),
        ("unmute", MUTED, MUTED, [FOLLOWED, MUTED, False]),
        ("mute", None, None, [None, None, False]),
    ],
)
def test_each_act_does_what_it_says_and_says_so(client, person, other, act, mine, theirs, after):
    for follow, one, another in [(mine, person, other), (theirs, other, person)]:
        if follow:
            made = FollowFactory(follower=one, followee=another, is_muted=follow[1])
            Follow.objects.filter(pk=made.pk, follower=one).update(accepted_at=made.accepted_at if follow[0] else None)

    answer = client.post(f"/@taro/{act}/")

    assert answer.url == ("/settings/privacy/people/" if act == "block" else "/@taro/")
    assert state(person, other) == after
    (said,) = get_messages(answer.wsgi_request)
    assert "太郎 100%(s)d" in str(said)


def test_to_follow_a_wall_for_followers_is_to_ask(client, person):
    closed = UserFactory(handle="taro", wall_visibility=Visibility.FOLLOWERS)

    client.post("/@taro/follow/")

    assert state(person, closed) == [ASKED, None, False]
    assert "申し込みを取り消す" in client.get("/@taro/").content.decode()


def test_unblocking_is_for_those_one_has_blocked(client, person, other):
    BlockFactory(blocker=person, blocked=other)
    BlockFactory(blocked=person, blocker__handle="jiro")

    assert client.post("/@taro/unblock/").url == "/@taro/"
    assert client.post("/@jiro/unblock/").status_code == 404

    assert list(Block.objects.values_list("blocker__handle", flat=True)) == ["jiro"]


def test_whoever_is_private_may_be_unblocked_all_the_same(client, person):
    BlockFactory(blocker=person, blocked__handle="taro", blocked__wall_visibility=Visibility.PRIVATE)

    client.post("/@taro/unblock/")

    assert not Block.objects.exists()


@pytest.mark.parametrize("act", ACTS)
def test_a_visitor_is_asked_to_sign_in_and_nothing_is_done(client, act):
    FollowFactory(followee__handle="taro", accepted_at=None)
    before = list(Follow.objects.values())

    assert client.post(f"/@taro/{act}/").url.startswith("/sign-in/?next=")

    assert list(Follow.objects.values()) == before
    assert not Block.objects.exists()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_nothing_is_done_but_by_a_button(client, person, other, act, method):
    assert getattr(client, method)(f"/@taro/{act}/").status_code == 405

    assert state(person, other) == [None, None, False]


@pytest.mark.parametrize("act", ACTS)
def test_what_is_between_others_is_not_mine_to_change(client, person, other, act):
    rows = [FollowFactory(follower=other, accepted_at=None), FollowFactory(followee=other), BlockFactory(blocked=other)]
    before = [type(row).objects.values().get(pk=row.pk) for row in rows]

    client.post(f"/@taro/{act}/")

    assert [type(row).objects.values().get(pk=row.pk) for row in rows] == before


def without_what_was_asked(response, handle):
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, page.replace(handle, "")


def hide(person, other):
    User.objects.filter(pk=other.pk).update(wall_visibility=Visibility.PRIVATE)


def shut_out(person, other):
    User.objects.filter(pk=other.pk).update(is_active=False, suspended_at="2024-01-01T00:00Z")


def be_blocked(person, other):
    BlockFactory(blocker=other, blocked=person)


def have_blocked(person, other):
    BlockFactory(blocker=person, blocked=other)


OUT_OF_SIGHT = [hide, shut_out, be_blocked, have_blocked]


@pytest.mark.parametrize(
    ("act", "out_of_sight"),
    [pair for pair in itertools.product(ACTS, OUT_OF_SIGHT) if pair != ("unblock", have_blocked)],
)
def test_whom_one_does_not_see_answers_as_a_handle_that_nobody_has(client, person, other, act, out_of_sight):
    out_of_sight(person, other)
    before = state(person, other)

    there, nobody = client.post(f"/@taro/{act}/"), client.post(f"/@nobody/{act}/")

    assert without_what_was_asked(there, "taro") == without_what_was_asked(nobody, "nobody")
    assert there.status_code == 404
    assert state(person, other) == before


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_anything_with_themselves(client, person, act):
    assert client.post(f"/@{person.handle}/{act}/").status_code == 404

    assert not Follow.objects.exists()
    assert not Block.objects.exists()


def test_one_who_blocks_at_the_moment_of_a_follow_is_not_there(client, person, other, monkeypatch):
    find_other = acts.find_other

    def find(request, handle):
        found = find_other(request, handle)
        be_blocked(person, other)
        return found

    monkeypatch.setattr(acts, "find_other", find)

    assert client.post("/@taro/follow/").status_code == 404
    assert not Follow.objects.exists()


def test_a_private_person_whom_one_is_read_by_may_be_removed_and_followed(client, person):
    reader = UserFactory(handle="himitsu", wall_visibility=Visibility.PRIVATE)
    FollowFactory(follower=reader, followee=person)

    client.post("/@himitsu/follow/")
    assert state(person, reader) == [ASKED, FOLLOWED, False]
    client.post("/@himitsu/remove/")

    assert state(person, reader) == [ASKED, None, False]


@pytest.mark.parametrize("act", ["follow", "mute"])
def test_a_handle_is_found_in_any_case(client, person, other, act):
    assert client.post(f"/@TARO/{act}/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/", "/@hanako/followers/?after=20240101T000000000000.7", "/en/people/?q=%E5%A4%AA&x=1"]
)
def test_one_is_led_back_to_where_one_pressed(client, person, other, path):
    answer = client.post("/@taro/unfollow/", headers={"referer": f"http://testserver{path}"})

    assert answer.url == path


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "nonsense",
        "javascript:alert(1)",
        "http://[",
        "http://evil.test/@taro/",
        "http://testserver.evil.test/",
        "http://testserver@evil.test/",
        "http://testserver:8000/",
        "http://testserver",
        "http://testserver//evil.test/",
        "//evil.test/",
        "//testserver//evil.test/",
    ],
)
def test_whoever_says_to_come_from_elsewhere_is_led_to_the_wall(client, person, other, referer):
    assert client.post("/@taro/unfollow/", headers={"referer": referer}).url == "/@taro/"


def test_in_english_one_stays_in_english(client, person, other):
    assert client.post("/en/@taro/follow/").url == "/en/@taro/"


def test_what_is_done_shows_where_one_comes_back_to(client, person, other):
    FollowFactory(follower=other, followee=person)
    address = f"/@{person.handle}/followers/"

    page = client.post("/@taro/remove/", headers={"referer": f"http://testserver{address}"}, follow=True)

    assert page.redirect_chain == [(address, 302)]
    assert page.context["people"] == []


def test_nobody_follows_without_end(client, person, other, monkeypatch):
    monkeypatch.setattr(acts, "ACTS", acts.ACTS._replace(most=2))

    assert [client.post("/@taro/follow/").status_code for _ in range(3)] == [302, 302, 429]
