import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import (
    ContactMessageFactory,
    EntryFactory,
    FilmFactory,
    PersonFactory,
    ReportFactory,
    StaffActionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LISTS = [
    "accounts/user",
    "accounts/report",
    "accounts/contactmessage",
    "accounts/staffaction",
    "movies/film",
    "movies/person",
    "movies/entry",
]


def make_rows(count: int) -> None:
    """So many in every list, at least."""
    for owner in UserFactory.create_batch(count):
        film = FilmFactory(merged_into=FilmFactory())
        EntryFactory(owner=owner, film=film)
        ReportFactory(reporter=owner)
        ContactMessageFactory(sender=owner)
        StaffActionFactory()
        PersonFactory()


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
    make_rows(1)

    assert client.get(f"/staff/{path}/").status_code == 200
    assert client.get(f"/staff/{path}/?q=%27%25_%00x").status_code == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("rows", [2, 30])
def test_a_list_costs_the_same_however_long(
    client: Client, staff: User, path: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/staff/")  # the session's CSRF token is written once
    make_rows(rows)

    with django_assert_num_queries(3):  # session with person, count, rows
        client.get(f"/staff/{path}/")


def test_staff_look_at_films_and_those_who_made_them_and_change_nothing(client: Client, staff: User) -> None:
    for row in [FilmFactory(), PersonFactory()]:
        address = f"/staff/movies/{row._meta.model_name}/{row.pk}/change/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"original_title": "X", "name": "X"}).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_added_or_deleted_by_staff(client: Client, staff: User, path: str) -> None:
    make_rows(1)
    row = client.get(f"/staff/{path}/").context["cl"].result_list[0]

    assert client.get(f"/staff/{path}/add/").status_code == 403
    assert client.post(f"/staff/{path}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("path", ["", *(f"{path}/" for path in LISTS), "accounts/user/1/change/"])
def test_the_staff_pages_are_for_staff_only(client: Client, path: str) -> None:
    assert client.get(f"/staff/{path}").status_code == 302

    client.force_login(UserFactory())
    assert client.get(f"/staff/{path}", follow=True).status_code == 403
