"""Pictures from the page that names them to the worker that paints them: who gets one, when it is new, and when it is gone."""

import datetime
import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.identity.services import leave
from accounts.models import User, Visibility
from accounts.people.services.profile import change_person
from movies.diary.models import Entry
from movies.diary.moderation import hide_entry
from movies.diary.services import change_entry, delete_entry, wall_shows_anew
from movies.sharing import fetching, jobs, keeping
from movies.sharing.models import Picture
from movies.sharing.subjects import Subject
from mymovie.outbox.models import Message
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.movies.sharing.pixels import opened
from tests.movies.sharing.test_fetching import png_of

pytestmark = pytest.mark.django_db

WALL = "/@hanako/og.png"


@pytest.fixture
def entry() -> Entry:
    film = FilmFactory(title_ja="七人の侍", title_en="Seven Samurai", world_on="1954-04-26", world_precision="day")
    entry: Entry = EntryFactory(owner=UserFactory(handle="hanako", display_name="花子"), film=film, score=92)
    wall_shows_anew(owner_id=entry.owner_id, is_public=True)
    entry.owner.refresh_from_db()
    return entry


@pytest.fixture(autouse=True)
def _files() -> Iterator[None]:
    """Each test finds the storage without what another painted: names say what is shown, and keys begin anew."""
    yield
    for picture in Picture.objects.all():
        default_storage.delete(picture.stored_as)


def paint_what_was_asked_for() -> int:
    """As relay and worker do it."""
    messages = list(Message.objects.filter(task="movies.sharing.tasks.paint_picture").order_by("pk"))
    for message in messages:
        jobs.paint_picture(**message.kwargs)
        message.delete()
    return len(messages)


def addresses_of(entry: Entry) -> list[str]:
    return [WALL, f"/@hanako/films/{entry.film_id}/og.png", f"/films/{entry.film_id}/og.png"]


def files() -> list[str]:
    return list(Picture.objects.order_by("pk").values_list("stored_as", flat=True))


def test_what_is_not_yet_painted_is_asked_for_once_and_the_sites_own_stands_in(client: Client, entry: Entry) -> None:
    for address in addresses_of(entry) * 2:
        answer = client.get(address)
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"site"')
        assert answer.headers["Cache-Control"] == "public, max-age=30"
        assert opened(answer.content).size == (1200, 630)

    assert Message.objects.filter(queue="media").count() == 3


def test_what_is_painted_is_answered_with_and_asked_for_no_more(client: Client, entry: Entry) -> None:
    for address in addresses_of(entry):
        client.get(address)
    assert paint_what_was_asked_for() == 3

    for address, seconds in zip(addresses_of(entry), (60, 60, 86400), strict=True):
        answer = client.get(address)
        assert answer.headers["ETag"] != '"site"'
        assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"
        assert "Set-Cookie" not in answer.headers
        assert opened(answer.content).size == (1200, 630)
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert not Message.objects.filter(queue="media").exists()


def test_each_order_and_language_has_its_own(client: Client, entry: Entry) -> None:
    for address in (
        WALL,
        f"{WALL}?order=score",
        f"{WALL}?dates=world",
        f"/en{WALL}",
        f"{WALL}?order=score&dates=world",
    ):
        client.get(address)
    paint_what_was_asked_for()

    assert sorted(Picture.objects.values_list("arrangement", "language")) == [
        ("release-jp", "en"),
        ("release-jp", "ja"),
        ("release-world", "ja"),
        ("score", "ja"),
    ]
    assert client.get(f"{WALL}?order=nonsense").status_code == 400


def test_a_job_that_runs_twice_paints_once(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {"kind": "wall", "pk": entry.owner_id, "language": "ja", "arrangement": "release-jp"}

    assert jobs.paint_picture(**wanted) is True
    kept = files()
    monkeypatch.setattr(jobs, "paint_wall", lambda *_: pytest.fail("painted again"))

    assert jobs.paint_picture(**wanted) is False
    assert files() == kept


def test_a_change_shows_the_old_picture_until_the_new_one_is_there_and_deletes_it_then(
    client: Client, entry: Entry
) -> None:
    client.get(WALL)
    paint_what_was_asked_for()
    before = client.get(WALL)
    (old,) = files()

    change_entry(entry=entry, changes={"score": 10})
    meanwhile = client.get(WALL)
    paint_what_was_asked_for()
    after = client.get(WALL)

    assert meanwhile.headers["ETag"] == before.headers["ETag"]
    assert meanwhile.headers["Cache-Control"] == "public, max-age=30"
    assert after.headers["ETag"] != before.headers["ETag"]
    assert files() != [old]
    assert not default_storage.exists(old)


@pytest.mark.parametrize("how", ["private", "deleted", "hidden by staff"])
def test_a_picture_from_before_is_shown_no_more_when_a_film_on_it_was_taken_away(
    client: Client, entry: Entry, how: str
) -> None:
    taken = EntryFactory(owner=entry.owner)
    wall_shows_anew(owner_id=entry.owner_id, is_public=True)
    client.get(WALL)
    paint_what_was_asked_for()
    before = client.get(WALL).headers["ETag"]

    match how:
        case "private":
            change_entry(entry=taken, changes={"visibility": Visibility.PRIVATE})
        case "deleted":
            delete_entry(entry=taken)
        case _:
            hide_entry(actor=UserFactory(is_staff=True), entry=taken, reason="spam")

    for answer in (client.get(WALL), client.get(WALL, headers={"If-None-Match": before})):
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"site"')
        assert answer.headers["Cache-Control"] == "public, max-age=30"
    paint_what_was_asked_for()
    assert client.get(WALL).headers["ETag"] not in (before, '"site"')


@pytest.mark.parametrize("kind", ["followers", "private", "gone", "suspended"])
def test_what_is_not_for_everybody_has_no_picture_and_within_a_minute_no_file(
    client: Client, entry: Entry, kind: str
) -> None:
    for address in addresses_of(entry):
        client.get(address)
    paint_what_was_asked_for()
    of_wall, of_entry, of_film = files()
    missing = client.get("/@nobody/og.png")

    match kind:
        case "gone":
            leave(user=entry.owner)
        case "suspended":
            User.objects.filter(pk=entry.owner_id).update(is_active=False, suspended_at=timezone.now())
        case _:
            change_person(person=entry.owner, changes={"wall_visibility": kind})
    own = Client()
    own.force_login(entry.owner)

    for who in (client, own) if kind in ("followers", "private") else (client,):
        for address in addresses_of(entry)[:2]:
            answer = who.get(address)
            assert answer.status_code == 404
            if who is client:
                assert plain(answer.content) == plain(missing.content)
    keeping.look_over_pictures()
    assert files() == [of_film]
    assert not default_storage.exists(of_wall)
    assert not default_storage.exists(of_entry)
    assert default_storage.exists(of_film)


def plain(content: bytes) -> str:
    """Without the page's own address."""
    return re.sub(r"(hanako|nobody)(%2F|/)", "", re.sub(r"films(%2F|/)\d+(%2F|/)", "", content.decode()))


@pytest.mark.parametrize("change", [{"visibility": Visibility.FOLLOWERS}, {"hidden_at": timezone.now()}, "deleted"])
def test_an_entry_that_is_not_for_everybody_loses_its_picture(client: Client, entry: Entry, change: object) -> None:
    address = addresses_of(entry)[1]
    client.get(address)
    paint_what_was_asked_for()
    (name,) = files()

    if isinstance(change, dict):
        Entry.objects.filter(pk=entry.pk).update(**change)
    else:
        delete_entry(entry=entry)

    assert client.get(address).status_code == 404
    keeping.look_over_pictures()
    assert files() == []
    assert not default_storage.exists(name)


def test_a_wall_that_closes_while_it_is_painted_gets_no_picture(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = jobs._painted

    def closed_meanwhile(found: object) -> object:
        canvas = painted(found)  # type: ignore[arg-type]
        change_person(person=entry.owner, changes={"wall_visibility": "private"})
        return canvas

    monkeypatch.setattr(jobs, "_painted", closed_meanwhile)
    found = jobs.seen(Subject("wall", entry.owner_id, "ja", "release-jp"))

    assert jobs.paint_picture("wall", entry.owner_id, "ja", "release-jp") is False
    assert files() == []
    assert found
    assert not default_storage.exists(found.stored_as)


def test_only_what_everybody_sees_is_painted(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    for hidden in ({"visibility": "private"}, {"visibility": "followers"}, {"hidden_at": timezone.now()}):
        EntryFactory(owner=entry.owner, **hidden)
    EntryFactory(owner=entry.owner, deleted_at=timezone.now())
    said = {}
    paint = jobs.paint_wall
    monkeypatch.setattr(
        jobs, "paint_wall", lambda facts, count, hung: said.update(of=facts, n=count) or paint(facts, count, hung)
    )

    jobs.paint_picture("wall", entry.owner_id, "ja", "release-jp")

    assert (said["n"], said["of"].count) == (1, "1")


def test_changed_walls_are_painted_after_a_while_and_once(entry: Entry) -> None:
    EntryFactory(owner=UserFactory(wall_visibility="followers"))

    assert keeping.paint_changed_walls() == 1
    assert keeping.paint_changed_walls() == 1
    (message,) = Message.objects.filter(queue="media")
    assert message.kwargs == {"kind": "wall", "pk": entry.owner_id, "language": "ja", "arrangement": "release-jp"}
    assert message.available_at > timezone.now() + datetime.timedelta(seconds=20)

    paint_what_was_asked_for()
    assert keeping.paint_changed_walls() == 0
    change_entry(entry=entry, changes={"score": 10})
    assert keeping.paint_changed_walls() == 1


def test_pictures_of_long_ago_are_forgotten(entry: Entry) -> None:
    jobs.paint_picture("film", entry.film_id, "ja", "")
    (name,) = files()
    Picture.objects.update(painted_at=timezone.now() - keeping.KEPT_FOR)

    keeping.forget_old()

    assert files() == []
    assert not default_storage.exists(name)


def away(*_: object, **__: object) -> None:
    raise EndpointConnectionError(endpoint_url="s3")


def test_a_storage_that_is_away_costs_no_page(client: Client, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(WALL)
    paint_what_was_asked_for()
    with monkeypatch.context() as without_storage:
        without_storage.setattr("storages.backends.s3.S3Storage.open", away)
        without_storage.setattr("storages.backends.s3.S3Storage.delete", away)

        answer = client.get(WALL)
        change_person(person=entry.owner, changes={"wall_visibility": "private"})
        keeping.look_over_pictures()

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"site"')
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert Picture.objects.count() == 1, "the row still leads to the file, for the next look"


@pytest.mark.parametrize("content", [png_of(12_000, 12_000), b"no picture"])
def test_a_poster_that_is_a_bomb_or_broken_is_drawn_instead(
    entry: Entry, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry.film.poster_path = "/a.jpg"
    entry.film.save()
    monkeypatch.setattr(fetching, "_received", lambda address, deadline: content)

    assert jobs.paint_picture("film", entry.film_id, "ja", "") is True


@pytest.mark.parametrize("title", ["괴물", "لورنس العرب", "\u202e\x0b花", "🌸", "あ" * 500])
def test_titles_in_any_script_are_painted(title: str) -> None:
    film = FilmFactory(original_title=title)

    assert jobs.paint_picture("film", film.pk, "ja", "") is True


def test_what_is_gone_or_merged_has_no_picture(client: Client, entry: Entry) -> None:
    merged = FilmFactory(merged_into=entry.film)

    for pk in (merged.pk, 999_999):
        assert client.get(f"/films/{pk}/og.png").status_code == 404
        assert jobs.paint_picture("film", pk, "ja", "") is False


def test_a_page_names_its_picture_its_address_and_what_others_ask_for(client: Client, entry: Entry) -> None:
    page = client.get("/@hanako/?order=score").content.decode()
    film = client.get(f"/en{entry.film.get_absolute_url()}").content.decode()

    owner = User.objects.get(pk=entry.owner_id)
    assert f'content="http://testserver/@hanako/og.png?order=score&amp;v={owner.public_revision}"' in page
    assert '<meta property="og:title" content="花子' in page
    assert 'type="application/rss+xml"' in page
    assert "http://testserver/@hanako/rss/" in page
    assert 'type="application/json+oembed"' in page
    assert f"/en/films/{entry.film_id}/og.png?v=" in film
    assert '<meta property="og:title" content="Seven Samurai (1954)">' in film


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_a_wall_that_is_not_for_everybody_tells_nothing(entry: Entry, visibility: str) -> None:
    change_person(person=entry.owner, changes={"wall_visibility": visibility})
    own = Client()
    own.force_login(entry.owner)

    to_its_owner = own.get("/@hanako/").content.decode()
    to_a_visitor = Client().get("/@hanako/").content.decode()

    for page in (to_its_owner, to_a_visitor):
        assert "og.png" not in page
        assert "/rss/" not in page
    assert "og:" not in to_its_owner
    assert "/static/img/sharing.png" in to_a_visitor
