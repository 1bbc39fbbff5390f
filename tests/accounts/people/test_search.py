import pytest
from django.utils import timezone

from accounts.models import User, Visibility
from accounts.people import search
from accounts.people.services import following
from accounts.people.views.lists import PEOPLE_ON_A_PAGE
from movies.diary.services import delete_entry, log_film, restore_entry
from tests.factories import BlockFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db


def found(client, words, **query):
    answer = client.get("/people/", {"q": words, **query})
    assert answer.status_code == 200
    return [person.handle for person in answer.context["people"]]


def recorded(owner, visibility=Visibility.PUBLIC):
    return log_film(owner=owner, film=FilmFactory(), score=None, visibility=visibility)[0]


@pytest.fixture
def somebody():
    return UserFactory(handle="cinema_hanako", display_name="Amélie 山田花子 カメラ")


@pytest.mark.parametrize(
    "words",
    [
        "cinema_hanako",
        "@cinema_hanako",
        "@Cinema_Hanako",
        "ｃｉｎｅｍａ",
        "hanako",
        "nema_ha",
        "ci",
        "c",
        "amelie",
        "AMÉLIE",
        "méli",
        "山田",
        "田花",
        "花子",
        "山田花子",
        "山田 花子",
        "かめら",
        "ｶﾒﾗ",
        "  hanako\u3000",
        "'cinema'",
    ],
)
def test_somebody_is_found_by_any_part_of_handle_or_name_however_it_is_written(client, somebody, words):
    assert found(client, words) == ["cinema_hanako"]


@pytest.mark.parametrize(
    "words", ["hanaka", "花子山田", "%", "_", "c%o", "\\", "ー", "🎬", ".", "'; --", "\n", "\0", "ː"]
)
def test_nobody_is_found_by_other_words(client, somebody, words):
    UserFactory(display_name="🎬")

    assert client.get("/people/", {"q": words}).status_code == 200
    if words.strip():
        assert found(client, words) == []


def test_one_character_finds_the_beginnings_of_names(client):
    UserFactory(handle="first", display_name="花子")
    UserFactory(handle="other", display_name="山花")

    assert found(client, "花") == ["first"]


def test_whoever_has_this_very_handle_stands_first_and_once(client):
    for handle, count in [("hanako_b", 9), ("hanako", 0), ("hanako_a", 5)]:
        UserFactory(handle=handle, followers_count=count)

    assert found(client, "@HANAKO") == ["hanako", "hanako_b", "hanako_a"]


def test_the_pages_of_what_was_found_together_are_everybody_once(client):
    UserFactory.create_batch(2 * PEOPLE_ON_A_PAGE, display_name="花子", followers_count=3)
    UserFactory(handle="hanako", display_name="花子", followers_count=3)
    handles, after = [], {}
    for _ in range(3):
        answer = client.get("/people/", {"q": "花子", **after})
        handles += [person.handle for person in answer.context["people"]]
        after = {"after": str(answer.context["next"])}

    assert answer.context["next"] is None
    assert len(handles) == len(set(handles)) == 2 * PEOPLE_ON_A_PAGE + 1


def test_how_many_read_a_closed_wall_is_not_told_by_its_place(client):
    UserFactory(handle="closed_hanako", wall_visibility=Visibility.FOLLOWERS, followers_count=1000)
    UserFactory(handle="open_hanako", followers_count=1)

    assert found(client, "hanako") == ["open_hanako", "closed_hanako"]


@pytest.mark.parametrize("words", ["hanako", "花子"])
@pytest.mark.parametrize(
    "change",
    [
        {"wall_visibility": Visibility.PRIVATE},
        {"is_active": False, "suspended_at": timezone.now()},
        {"is_active": False, "deletion_asked_at": timezone.now()},
    ],
    ids=["private", "suspended", "leaving"],
)
def test_who_hides_or_is_gone_is_not_found(client, words, change):
    UserFactory(handle="hanako", display_name="花子", **change)

    assert found(client, words) == []


def test_a_private_person_finds_themselves_and_is_found_by_whom_they_read(client):
    private = UserFactory(handle="himitsu", wall_visibility=Visibility.PRIVATE)
    read = FollowFactory(follower=private).followee

    for viewer, handles in [(private, ["himitsu"]), (read, ["himitsu"]), (UserFactory(), [])]:
        client.force_login(viewer)
        assert found(client, "himitsu") == handles


@pytest.mark.parametrize("is_by_viewer", [True, False])
@pytest.mark.parametrize("words", ["hanako", "hana"])
def test_of_two_one_of_whom_has_blocked_the_other_neither_finds_the_other(client, is_by_viewer, words):
    viewer, other = UserFactory(), UserFactory(handle="hanako")
    one, another = (viewer, other) if is_by_viewer else (other, viewer)
    following.block(blocker=one, blocked=another)
    client.force_login(viewer)

    assert found(client, words) == []


def test_a_query_beyond_all_measure_is_read_as_far_as_a_name_goes(client):
    UserFactory(display_name="花" * 50)

    answer = client.get("/people/", {"q": "花" * 1500})

    assert (answer.status_code, answer.context["query"]) == (200, "花" * search.LONGEST_QUERY)


def test_what_was_looked_for_is_never_markup(client):
    page = client.get("/people/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page


# A random wall


@pytest.fixture
def walls_thrown(monkeypatch):
    """Whose walls the lowest and the highest throw of the dice lead to."""

    def walls(viewer):
        found = set()
        for throw in (lambda most: 0, lambda most: most - 1):
            monkeypatch.setattr(search.secrets, "randbelow", throw)
            found.add(search.random_wall(viewer=viewer))
        return found

    return walls


def hide_some():
    recorded(UserFactory(wall_visibility=Visibility.PRIVATE))
    recorded(UserFactory(wall_visibility=Visibility.FOLLOWERS))
    recorded(UserFactory(), visibility=Visibility.FOLLOWERS)
    recorded(UserFactory(), visibility=Visibility.PRIVATE)
    suspended = recorded(UserFactory()).owner
    User.objects.filter(pk=suspended.pk).update(is_active=False, suspended_at=timezone.now())


def test_a_random_wall_is_for_everybody_and_has_films_for_everybody(walls_thrown):
    hide_some()
    shown = [recorded(UserFactory()).owner for _ in range(2)]
    hide_some()

    assert walls_thrown(UserFactory()) == set(shown)


def test_a_wall_whose_last_film_was_deleted_is_out_of_the_draw_until_it_is_restored(walls_thrown):
    entry = recorded(UserFactory())
    viewer = UserFactory()

    delete_entry(entry=entry)
    assert walls_thrown(viewer) == {None}
    restore_entry(entry=entry)

    assert walls_thrown(viewer) == {entry.owner}


@pytest.mark.parametrize("is_by_viewer", [True, False])
def test_nobody_lands_on_the_wall_of_whom_they_do_not_see(client, is_by_viewer):
    viewer, other = UserFactory(), recorded(UserFactory()).owner
    one, another = (viewer, other) if is_by_viewer else (other, viewer)
    BlockFactory(blocker=one, blocked=another)
    client.force_login(viewer)

    assert client.get("/random/").url == "/about/"


@pytest.mark.parametrize("people", [1, 30])
def test_a_throw_costs_the_same_however_many_there_are(client, people, django_assert_num_queries):
    for _ in range(people):
        recorded(UserFactory())

    with django_assert_num_queries(2):  # the newest of all walls; the first at or beyond the number that was thrown
        assert client.get("/random/").url.startswith("/@")


def test_how_many_follow_a_closed_wall_is_not_in_the_address_of_the_next_page(client):
    for number in range(PEOPLE_ON_A_PAGE + 1):
        UserFactory(handle=f"closed{number}", wall_visibility="followers", followers_count=777)

    first = client.get("/people/", {"q": "closed"})

    assert str(first.context["next"]).startswith("0.")
    second = client.get("/people/", {"q": "closed", "after": str(first.context["next"])})
    assert len(set(first.context["people"] + second.context["people"])) == PEOPLE_ON_A_PAGE + 1
