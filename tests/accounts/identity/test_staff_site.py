import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.admin import PersonForm
from accounts.models import User, Visibility
from movies.catalog.titles import search_text_of
from tests.factories import EntryFactory, FilmFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db

LISTS = ["accounts/user", "movies/film", "movies/person", "movies/entry"]


@pytest.fixture
def staff(client: Client) -> User:
    user = UserFactory(is_staff=True, handle="helper")
    client.force_login(user)
    return user


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/staff/movies/film/", follow=True)

    hops = [address for address, _status in answer.redirect_chain]
    assert hops[0] == "/staff/login/?next=/staff/movies/film/"
    assert hops[1] == "/sign-in/?next=/staff/movies/film/"
    assert hops[2].startswith(settings.OIDC_DOMAIN)


def test_one_who_is_not_staff_is_refused_without_a_loop(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/staff/", follow=True).status_code == 403


def test_staff_who_are_signed_in_have_nothing_to_sign_in_to(client: Client, staff: User) -> None:
    assert client.get("/staff/login/").headers["Location"] == "/staff/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_password_to_give_or_change(client: Client, staff: User, method: str) -> None:
    assert "password" not in client.get("/staff/").content.decode()
    assert getattr(client, method)("/staff/password_change/").status_code == 404


def test_a_password_opens_nothing(client: Client) -> None:
    UserFactory(is_staff=True, handle="helper")

    client.post("/staff/login/", {"username": "helper", "password": ""})

    assert "_auth_user_id" not in client.session


def test_signing_out_of_the_staff_pages_ends_the_providers_session_too(client: Client, staff: User) -> None:
    answer = client.post("/staff/logout/")

    assert answer.headers["Location"].startswith(f"{settings.OIDC_DOMAIN}/logout?")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", LISTS)
def test_every_list_opens_and_searches(client: Client, staff: User, path: str) -> None:
    EntryFactory()
    PersonFactory()

    assert client.get(f"/staff/{path}/").status_code == 200
    assert client.get(f"/staff/{path}/?q=%27%25_%00x").status_code == 200


@pytest.mark.parametrize("query", ["アメリ", "amelie", "tt0211915", "Q484048"])
def test_a_film_is_found_by_title_and_by_id(client: Client, staff: User, query: str) -> None:
    titles = {"original_title": "Amélie", "search_text": search_text_of("Amélie", "アメリ")}
    film = FilmFactory(imdb_id="tt0211915", wikidata_id="Q484048", **titles)
    FilmFactory()

    listed = client.get("/staff/movies/film/", {"q": query}).context["cl"].result_list

    assert list(listed) == [film]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("rows", [2, 30])
def test_a_list_costs_the_same_however_long(
    client: Client, staff: User, path: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/staff/")  # the session's CSRF token is written once
    EntryFactory.create_batch(rows)
    PersonFactory.create_batch(rows)

    with django_assert_num_queries(4):  # session, person, count, rows
        client.get(f"/staff/{path}/")


def test_renaming_touches_nothing_but_the_name_and_the_copies_of_the_wall(client: Client, staff: User) -> None:
    person = UserFactory(display_name="Rude", wall_revision=7)

    answer = client.post(
        f"/staff/accounts/user/{person.pk}/change/",
        {"display_name": "Renamed", "wall_visibility": Visibility.PUBLIC, "is_active": "on", "is_staff": "on"},
    )

    assert answer.status_code == 302
    before = {"handle": person.handle, "subject": person.subject, "is_staff": False}
    assert User.objects.filter(pk=person.pk, display_name="Renamed", wall_revision=8, **before).exists()


def test_renaming_does_not_undo_what_happened_meanwhile(
    client: Client, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = UserFactory(display_name="Rude", wall_revision=7)
    monkeypatch.setattr(PersonForm, "clean", lambda form: User.objects.raise_wall_revision([person.pk], is_public=True))

    client.post(
        f"/staff/accounts/user/{person.pk}/change/",
        {"display_name": "Renamed", "wall_visibility": Visibility.PUBLIC, "is_active": "on"},
    )

    person.refresh_from_db()
    assert (person.display_name, person.wall_revision) == ("Renamed", 9)


def test_staff_cannot_give_a_name_that_turns_the_line(client: Client, staff: User) -> None:
    person = UserFactory(display_name="Good")

    client.post(
        f"/staff/accounts/user/{person.pk}/change/",
        {"display_name": "\u202eBad", "wall_visibility": Visibility.PUBLIC, "is_active": "on"},
    )

    person.refresh_from_db()
    assert person.display_name == "Good"


def test_shutting_somebody_out_ends_their_session(client: Client, staff: User) -> None:
    theirs = Client()
    person = UserFactory()
    theirs.force_login(person)

    client.post(
        f"/staff/accounts/user/{person.pk}/change/",
        {"display_name": person.display_name, "wall_visibility": Visibility.PUBLIC},
    )

    assert theirs.get("/sign-in/").headers["Location"].startswith(settings.OIDC_DOMAIN)


def test_staff_look_at_films_and_entries_and_change_nothing(client: Client, staff: User) -> None:
    film = FilmFactory(original_title="As it was")
    entry = EntryFactory(film=film, score=50, recorded_at=timezone.now())

    for path in [f"movies/film/{film.pk}", f"movies/entry/{entry.pk}"]:
        assert client.get(f"/staff/{path}/change/").status_code == 200
        assert client.post(f"/staff/{path}/change/", {"original_title": "X", "score": 1}).status_code == 403
        assert client.post(f"/staff/{path}/delete/", {"post": "yes"}).status_code == 403


def test_nobody_is_added_or_deleted_by_staff(client: Client, staff: User) -> None:
    person = UserFactory()

    assert client.get("/staff/accounts/user/add/").status_code == 403
    assert client.post(f"/staff/accounts/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.parametrize("path", ["", *(f"{path}/" for path in LISTS), "accounts/user/1/change/"])
def test_the_staff_pages_are_for_staff_only(client: Client, path: str) -> None:
    assert client.get(f"/staff/{path}").status_code == 302

    client.force_login(UserFactory())
    assert client.get(f"/staff/{path}", follow=True).status_code == 403
