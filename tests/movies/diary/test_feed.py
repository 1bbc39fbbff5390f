import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Follow, User, Visibility, slot_of
from accounts.people.services import following
from movies.diary import services
from movies.diary.feed import PAGE_SIZE, feed
from movies.diary.models import Entry
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
is_told = False


@pytest.fixture(params=[False, True], ids=["who asks", "who is told"], autouse=True)
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of somebody who follows few, and of somebody who follows many."""
    monkeypatch.setattr(f"{__name__}.is_told", request.param)


def recorded(owner: User, *, minutes_ago: int, visibility: str = Visibility.PUBLIC) -> Entry:
    return EntryFactory(owner=owner, visibility=visibility, recorded_at=NOW - datetime.timedelta(minutes=minutes_ago))


def followed_by(viewer: User, *, entries: int = 0, minutes_ago: int = 0, **facts: object) -> User:
    """Somebody with one film a minute, the last of them so long ago."""
    owner = UserFactory(**facts)
    for number in range(entries):
        recorded(owner, minutes_ago=minutes_ago + number)
    if entries:
        services.wall_shows_anew(owner_id=owner.pk, is_public=True)
    owner.refresh_from_db()
    FollowFactory(follower=viewer, followee=owner, last_entry_at=slot_of(owner.last_entry_at) if is_told else None)
    return owner


def whole_feed(viewer: User) -> list[Entry]:
    entries, after = feed(viewer)
    while after:
        page, after = feed(viewer, after)
        entries += page
    return entries


def test_it_shows_what_those_record_whom_one_follows_and_nobody_else() -> None:
    viewer = UserFactory()
    theirs = followed_by(viewer, entries=1)
    EntryFactory()
    EntryFactory(owner=viewer)

    assert [entry.owner for entry in whole_feed(viewer)] == [theirs]


@pytest.mark.parametrize(("people", "films"), [(1, 100), (70, 1), (40, 3), (3, 40)])
def test_its_pages_together_are_everything_once_newest_first(people: int, films: int) -> None:
    viewer = UserFactory()
    for number in range(people):
        followed_by(viewer, entries=films, minutes_ago=number * 7 % 50)

    shown = whole_feed(viewer)

    everything = Entry.objects.filter(owner__followers__follower=viewer).order_by("-recorded_at", "-pk")
    assert shown == list(everything)
    assert len(feed(viewer)[0]) == PAGE_SIZE


def test_one_who_records_all_the_time_does_not_hide_the_others_behind_the_first_page() -> None:
    viewer = UserFactory()
    followed_by(viewer, entries=65)
    quiet = followed_by(viewer, entries=1, minutes_ago=40)

    assert [entry.owner for entry in whole_feed(viewer)].index(quiet) == 40


@pytest.mark.parametrize("followees", [3, 60])
@pytest.mark.parametrize("page", [1, 2])
def test_it_costs_the_same_however_many_one_follows(
    followees: int, page: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    viewer = UserFactory()
    for _ in range(followees):
        followed_by(viewer, entries=20)
    after = feed(viewer)[1] if page == 2 else None

    with django_assert_num_queries(2):  # whom to ask (on later pages also who was there before), and the entries
        feed(viewer, after)


def test_what_is_for_followers_is_in_the_feed_and_what_is_private_is_not() -> None:
    viewer, owner = UserFactory(), UserFactory()
    following.follow(follower=viewer, followee=owner)
    for visibility in Visibility:
        services.log_film(owner=owner, film=FilmFactory(), score=1, visibility=visibility)

    assert {entry.visibility for entry in whole_feed(viewer)} == {Visibility.PUBLIC, Visibility.FOLLOWERS}


def test_whom_one_only_asked_to_follow_is_not_in_it() -> None:
    viewer = UserFactory()
    followed_by(viewer, entries=1, wall_visibility=Visibility.FOLLOWERS)
    Follow.objects.update(accepted_at=None)

    assert whole_feed(viewer) == []


def test_whom_one_has_muted_is_not_in_it_but_their_wall_is_as_before() -> None:
    viewer = UserFactory()
    owner = followed_by(viewer, entries=1)

    following.mute(follower=viewer, followee=owner, is_muted=True)

    assert whole_feed(viewer) == []
    assert Entry.objects.seen_by(viewer).filter(owner=owner).exists()
    following.mute(follower=viewer, followee=owner, is_muted=False)
    assert len(whole_feed(viewer)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"wall_visibility": Visibility.PRIVATE},
        {"is_active": False, "suspended_at": NOW},
    ],
)
def test_who_hides_or_is_shut_out_is_gone_from_it_at_once(change: dict[str, object]) -> None:
    viewer = UserFactory()
    owner = followed_by(viewer, entries=2)
    others = followed_by(viewer, entries=1, minutes_ago=5)

    User.objects.filter(pk=owner.pk).update(**change)

    assert [entry.owner for entry in whole_feed(viewer)] == [others]


def test_a_block_empties_it_of_the_other_at_once() -> None:
    viewer = UserFactory()
    owner = followed_by(viewer, entries=2)

    following.block(blocker=owner, blocked=viewer)

    assert whole_feed(viewer) == []


def test_recording_deleting_and_undoing_move_ones_place_in_the_feeds_of_followers() -> None:
    viewer = UserFactory()
    owner = followed_by(viewer, entries=1, minutes_ago=60)
    others = followed_by(viewer, entries=PAGE_SIZE + 1, minutes_ago=20)
    entry, _is_new = services.log_film(owner=owner, film=FilmFactory(), score=1, visibility=Visibility.PUBLIC)
    by_others = feed(viewer)[0][1:]

    assert feed(viewer)[0] == [entry, *by_others]
    assert {entry.owner for entry in by_others} == {others}

    services.delete_entry(entry=entry)
    assert entry not in feed(viewer)[0]

    services.restore_entry(entry=entry)
    assert feed(viewer)[0] == [entry, *by_others]


def test_whoever_is_told_and_whoever_is_asked_stand_in_one_order() -> None:
    viewer = UserFactory()
    for number in range(6):
        followed_by(viewer, entries=12, minutes_ago=number * 9)
    half = Follow.objects.order_by("pk")[::2]
    for follow in half:
        told = None if is_told else slot_of(follow.followee.last_entry_at)
        Follow.objects.filter(pk=follow.pk).update(last_entry_at=told)

    assert whole_feed(viewer) == list(Entry.objects.order_by("-recorded_at", "-pk"))


def test_a_new_follower_reads_what_was_recorded_before() -> None:
    viewer, owner = UserFactory(), UserFactory()
    entry, _is_new = services.log_film(owner=owner, film=FilmFactory(), score=1, visibility=Visibility.PUBLIC)

    following.follow(follower=viewer, followee=owner)

    assert whole_feed(viewer) == [entry]


def test_the_page_is_for_whoever_is_signed_in(client) -> None:
    assert client.get("/feed/").headers["Location"] == "/sign-in/?next=/feed/"


def test_the_page_shows_films_scores_and_people(client) -> None:
    viewer = UserFactory()
    owner = followed_by(viewer, entries=PAGE_SIZE + 1, display_name="花子")
    client.force_login(viewer)

    page = client.get("/feed/")

    assert "花子" in page.content.decode()
    assert len(page.context["entries"]) == PAGE_SIZE
    more = client.get("/feed/", {"after": str(page.context["next"])})
    assert [entry.owner for entry in more.context["entries"]] == [owner]


@pytest.mark.parametrize("after", ["", "x", "none.1", "20240101T000000000000.x", "1.1"])
def test_a_place_that_no_page_has_given_out_is_a_bad_request(client, after) -> None:
    client.force_login(UserFactory())

    assert client.get("/feed/", {"after": after}).status_code == 400
