"""What strangers are sent again, and from which holes it was filled: always what a page made for them alone would say."""

import datetime
import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.identity import services as identity
from accounts.models import User, Visibility
from accounts.moderation import services as moderation
from accounts.people.services import following, profile
from movies.diary import moderation as entry_moderation
from movies.diary import open_wall, services
from movies.diary.films import films_changed
from movies.diary.merging import merge_films
from movies.diary.models import Entry, Viewer
from movies.diary.services import Seen
from movies.diary.views import walls
from movies.diary.wall import PAGE_SIZE, Arrangement, Wall
from tests.factories import FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESSES = [
    "",
    "?order=score",
    "?order=watched&direction=asc",
    "?order=recorded",
    "?order=title",
    "?dates=world&direction=asc",
    "?view=posters",
    "?view=list",
]


@pytest.fixture
def made_for_one(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """A page as it is made where nothing is prepared and nothing kept."""

    def plain_wall(owner: User, arrangement: Arrangement, viewer: Viewer, _eyes: object) -> Wall:
        return Wall(Entry.objects.filter(owner=owner).seen_by(viewer), arrangement)

    def made(address: str, client: Client | None = None) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(walls, "is_plain", lambda request, asked: False)
            patch.setattr(walls, "OpenWall", plain_wall)
            return (client or Client()).get(address).content

    return made


@pytest.fixture
def world() -> SimpleNamespace:
    """A wall with something of everything, and who and what may change it."""
    owner = UserFactory(handle="hanako", display_name="<花子> & 'co'", bio="映画\nと猫", url="https://hanako.example/")
    films = [
        FilmFactory(
            original_title=f"<Film> {number}",
            title_ja=f"映画{number}" if number % 3 else "",
            title_kana=f"えいが{number}" if number % 2 else "",
            world_on=datetime.date(1950 + number, 5, 1) if number % 5 else None,
            world_precision="day" if number % 5 else "",
            japan_on=datetime.date(1951 + number, 6, 1) if number % 4 else None,
            japan_precision="month" if number % 4 else "",
            poster_path=f"/{number}.jpg" if number % 2 else "",
        )
        for number in range(PAGE_SIZE + 9)
    ]
    for number, film in enumerate(films):
        services.log_film(
            owner=owner,
            film=film,
            score=number if number % 7 else None,
            visibility=Visibility.PRIVATE if number == 3 else Visibility.PUBLIC,
            seen=Seen(datetime.date(2024, 1 + number % 12, 3) if number % 6 else None, uuid.uuid4()),
        )
    entries = {entry.film.original_title: entry for entry in owner.entries.select_related("film")}
    return SimpleNamespace(
        owner=owner, films=films, entries=entries, staff=UserFactory(is_staff=True), reader=UserFactory()
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("query", ADDRESSES)
def test_a_page_from_its_shell_is_the_page(world, made_for_one, client, prefix, query) -> None:
    address = f"{prefix}/@hanako/{query}"
    beyond = client.get(address)
    places = [address, f"{address}{'&' if query else '?'}after={following_place(beyond.content.decode())}"]

    for place in places:
        assert client.get(place).content == made_for_one(place)


def following_place(page: str) -> str:
    return page.rpartition("after=")[2].partition('"')[0]


def change(**changes: object) -> Callable[[SimpleNamespace], None]:
    return lambda world: profile.change_person(person=world.owner, changes=changes)


def change_film(world: SimpleNamespace) -> None:
    film = world.films[8]
    film.title_ja = film.title_en = "別の題"
    film.save()
    films_changed([film])


def restored(world: SimpleNamespace) -> None:
    entry = world.entries["<Film> 5"]
    services.delete_entry(entry=entry)
    Client().get("/@hanako/")
    services.restore_entry(entry=entry)
    services.change_entry(entry=entry, changes={"score": 99})


CHANGES: dict[str, Callable[[SimpleNamespace], object]] = {
    "a film recorded": lambda world: services.log_film(owner=world.owner, film=FilmFactory(), score=100),
    "a score": lambda world: services.change_entry(entry=world.entries["<Film> 5"], changes={"score": 100}),
    "a film hidden": lambda world: services.change_entry(
        entry=world.entries["<Film> 5"], changes={"visibility": Visibility.FOLLOWERS}
    ),
    "a hidden film shown": lambda world: services.change_entry(
        entry=world.entries["<Film> 3"], changes={"visibility": Visibility.PUBLIC}
    ),
    "a film seen again": lambda world: services.see_again(
        entry=world.entries["<Film> 5"], seen=Seen(datetime.date(2025, 5, 5), uuid.uuid4(), is_again=True)
    ),
    "a day": lambda world: services.redate_viewing(
        viewing=world.entries["<Film> 5"].viewings.get(), watched_on=datetime.date(2020, 2, 2)
    ),
    "a film deleted": lambda world: services.delete_entry(entry=world.entries["<Film> 5"]),
    "a film deleted and put back": restored,
    "a film's title": change_film,
    "two films that were one": lambda world: merge_films(
        actor=world.staff, film=world.films[5], into=FilmFactory(original_title="The same"), reason="twice"
    ),
    "a film hidden by staff": lambda world: entry_moderation.hide_entry(
        actor=world.staff, entry=world.entries["<Film> 5"], reason="spam"
    ),
    "a name": change(display_name="太郎"),
    "a bio": change(bio="無口"),
    "an address": change(url="https://elsewhere.example/"),
    "a birthday": change(birth_date=datetime.date(1970, 1, 1), shows_age=True),
    "a time zone": change(time_zone="America/New_York"),
    "a reader": lambda world: following.follow(follower=world.reader, followee=world.owner),
    "a wall for followers": change(wall_visibility=Visibility.FOLLOWERS),
    "a wall for nobody": change(wall_visibility=Visibility.PRIVATE),
    "a handle": lambda world: profile.change_handle(person=world.owner, handle="hana"),
    "somebody shut out": lambda world: moderation.suspend(actor=world.staff, person=world.owner, reason="spam"),
    "somebody leaving": lambda world: identity.leave(user=world.owner),
}
UNSEEN = {"a film seen again", "a day", "a time zone"}  # by release date they make no difference


@pytest.mark.parametrize("what", CHANGES)
def test_the_next_request_shows_what_has_changed(world, made_for_one, client, what) -> None:
    before = {address: client.get(f"/@hanako/{address}").content for address in ADDRESSES}

    CHANGES[what](world)

    for address in ADDRESSES:
        now = client.get(f"/@hanako/{address}").content
        assert now == made_for_one(f"/@hanako/{address}")
        assert (now != before[address]) or what in UNSEEN or address in {"?view=posters", "?order=score"}


def test_whoever_has_the_handle_of_one_who_was_met_is_not_taken_for_them(world, made_for_one, client) -> None:
    client.get("/@hanako/")
    world.owner.refresh_from_db()
    User.objects.filter(pk=world.owner.pk).update(handle="hana")
    another = UserFactory(handle="hanako", display_name="別の花子")
    services.log_film(owner=another, film=world.films[0], score=3)
    User.objects.filter(pk=another.pk).update(public_revision=world.owner.public_revision)

    page = Client().get("/@hanako/").content

    assert "別の花子".encode() in page
    assert page == made_for_one("/@hanako/")


def test_what_changes_between_the_look_at_the_films_and_that_at_their_owner_is_shown(
    world, made_for_one, client, monkeypatch
) -> None:
    client.get("/@hanako/")
    services.change_entry(entry=world.entries["<Film> 5"], changes={"score": 99})
    owner_called = open_wall.owner_called

    def called_a_moment_later(handle: str) -> User:
        services.delete_entry(entry=world.entries["<Film> 8"])
        return owner_called(handle)

    with monkeypatch.context() as patch:
        patch.setattr(open_wall, "owner_called", called_a_moment_later)
        page = Client().get("/@hanako/").content

    assert page == made_for_one("/@hanako/")


@pytest.mark.parametrize("what", [what for what in CHANGES if not what.startswith("somebody")])
@pytest.mark.parametrize("eyes", ["owner", "follower", "friend"])
def test_so_does_that_of_whoever_has_signed_in(world, made_for_one, client, eyes, what) -> None:
    viewer = world.owner if eyes == "owner" else UserFactory()
    if eyes == "follower":
        FollowFactory(follower=viewer, followee=world.owner)
    client.force_login(viewer)
    for address in ADDRESSES:
        client.get(f"/@hanako/{address}")

    CHANGES[what](world)

    for address in ADDRESSES:
        now = shown(client.get(f"/@hanako/{address}").content)
        assert now == shown(made_for_one(f"/@hanako/{address}", client))


def test_whoever_ceases_to_follow_sees_and_counts_less_though_nothing_there_has_changed(
    world, made_for_one, client
) -> None:
    follow = FollowFactory(followee=world.owner)
    entry = world.entries["<Film> 50"]
    services.change_entry(entry=entry, changes={"visibility": Visibility.FOLLOWERS})
    client.force_login(follow.follower)
    as_a_follower = client.get("/@hanako/").content

    follow.delete()

    now = client.get("/@hanako/").content
    assert entry.film.get_absolute_url().encode() in as_a_follower
    assert entry.film.get_absolute_url().encode() not in now
    assert shown(now) == shown(made_for_one("/@hanako/", client))


def shown(page: bytes) -> bytes:
    """Without what is another at each request: the token of the forms on it."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', b"", page)


def test_a_page_that_is_kept_costs_one_statement_and_so_does_a_fresh_one_of_whoever_was_met(world, client) -> None:
    costs = []
    for address in ["/@hanako/", "/@hanako/?order=score"] * 2:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        costs.append(len(asked))
    first, counted_anew, *kept = costs

    assert (first, counted_anew) == (3, 2)  # the sections are counted once for each revision and order
    assert kept == [1, 1]
    services.change_entry(entry=world.entries["<Film> 5"], changes={"score": 1})
    client.get("/@hanako/")
    other_worker = Client()
    with CaptureQueriesContext(connection) as asked:
        other_worker.get("/@hanako/")
        open_wall._met.cache_clear()
        Client().get("/@hanako/")
    assert len(asked) == 1 + 2


def test_an_unchanged_page_is_not_sent_again(world, client) -> None:
    etag = client.get("/@hanako/").headers["ETag"]

    with CaptureQueriesContext(connection) as asked:
        again = client.get("/@hanako/", headers={"if-none-match": etag})

    assert (again.status_code, again.content, len(asked)) == (304, b"", 1)
    services.change_entry(entry=world.entries["<Film> 5"], changes={"score": 1})
    assert client.get("/@hanako/", headers={"if-none-match": etag}).status_code == 200


def test_what_somebody_may_see_is_never_sent_to_another(world, client) -> None:
    """The owner and a follower look first, and last; in between nobody learns of what is not for them."""
    follower = FollowFactory(followee=world.owner).follower
    services.change_entry(entry=world.entries["<Film> 5"], changes={"visibility": Visibility.FOLLOWERS})
    sees = {"nobody": (False, False), "follower": (True, False), "owner": (True, True)}

    for who in ["owner", "nobody", "follower", "nobody", "owner", "nobody", "follower"]:
        client.logout()
        if who != "nobody":
            client.force_login({"owner": world.owner, "follower": follower}[who])
        page = client.get("/@hanako/?order=score&direction=asc")
        said = page.content.decode()

        assert ("&lt;Film&gt; 5<" in said or ">映画5<" in said, "&lt;Film&gt; 3<" in said) == sees[who]
        assert ("no-store" in page.headers["Cache-Control"]) == (who != "nobody")


def test_whoever_brings_a_session_is_sent_nothing_that_was_kept(world, client) -> None:
    client.get("/@hanako/")
    client.cookies["session"] = "of-nobody"

    with CaptureQueriesContext(connection) as asked:
        client.get("/@hanako/")

    assert len(asked) > 1


def test_pages_that_nobody_links_to_are_made_but_not_kept(world, client) -> None:
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/@hanako/?utm_source=elsewhere")
        assert page.status_code == 200
        assert len(asked) > 1


def test_the_parts_and_languages_of_a_page_are_kept_apart(world, client) -> None:
    asked = [(f"{prefix}/@hanako/", headers) for prefix in ("", "/en") for headers in ({}, {"HX-Request": "true"})]
    first = [client.get(address, headers=headers).content for address, headers in asked]

    assert [client.get(address, headers=headers).content for address, headers in asked] == first
    assert len(set(first)) == 4


def test_numbers_are_kept_by_the_same_revision(world, client) -> None:
    before = client.get("/@hanako/stats/").content
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/@hanako/stats/").content == before
    assert len(asked) == 1

    services.log_film(owner=world.owner, film=FilmFactory(), score=100)

    assert client.get("/@hanako/stats/").content != before
