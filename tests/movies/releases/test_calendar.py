"""The calendar of what somebody waits for, read back by another program's reader."""

import datetime
import logging
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import Settings

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Wish
from movies.releases.addresses import address_of
from movies.releases.models import CalendarFeed
from movies.releases.services import end_address, make_address, renew_address
from tests.factories import FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.now().astimezone(datetime.timezone(datetime.timedelta(hours=9))).date()


def days_from_now(number: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=number)


def in_cinemas(number: int, **facts: Any) -> Film:
    return FilmFactory(japan_on=days_from_now(number), japan_precision="day", **facts)


@pytest.fixture
def owner() -> User:
    return UserFactory(handle="hanako")


def path_of(owner: User, settings: Settings) -> str:
    return address_of(make_address(owner=owner)).removeprefix(settings.SITE_URL)


@pytest.fixture
def path(owner: User, settings: Settings) -> str:
    return path_of(owner, settings)


def events(client: Client, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_what_one_waits_for_stands_on_the_day_it_opens(
    client: Client, owner: User, path: str, settings: Settings
) -> None:
    film = in_cinemas(9, title_ja="時の庭")
    WishFactory(owner=owner, film=film)
    WishFactory(film=in_cinemas(10))  # somebody else's

    (event,) = events(client, path)

    assert event.decoded("dtstart") == days_from_now(9)
    assert event["summary"] == "『時の庭』公開"
    assert event["url"] == settings.SITE_URL + film.get_absolute_url()
    assert event["transp"] == "TRANSPARENT"
    assert not client.cookies


def test_it_is_written_in_its_owners_language_whoever_reads_it(client: Client, owner: User, path: str) -> None:
    User.objects.update(language="en")
    WishFactory(owner=owner, film=in_cinemas(9, title_ja="時の庭", title_en="A Garden of Time"))

    answer = client.get(path, headers={"Accept-Language": "ja"})

    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "“A Garden of Time” opens in Japanese cinemas"


@pytest.mark.parametrize(
    ("facts", "wanted", "days"),
    [
        ({"japan_on": 9, "digital_on": 60}, {}, [9]),
        ({"japan_on": 9, "digital_on": 60}, {"reminds_of_digital": True}, [9, 60]),
        ({"digital_on": 60}, {"reminds_of_digital": True}, [60]),
        ({"digital_on": 60}, {}, []),
        ({"japan_on": -89}, {}, [-89]),
        ({"japan_on": -91}, {}, []),
        ({}, {}, []),
    ],
)
def test_both_ways_in_which_a_film_comes_out(
    client: Client, owner: User, path: str, facts: dict[str, int], wanted: dict[str, bool], days: list[int]
) -> None:
    film = FilmFactory(
        **{name: days_from_now(day) for name, day in facts.items()},
        japan_precision="day" if "japan_on" in facts else "",
    )
    WishFactory(owner=owner, film=film, **wanted)

    found = events(client, path)

    assert [event.decoded("dtstart") for event in found] == [days_from_now(day) for day in days]
    assert len({event["uid"] for event in found}) == len(days)


def test_a_month_is_no_day(client: Client, owner: User, path: str) -> None:
    first = days_from_now(40).replace(day=1)
    WishFactory(owner=owner, film=FilmFactory(japan_on=first, japan_precision="month"))

    assert events(client, path) == []


def test_a_day_that_moves_keeps_its_name_and_one_that_is_off_goes(client: Client, owner: User, path: str) -> None:
    film = in_cinemas(9)
    WishFactory(owner=owner, film=film)
    (before,) = events(client, path)

    film.japan_on = days_from_now(16)
    film.save()
    (after,) = events(client, path)
    Film.objects.update(japan_on=None, japan_precision="")

    assert before["uid"] == after["uid"]
    assert after.decoded("dtstart") == days_from_now(16)
    assert after.decoded("last-modified") >= before.decoded("last-modified")
    assert events(client, path) == []


HOSTILE = [
    "長" * 300,
    "a, b; c\\d: \"e\" 'f'",
    "two\r\nEND:VCALENDAR\r\nlines",
    "tab\tbell\x07nel\x85ls\u2028end",
    "🎬" * 60,
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_any_title_is_a_title_and_every_line_is_short(client: Client, owner: User, path: str, title: str) -> None:
    WishFactory(owner=owner, film=in_cinemas(9, title_ja=title))

    answer = client.get(path)

    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    said = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028]+", " ", title)
    assert event["summary"] == f"『{said}』公開"


def test_whoever_reads_it_again_is_told_that_nothing_is_new(client: Client, owner: User, path: str) -> None:
    WishFactory(owner=owner, film=in_cinemas(9))
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    Wish.objects.all().delete()
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert set(first.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_as_many_statements_for_a_hundred_films_as_for_one(
    client: Client, owner: User, path: str, django_assert_num_queries
) -> None:
    WishFactory(owner=owner, film=in_cinemas(9))
    with django_assert_num_queries(3):  # whose it is, the limit, the wishes
        events(client, path)
    for number in range(100):
        WishFactory(owner=owner, film=in_cinemas(number))

    with django_assert_num_queries(3):
        assert len(events(client, path)) == 101


def test_an_address_ends_when_another_is_made_or_none_is_wanted(
    client: Client, owner: User, settings: Settings
) -> None:
    first = path_of(owner, settings)
    assert path_of(owner, settings) == first, "asked twice, the same"

    renew_address(owner=owner)
    second = path_of(owner, settings)
    assert [client.get(path).status_code for path in (first, second)] == [404, 200]

    end_address(owner=owner)
    assert client.get(second).status_code == 404
    third = path_of(owner, settings)
    assert [client.get(path).status_code for path in (first, second, third)] == [404, 404, 200]


@pytest.mark.parametrize("state", [{"suspended_at": timezone.now()}, {"deletion_asked_at": timezone.now()}])
def test_whoever_is_not_there_has_no_calendar(client: Client, path: str, state: dict[str, Any]) -> None:
    User.objects.update(is_active=False, **state)

    assert client.get(path).status_code == 404


def test_nobody_guesses_an_address(client: Client, path: str) -> None:
    forged = [path[:-5] + "x.ics", path.replace("/calendar/", "/calendar/x"), "/calendar/" + "a" * 60 + ".ics"]

    assert {client.get(one).status_code for one in forged} == {404}


def test_an_address_is_in_no_log(client: Client, owner: User, path: str, caplog: pytest.LogCaptureFixture) -> None:
    end_address(owner=owner)
    (ours,) = [handler for handler in logging.getLogger().handlers if handler.name == "stderr"]

    client.get(path)

    written = [ours.format(record) for record in caplog.records]
    assert any("Not Found: /calendar/…" in line for line in written)
    assert path.split("/")[-1] not in "".join(written)


def test_an_address_is_made_shown_renewed_and_ended(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert "/calendar/" not in client.get("/settings/calendar/").content.decode().replace("/settings/calendar/", "")

    client.post("/settings/calendar/make/")
    first = address_of(CalendarFeed.objects.get())
    assert first in client.get("/settings/calendar/").content.decode()

    client.post("/settings/calendar/renew/")
    second = address_of(CalendarFeed.objects.get())
    assert second in client.get("/settings/calendar/").content.decode()

    client.post("/settings/calendar/end/")
    assert first != second
    assert not CalendarFeed.objects.exists()


def test_whoever_reads_all_the_time_is_told_to_wait(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [client.get(path).status_code for _ in range(61)]

    assert answers == [200] * 60 + [429]
