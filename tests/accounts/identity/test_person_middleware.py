import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.identity.services import leave, stay
from accounts.models import User
from accounts.moderation.services import lift, suspend
from movies.diary.views import pages
from tests.factories import FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

NIGHT_IN_JAPAN = datetime.datetime(2023, 12, 31, 16, 0, tzinfo=datetime.UTC)
SUSPENDED = "このアカウントは停止中です"


@pytest.fixture
def person(client):
    person = UserFactory(time_zone="America/Los_Angeles")
    client.force_login(person)
    return person


@pytest.fixture
def staff():
    return UserFactory(is_staff=True)


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("Asia/Tokyo", datetime.date(2024, 1, 1)),
        ("Pacific/Kiritimati", datetime.date(2024, 1, 1)),
        ("UTC", datetime.date(2023, 12, 31)),
        ("America/Los_Angeles", datetime.date(2023, 12, 31)),
    ],
)
def test_today_is_that_of_whoever_records(client, person, monkeypatch, zone, today):
    User.objects.update(time_zone=zone)
    sent = {"score": "", "watched": "today", "visibility": "public", "submission": "9" * 32}
    film = FilmFactory()
    monkeypatch.setattr(timezone, "now", lambda: NIGHT_IN_JAPAN)

    client.post(f"/films/{film.pk}/record/", sent)

    assert person.entries.get().watched_on == today


def test_one_persons_days_are_not_the_next_ones(client, person, settings):
    client.get("/about/")

    assert timezone.get_current_timezone_name() == settings.TIME_ZONE


def test_not_even_where_a_page_fails(client, person, settings, monkeypatch):
    zones = []

    def fail(*args, **kwargs):
        zones.append(timezone.get_current_timezone_name())
        raise ZeroDivisionError

    monkeypatch.setattr(pages, "render", fail)
    client.raise_request_exception = False

    assert client.get("/about/").status_code == 500
    assert zones == ["America/Los_Angeles"]
    assert timezone.get_current_timezone_name() == settings.TIME_ZONE


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_suspended_is_told_so_once_whatever_they_do(client, person, staff, method):
    suspend(actor=staff, person=person, reason="Threats")

    answer = getattr(client, method)("/settings/profile/", {"display_name": "New"})

    assert answer.status_code == 403
    assert SUSPENDED in answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not is_signed_in(client)
    assert client.get("/about/").status_code == 200
    assert User.objects.get(pk=person.pk).display_name != "New"


def test_each_of_their_browsers_tells_them(client, person, staff):
    elsewhere = Client()
    elsewhere.force_login(person)
    suspend(actor=staff, person=person, reason="Threats")

    for browser in (client, elsewhere):
        assert SUSPENDED in browser.get("/about/").content.decode()


@pytest.mark.parametrize("path", ["/en/about/", "/en/settings/profile/"])
def test_they_are_told_in_the_language_of_the_page(client, person, staff, path):
    suspend(actor=staff, person=person, reason="Threats")

    assert "This account is suspended" in client.get(path).content.decode()


def test_who_leaves_is_a_visitor_in_all_their_browsers(client, person):
    leave(user=person)

    answer = client.get("/about/")

    assert (answer.status_code, answer.context["user"].is_authenticated) == (200, False)
    assert not is_signed_in(client)


def test_who_leaves_and_is_suspended_is_told_of_that(client, person, staff):
    leave(user=person)
    suspend(actor=staff, person=person, reason="Threats")

    assert SUSPENDED in client.get("/about/").content.decode()


@pytest.mark.parametrize("has_come", [True, False])
@pytest.mark.parametrize("way", ["suspended", "leaving"])
def test_no_session_that_was_ended_comes_back_with_the_person(client, person, staff, way, has_come):
    """Whether its browser came by in the meantime or not."""
    if way == "suspended":
        suspend(actor=staff, person=person, reason="Threats")
    else:
        leave(user=person)
    if has_come:
        client.get("/about/")

    if way == "suspended":
        lift(actor=staff, person=person, reason="A mistake")
    else:
        stay(user=person)

    assert client.get("/settings/profile/").url == "/sign-in/?next=/settings/profile/"


def test_the_session_of_a_row_that_is_gone_is_a_visitors(client, person):
    User.objects.filter(pk=person.pk).delete()

    assert client.get("/about/").status_code == 200
    assert not is_signed_in(client)


def test_anothers_session_goes_on(client, person, staff):
    suspend(actor=staff, person=UserFactory(), reason="Threats")

    assert client.get("/settings/profile/").status_code == 200


def test_a_visitor_is_looked_up_nowhere(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/goodbye/").status_code == 200
    assert not client.cookies
