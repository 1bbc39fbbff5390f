import datetime
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from accounts.models import Follow, User, Visibility
from accounts.people.services.following import follow, recount_around
from accounts.people.views.lists import PEOPLE_ON_A_PAGE
from tests.factories import BlockFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def hanako():
    return UserFactory(handle="hanako")


def at(address, place):
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'after': place})}"


def people_at(client, address):
    """All that its pages show together, in their order."""
    found, place, pages = [], None, 0
    while place or not pages:
        answer = client.get(at(address, place) if place else address)
        assert answer.status_code == 200
        found += [person.handle for person in answer.context["people"]]
        place, pages = answer.context["next"], pages + 1
    return found, pages


def read_by(owner, number, **facts):
    """So many followers; every two were accepted at the same moment."""
    people = UserFactory.create_batch(number, **facts)
    for n, person in enumerate(people):
        FollowFactory(follower=person, followee=owner, accepted_at=NOW + datetime.timedelta(seconds=n // 2))
    return people


@pytest.mark.parametrize("number", [0, 1, PEOPLE_ON_A_PAGE, PEOPLE_ON_A_PAGE + 1, 2 * PEOPLE_ON_A_PAGE + 1])
def test_the_pages_of_followers_together_are_everybody_once_newest_first(client, hanako, number):
    readers = read_by(hanako, number)

    found, pages = people_at(client, "/@hanako/followers/")

    assert found == [person.handle for person in reversed(readers)]
    assert pages == max(1, -(-number // PEOPLE_ON_A_PAGE))


def test_those_whom_one_follows_are_listed_newest_first(client, hanako):
    for n, handle in enumerate(["first", "second", "third"]):
        FollowFactory(follower=hanako, followee__handle=handle, accepted_at=NOW + datetime.timedelta(seconds=n))

    assert people_at(client, "/@hanako/following/")[0] == ["third", "second", "first"]


@pytest.mark.parametrize("which", ["followers", "following"])
def test_of_whom_one_may_not_know_no_list_tells(client, hanako, which):
    ends = ("follower", "followee") if which == "followers" else ("followee", "follower")
    viewer = UserFactory(handle="viewer")
    for handle, facts in [
        ("private", {"wall_visibility": Visibility.PRIVATE}),
        ("closed", {"wall_visibility": Visibility.FOLLOWERS}),
        ("gone", {"is_active": False, "suspended_at": NOW}),
    ]:
        FollowFactory(**{ends[0]: UserFactory(handle=handle, **facts), ends[1]: hanako})
    for handle, one, other in [("blocked", "blocked", "blocker"), ("blocker", "blocker", "blocked")]:
        person = UserFactory(handle=handle)
        FollowFactory(**{ends[0]: person, ends[1]: hanako})
        BlockFactory(**{one: person, other: viewer})
    FollowFactory(**{ends[0]: UserFactory(handle="asked"), ends[1]: hanako, "accepted_at": None})

    assert set(people_at(client, f"/@hanako/{which}/")[0]) == {"closed", "blocked", "blocker"}
    client.force_login(viewer)
    assert people_at(client, f"/@hanako/{which}/")[0] == ["closed"]


def test_one_sees_a_private_person_who_reads_one_and_nobody_else_does(client, hanako):
    FollowFactory(followee=hanako, follower__handle="himitsu", follower__wall_visibility=Visibility.PRIVATE)

    assert people_at(client, "/@hanako/followers/")[0] == []
    client.force_login(hanako)
    assert people_at(client, "/@hanako/followers/")[0] == ["himitsu"]


@pytest.mark.parametrize("which", ["followers", "following"])
def test_ones_own_list_says_how_many_stand_on_it(client, hanako, which):
    himitsu = UserFactory(handle="himitsu", wall_visibility=Visibility.PRIVATE)
    for one, other in [(hanako, himitsu), (himitsu, hanako)]:
        FollowFactory(follower=one, followee=other)
    recount_around(person=himitsu)
    client.force_login(hanako)

    answer = client.get(f"/@hanako/{which}/")

    count = answer.context["owner"].followers_count if which == "followers" else answer.context["owner"].following_count
    assert count == len(answer.context["people"]) == 1


@pytest.mark.parametrize("which", ["followers", "following"])
@pytest.mark.parametrize(
    ("wall", "viewer", "status"),
    [
        ("public", "anonymous", 200),
        ("followers", "anonymous", 404),
        ("followers", "stranger", 404),
        ("followers", "asked", 404),
        ("followers", "follower", 200),
        ("followers", "owner", 200),
        ("private", "follower", 404),
        ("private", "owner", 200),
        ("public", "blocked", 404),
    ],
)
def test_the_lists_are_open_to_those_to_whom_the_wall_is(client, which, wall, viewer, status):
    owner, person = UserFactory(handle="hanako", wall_visibility=wall), UserFactory()
    match viewer:
        case "asked" | "follower":
            FollowFactory(follower=person, followee=owner, accepted_at=NOW if viewer == "follower" else None)
        case "blocked":
            BlockFactory(blocker=owner, blocked=person)
    if viewer != "anonymous":
        client.force_login(owner if viewer == "owner" else person)

    assert client.get(f"/@hanako/{which}/").status_code == status


# Those who ask


@pytest.fixture
def asked():
    owner = UserFactory(handle="hanako", wall_visibility=Visibility.FOLLOWERS)
    for handle, visibility in [("first", "public"), ("himitsu", "private")]:
        follow(follower=UserFactory(handle=handle, wall_visibility=visibility), followee=owner)
    owner.refresh_from_db()
    return owner


def test_the_owner_sees_who_asks_the_first_to_ask_first(client, asked):
    client.force_login(asked)

    answer = client.get("/@hanako/followers/")

    assert [person.handle for person in answer.context["asking"]] == ["first", "himitsu"]
    assert 'action="/@himitsu/accept/"' in answer.content.decode()
    assert 'action="/@himitsu/remove/"' in answer.content.decode()


def test_nobody_else_sees_who_asks(client, asked):
    User.objects.update(wall_visibility=Visibility.PUBLIC)

    for viewer in [None, UserFactory(), FollowFactory(followee=asked).follower]:
        if viewer:
            client.force_login(viewer)
        answer = client.get("/@hanako/followers/")
        assert answer.context["asking"] == []
        assert "himitsu" not in answer.content.decode()


def test_those_who_ask_stand_on_the_first_page_alone(client, asked):
    read_by(asked, PEOPLE_ON_A_PAGE + 1)
    client.force_login(asked)
    first = client.get("/@hanako/followers/")

    second = client.get(f"/@hanako/followers/?after={first.context['next']}")

    assert (len(first.context["asking"]), len(second.context["asking"])) == (2, 0)


# Open walls


def on_show(handle, seconds, **facts):
    return UserFactory(handle=handle, films_shown=1, last_shown_at=NOW + datetime.timedelta(seconds=seconds), **facts)


def test_open_walls_are_listed_the_latest_to_record_first(client):
    on_show("first", 0)
    on_show("last", 2)
    on_show("second", 1)
    on_show("private", 3, wall_visibility=Visibility.PRIVATE)
    on_show("closed", 3, wall_visibility=Visibility.FOLLOWERS)
    on_show("gone", 3, is_active=False, suspended_at=NOW)
    UserFactory(handle="empty", last_shown_at=None)

    assert people_at(client, "/people/")[0] == ["last", "second", "first"]


def test_the_pages_of_open_walls_together_are_all_of_them_once(client):
    for n in range(PEOPLE_ON_A_PAGE + 1):
        on_show(f"person{n:03}", n // 2)

    found, pages = people_at(client, "/people/")

    assert found == sorted(found, reverse=True)
    assert (len(found), pages) == (PEOPLE_ON_A_PAGE + 1, 2)


@pytest.mark.parametrize("is_by_viewer", [True, False])
def test_whom_one_does_not_see_is_on_no_list_of_open_walls(client, is_by_viewer):
    viewer, other = UserFactory(), on_show("other", 0)
    BlockFactory(**dict(zip(("blocker", "blocked"), (viewer, other) if is_by_viewer else (other, viewer), strict=True)))
    client.force_login(viewer)

    assert people_at(client, "/people/")[0] == []
    assert people_at(client, "/people/?q=other")[0] == []


# For all lists

LISTS = ["/@hanako/followers/", "/@hanako/following/", "/people/", "/people/?q=hanako"]
NO_PLACES = [
    "",
    "x",
    ".",
    "1",
    "none",
    "none.x",
    "1.1.1.",
    "\0.1",
    "20240231T000000000000.1",
    "99991231T235959999999.1",
    "9" * 5000 + ".1",
]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("after", NO_PLACES, ids=range(len(NO_PLACES)))
def test_a_place_that_no_list_has_given_out_is_a_bad_request(client, hanako, address, after):
    assert (
        client.get(
            address + ("&" if "?" in address else "?"),
            {},
            query_params={"after": after, **({"q": "hanako"} if "q=" in address else {})},
        ).status_code
        == 400
    )


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("pk", [0, -1, 2**31, 2**63, 10**30])
def test_places_beyond_all_numbers_are_empty_pages(client, hanako, address, pk):
    key = str(pk) if "q=" in address else "20240101T000000000000"

    for place in [f"{key}.{pk}", f"none.{pk}"]:
        assert client.get(at(address, place)).status_code == 200


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("rows", [2, 30])
def test_a_list_costs_the_same_however_long(client, hanako, address, rows, django_assert_num_queries):
    for n in range(rows):
        person = on_show(f"hanako{n}", n)
        FollowFactory(follower=person, followee=hanako)
        FollowFactory(follower=hanako, followee=person)
    # Of a person: the owner of the lists, and the page. Of people: the page alone, and who has this very handle.
    queries = 1 if address == "/people/" else 2

    with django_assert_num_queries(queries):
        assert len(client.get(address).context["people"]) >= rows


@pytest.mark.parametrize("rows", [2, 30])
def test_ones_own_list_of_followers_costs_the_same_however_many_ask(client, hanako, rows, django_assert_num_queries):
    client.force_login(hanako)
    client.get("/about/")  # the first page of a session writes its token
    for _ in range(rows):
        FollowFactory(followee=hanako)
        FollowFactory(followee=hanako, accepted_at=None)

    with django_assert_num_queries(6):  # session with person; owner, followers, how many on each list, who asks
        client.get("/@hanako/followers/")


@pytest.mark.parametrize("address", LISTS)
def test_a_visitors_copy_is_asked_about_and_one_for_somebody_is_kept_by_nobody(client, hanako, address):
    answer = client.get(address)
    assert "public" in answer.headers["Cache-Control"]
    assert not answer.cookies

    client.force_login(hanako)
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


def test_an_own_list_leads_to_what_can_be_done_there_and_anothers_to_nothing(client, hanako):
    FollowFactory(followee=hanako, follower__handle="reader")
    FollowFactory(follower=hanako, followee__handle="writer")

    for viewer, count in [(UserFactory(), 0), (hanako, 1)]:
        client.force_login(viewer)
        assert client.get("/@hanako/followers/").content.decode().count('action="/@reader/remove/"') == count
        assert client.get("/@hanako/following/").content.decode().count('action="/@writer/unfollow/"') == count


# Out of sight


def test_whom_one_has_blocked_or_muted_stands_on_ones_own_page(client, hanako):
    BlockFactory(blocker=hanako, blocked__handle="blocked", blocked__wall_visibility=Visibility.PRIVATE)
    BlockFactory(blocked=hanako, blocker__handle="blocker")
    FollowFactory(follower=hanako, followee__handle="muted", is_muted=True)
    FollowFactory(follower=hanako, followee__handle="heard")
    BlockFactory(blocked__handle="anothers")
    client.force_login(hanako)

    page = client.get("/settings/privacy/people/").content.decode()

    said = {handle for handle in ("blocked", "blocker", "muted", "heard", "anothers") if f"@{handle}/" in page}
    assert said == {"blocked", "muted"}


@pytest.mark.parametrize("change", [{"wall_visibility": "private"}, {"is_active": False, "suspended_at": NOW}])
def test_whom_one_has_muted_is_told_of_no_longer_when_they_hide(client, hanako, change):
    muted = FollowFactory(follower=hanako, followee__handle="muted", is_muted=True).followee
    User.objects.filter(pk=muted.pk).update(**change)
    client.force_login(hanako)

    assert "muted/" not in client.get("/settings/privacy/people/").content.decode()
    assert Follow.objects.get().is_muted


def test_the_pages_of_whom_one_has_blocked_together_are_all_of_them_once(client, hanako):
    BlockFactory.create_batch(PEOPLE_ON_A_PAGE + 1, blocker=hanako)
    client.force_login(hanako)

    first = client.get("/settings/privacy/people/")
    second = client.get(f"/settings/privacy/people/?after={first.context['next']}")

    assert (len(first.context["blocks"]), len(second.context["blocks"]), second.context["next"]) == (60, 1, None)
    assert client.get("/settings/privacy/people/?after=x").status_code == 400


def test_whom_one_has_asked_to_follow_does_not_ask_to_follow_oneself(client, hanako):
    FollowFactory(follower=hanako, followee__wall_visibility=Visibility.FOLLOWERS, accepted_at=None)
    client.force_login(hanako)

    assert client.get("/@hanako/following/").context["asking"] == []
