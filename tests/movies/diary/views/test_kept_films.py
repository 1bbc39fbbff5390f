"""A film's page as strangers are sent it again: always what a page made for them alone would say."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Visibility
from accounts.moderation import services as moderation
from accounts.people.services import profile
from movies.catalog.models import Credit, ReleaseDate
from movies.diary import film_told, services
from movies.diary.film_told import PEOPLE_ON_A_PAGE, REVIEWS_BESIDE_A_FILM
from tests.factories import CreditFactory, EntryFactory, FilmFactory, GenreFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    """A film of which there is something of everything, and who and what may change its page."""
    director = PersonFactory(name="Ozu")
    film = FilmFactory(original_title="<Film>", title_ja="映画", title_en="Film", digital_on=datetime.date(2000, 1, 1))
    film.genres.add(GenreFactory())
    CreditFactory(film=film, person=director)
    CreditFactory(film=film, job=Credit.Job.CAST, character="& child")
    other = CreditFactory(film__original_title="Other", person=director).film
    ReleaseDate.objects.create(film=film, country="JP", kind=3, released_on=datetime.date(1953, 11, 3))
    hanako = UserFactory(handle="hanako", display_name="<花子>")
    entry = EntryFactory(owner=hanako, film=film, score=70, review="泣いた。", review_audience="public")
    hidden = EntryFactory(film=film, score=1, visibility=Visibility.PRIVATE, memo="x", review="x")
    return SimpleNamespace(
        film=film, director=director, other=other, entry=entry, hidden=hidden, owner=hanako, staff=UserFactory()
    )


def changed_film(**columns: object) -> Callable[[SimpleNamespace], None]:
    def change(world: SimpleNamespace) -> None:
        for name, value in columns.items():
            setattr(world.film, name, value)
        world.film.save()

    return change


def changed_entry(**changes: object) -> Callable[[SimpleNamespace], object]:
    return lambda world: services.change_entry(entry=world.entry, changes=changes)


def changed_person(**changes: object) -> Callable[[SimpleNamespace], object]:
    return lambda world: profile.change_person(person=world.owner, changes=changes)


def renamed(world: SimpleNamespace) -> None:
    world.director.name = "Mizoguchi"
    world.director.save()


def other_renamed(world: SimpleNamespace) -> None:
    world.other.original_title = "Another"
    world.other.save()


CHANGES: dict[str, Callable[[SimpleNamespace], object]] = {
    "an overview": changed_film(overview_ja="筋"),
    "a day": changed_film(japan_on=datetime.date(2000, 1, 1), japan_precision="day"),
    "a poster": changed_film(poster_path="/1.jpg"),
    "how old the facts are": changed_film(facts_fetched_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
    "a name": renamed,
    "a part": lambda world: CreditFactory(film=world.film, job=Credit.Job.CAST, position=2),
    "a genre": lambda world: world.film.genres.add(GenreFactory(id=1, name_ja="喜劇", name_en="Comedy")),
    "a release": lambda world: ReleaseDate.objects.create(
        film=world.film, country="US", kind=3, released_on=datetime.date(1954, 1, 1)
    ),
    "another film's title": other_renamed,
    "another film": lambda world: CreditFactory(person=world.director),
    "a record": lambda world: services.log_film(owner=world.staff, film=world.film, score=10),
    "a score": changed_entry(score=71),
    "no score": changed_entry(score=None),
    "a review": changed_entry(review="笑った。"),
    "a warning": changed_entry(has_spoilers=True),
    "a review for few": changed_entry(review_audience="owner"),
    "a record for few": changed_entry(visibility=Visibility.FOLLOWERS),
    "a record deleted": lambda world: services.delete_entry(entry=world.entry),
    "whose it is": changed_person(display_name="太郎"),
    "what they are called": lambda world: profile.change_handle(person=world.owner, handle="hana"),
    "a wall for nobody": changed_person(wall_visibility=Visibility.PRIVATE),
    "somebody shut out": lambda world: moderation.suspend(actor=world.staff, person=world.owner, reason="spam"),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_next_request_shows_what_has_changed(world, client, prefix, what) -> None:
    address = prefix + world.film.get_absolute_url()
    before = client.get(address)
    assert client.get(address, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304

    CHANGES[what](world)

    after = client.get(address)
    asked_again = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.content == Client().get(address).content
    assert after.content != before.content or (what, prefix) == ("an overview", "/en")
    assert asked_again.status_code == 200


def test_what_nobody_sees_changes_nothing_that_could_be_watched(world, client) -> None:
    address = world.film.get_absolute_url()
    before = client.get(address).headers["ETag"]

    services.change_entry(entry=world.hidden, changes={"score": 2, "memo": "y", "review": "z"})
    services.change_entry(entry=world.entry, changes={"memo": "y"})
    services.log_film(owner=world.owner, film=FilmFactory(), score=1)

    assert client.get(address).headers["ETag"] == before


def test_another_day_is_another_page(world, client, monkeypatch) -> None:
    """What opens today has opened tomorrow."""
    before = client.get(world.film.get_absolute_url()).headers["ETag"]

    monkeypatch.setattr(film_told, "today_in_japan", lambda: datetime.date(2100, 1, 1))

    assert client.get(world.film.get_absolute_url()).headers["ETag"] != before


def test_a_page_that_is_kept_is_not_made_again(world, client, monkeypatch) -> None:
    address = world.film.get_absolute_url()
    made = client.get(address).content
    monkeypatch.setattr("movies.diary.views.films.show", None)

    with CaptureQueriesContext(connection) as asked:
        again = client.get(address)

    assert again.content == made
    assert len(asked) == 5  # the film, others of its director, scores, reviews, who recorded it


def test_what_somebody_sees_is_never_sent_to_another(world, client) -> None:
    address = world.film.get_absolute_url()
    client.force_login(world.hidden.owner)
    own = client.get(address)
    assert "ETag" not in own.headers
    assert own.headers["Cache-Control"] == "private, no-store"

    stranger = Client().get(address)

    assert stranger.content == Client().get(address).content
    assert client.get(address).content != stranger.content


@pytest.mark.parametrize("count", [PEOPLE_ON_A_PAGE, PEOPLE_ON_A_PAGE + 1])
def test_whoever_comes_after_a_full_page_makes_it_go_on(client, count) -> None:
    film = FilmFactory()
    for _ in range(count):
        EntryFactory(film=film, review="x", review_audience="public")

    page = client.get(film.get_absolute_url()).context

    assert bool(page["next"]) is (count > PEOPLE_ON_A_PAGE)
    assert len(page["reviews"]) == REVIEWS_BESIDE_A_FILM
    assert page["next_reviews"]
