"""The private calendar, read back as calendars read it."""

import datetime
import io
import logging
from typing import Any

import icalendar
import pytest
from django.conf import settings as django_settings
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone

from accounts.identity.services import leave
from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Wish
from movies.releases import calendars
from movies.releases.addresses import CALENDARS
from movies.releases.models import CalendarFeed
from movies.releases.views import calendars as views
from tests.factories import FilmFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    class Clock:
        moment = datetime.datetime(2026, 11, 25, 3, tzinfo=datetime.UTC)

    monkeypatch.setattr(timezone, "now", lambda: Clock.moment)
    return Clock


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def address(person: User) -> str:
    return path_of(CALENDARS.make(owner=person))


def path_of(feed: CalendarFeed) -> str:
    return CALENDARS.of(feed.owner).removeprefix(django_settings.SITE_URL)


def in_days(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


def opening(days: int, **facts: Any) -> Film:
    return FilmFactory(**{"japan_on": in_days(days), "japan_precision": "day"} | facts)


def events(client: Client, address: str) -> list[icalendar.Event]:
    answer = client.get(address)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def summaries(client: Client, address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(client, address)]


def test_each_film_one_waits_for_is_an_event_of_a_whole_day(client: Client, person: User, address: str) -> None:
    wish = WishFactory(owner=person, film=opening(9, original_title="Ran"))
    WishFactory(film=opening(9))
    WishFactory(owner=person)

    (event,) = events(client, address)

    assert event["DTSTART"].dt == in_days(9)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["URL"] == django_settings.SITE_URL + wish.film.get_absolute_url()
    assert event["UID"] == f"film-{wish.film.pk}-cinema@mymovie"
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == wish.film.changed_at.replace(microsecond=0)


def test_a_calendar_says_what_it_is_and_when_to_ask_again(client: Client, address: str) -> None:
    answer = client.get(address)

    calendar = icalendar.Calendar.from_ical(answer.content)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert calendar["X-WR-CALNAME"] == calendar["NAME"]
    assert calendar["REFRESH-INTERVAL"].dt == datetime.timedelta(hours=6)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in answer.content


def test_digital_releases_stand_in_it_where_one_wants_to_be_told(client: Client, person: User, address: str) -> None:
    both = opening(9, digital_on=in_days(80))
    WishFactory(owner=person, film=both, reminds_of_cinema=False, reminds_of_digital=True)
    WishFactory(owner=person, film=opening(10, digital_on=in_days(90)))
    WishFactory(owner=person, film=FilmFactory(digital_on=in_days(3)), reminds_of_digital=True)

    found = [(event["UID"].partition("@")[0].split("-")[-1], event["DTSTART"].dt) for event in events(client, address)]

    assert sorted(found, key=str) == [
        ("cinema", in_days(9)),
        ("cinema", in_days(10)),
        ("digital", in_days(3)),
        ("digital", in_days(80)),
    ]


def test_what_opened_long_ago_or_is_known_only_roughly_stands_not_in_it(
    client: Client, person: User, address: str
) -> None:
    recent = WishFactory(owner=person, film=opening(-90))
    WishFactory(owner=person, film=opening(-91))
    WishFactory(owner=person, film=FilmFactory(japan_on=datetime.date(2027, 1, 1), japan_precision="year"))
    WishFactory(owner=person, film=opening(-200, digital_on=in_days(-91)), reminds_of_digital=True)

    assert [event["UID"] for event in events(client, address)] == [f"film-{recent.film.pk}-cinema@mymovie"]


def test_a_calendar_has_an_end(client: Client, person: User, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST_FILMS", 2)
    for days in (3, 2, 1):
        WishFactory(owner=person, film=opening(days))

    assert [event["DTSTART"].dt for event in events(client, address)] == [in_days(1), in_days(2)]


def test_it_speaks_its_owners_language_whoever_reads_it(client: Client, person: User, address: str) -> None:
    person.language = "en"
    person.save()
    film = opening(9, title_ja="時の庭", title_en="A Garden of Time", digital_on=in_days(60))
    WishFactory(owner=person, film=film, reminds_of_digital=True)

    found = events(client, address)

    assert [str(event["SUMMARY"]) for event in found] == [
        "“A Garden of Time” opens in Japanese cinemas",
        "“A Garden of Time” comes out digitally in Japan",
    ]
    assert {event["URL"] for event in found} == {f"{django_settings.SITE_URL}/en{film.get_absolute_url()}"}
    person.language = "ja"
    person.save()
    assert all("時の庭" in summary for summary in summaries(client, address))


HOSTILE = [
    "a, b; c \\ d \\n e",
    "x\r\nBEGIN:VALARM\r\nACTION:DISPLAY",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "\u2028line\u2029paragraph\x85next\x0bvertical\x07bell",
    'quote " colon : caret ^n',
    "とても長い題名" * 60,
    "🎬" * 100,
    "e\u0301" * 120,
    "\u202eabc",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_is_written_so_that_it_is_read_again(client: Client, person: User, address: str, title: str) -> None:
    WishFactory(owner=person, film=opening(9, original_title=title))

    body = client.get(address).content

    calendar = icalendar.Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    assert calendars.NOT_A_LETTER.sub(" ", title) in event["SUMMARY"]
    assert not calendar.walk("VALARM")
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two


def test_what_has_a_meaning_of_its_own_is_escaped(client: Client, person: User, address: str) -> None:
    WishFactory(owner=person, film=opening(9, original_title="a,b;c\\d"))

    assert rb"a\,b\;c\\d" in client.get(address).content


def test_a_moved_day_is_the_same_event_that_was_changed(client: Client, person: User, address: str, clock: Any) -> None:
    film = opening(9)
    WishFactory(owner=person, film=film)
    (before,) = events(client, address)
    clock.moment += datetime.timedelta(minutes=5)
    film.japan_on = in_days(16)
    film.save()

    (after,) = events(client, address)

    assert before["UID"] == after["UID"]
    assert (before["DTSTART"].dt, after["DTSTART"].dt) == (in_days(9), in_days(16))
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_a_day_that_is_withdrawn_and_a_film_no_longer_waited_for_leave(
    client: Client, person: User, address: str
) -> None:
    withdrawn, ended = (WishFactory(owner=person, film=opening(9)) for _ in range(2))
    withdrawn.film.japan_on, withdrawn.film.japan_precision = None, ""
    withdrawn.film.save()
    ended.delete()

    assert events(client, address) == []


def test_what_has_not_changed_is_not_sent_again(client: Client, person: User, address: str, clock: Any) -> None:
    wish = WishFactory(owner=person, film=opening(9), reminds_of_digital=False)
    seen = {}

    def changes() -> Any:
        yield "nothing", lambda: None
        clock.moment += datetime.timedelta(minutes=1)
        yield "time passes", lambda: None
        wish.film.japan_on = in_days(10)
        yield "the day moved", wish.film.save
        clock.moment += datetime.timedelta(minutes=1)
        wish.film.title_ja = "新しい題名"
        yield "the title changed", wish.film.save
        yield "another wish", lambda: WishFactory(owner=person, film=opening(9))
        yield "the language", lambda: User.objects.filter(pk=person.pk).update(language="en")
        yield "the wish ended", lambda: Wish.objects.filter(pk=wish.pk).delete()

    etag = client.get(address).headers["ETag"]
    for name, change in changes():
        change()
        answer = client.get(address, headers={"If-None-Match": etag})
        seen[name] = answer.status_code
        assert answer.headers["Cache-Control"] == "private, no-cache"
        etag = answer.headers["ETag"]

    assert seen == {
        "nothing": 304,
        "time passes": 304,
        "the day moved": 200,
        "the title changed": 200,
        "another wish": 200,
        "the language": 200,
        "the wish ended": 200,
    }


def test_nobody_is_looked_up_and_no_cookie_set_for_a_calendar(
    client: Client, person: User, address: str, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        WishFactory(owner=person, film=opening(9))

    with django_assert_num_queries(3):  # the feed with its owner, the limit, the films
        client.get(address)
    assert not client.cookies


def test_an_address_names_nobody(person: User, address: str) -> None:
    assert "hanako" not in address
    assert address.startswith("/calendar/")


def test_what_is_in_a_calendar_names_nobody(client: Client, person: User, address: str) -> None:
    WishFactory(owner=person, film=opening(9))

    assert b"hanako" not in client.get(address).content


def test_a_new_address_ends_the_old_one_at_once(client: Client, person: User, address: str) -> None:
    client.force_login(person)
    client.post("/settings/calendar/make/")
    assert path_of(CalendarFeed.objects.get()) == address, "pressed twice, it is the same"

    client.post("/settings/calendar/renew/")

    new = path_of(CalendarFeed.objects.get())
    assert new != address
    assert [client.get(path).status_code for path in (address, new)] == [404, 200]


def test_what_was_turned_off_does_not_come_back_when_it_is_turned_on(
    client: Client, person: User, address: str
) -> None:
    client.force_login(person)

    client.post("/settings/calendar/end/")
    assert client.get(address).status_code == 404
    client.post("/settings/calendar/make/")

    assert client.get(address).status_code == 404
    assert client.get(path_of(CalendarFeed.objects.get())).status_code == 200


@pytest.mark.parametrize("token", ["x", ".", "a.b", "x" * 200, "WzEsMV0", "../../etc"])
def test_an_address_that_we_never_gave_out_is_not_there(client: Client, address: str, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert client.get(f"{address[:-5]}{'A' if address[-5] != 'A' else 'B'}.ics").status_code == 404


def test_what_was_signed_for_something_else_opens_no_calendar(client: Client, person: User) -> None:
    feed = CALENDARS.make(owner=person)
    other = Signer(salt="something else", sep=".").sign_object([feed.pk, feed.edition])

    assert client.get(f"/calendar/{other}.ics").status_code == 404


def test_who_is_suspended_or_leaving_has_no_calendar(client: Client, person: User, address: str) -> None:
    suspended = UserFactory(is_active=False, suspended_at=timezone.now())
    leave(user=person)

    for path in (address, path_of(CALENDARS.make(owner=suspended))):
        assert client.get(path).status_code == 404


def test_a_calendar_that_asks_without_end_is_told_to_wait(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "READINGS", views.READINGS._replace(most=2))
    other = path_of(CALENDARS.make(owner=UserFactory()))

    answers = [client.get(address) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert client.get(other).status_code == 200


def test_an_address_is_never_written_down(client: Client, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = next(handler for handler in logging.getLogger().handlers if is_ours(handler))
    monkeypatch.setattr(handler, "stream", written)
    monkeypatch.setattr(views, "READINGS", views.READINGS._replace(most=1))
    client.raise_request_exception = False

    client.get(address)
    client.get(address)  # is refused
    monkeypatch.setattr(calendars, "openings_for", lambda *_: 1 / 0)
    monkeypatch.setattr(views, "READINGS", views.READINGS._replace(most=99))
    client.get(address)  # fails
    client.get(f"{address[:-5]}x.ics")  # is no longer there

    said = written.getvalue()
    for words in ("Too Many Requests", "Internal Server Error", "Not Found"):
        assert f"{words}: /calendar/…" in said
    signed, signature = address.removeprefix("/calendar/").removesuffix(".ics").split(".")
    assert signed not in said
    assert signature[:20] not in said


def is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.StreamHandler) and "structlog" in type(handler.formatter).__module__


def test_the_settings_give_the_address_to_its_owner_alone(client: Client, person: User, address: str) -> None:
    client.force_login(person)
    assert f'value="{django_settings.SITE_URL}{address}"' in client.get("/settings/calendar/").content.decode()

    client.force_login(UserFactory())
    assert "/calendar/W" not in client.get("/settings/calendar/").content.decode()
    client.post("/settings/calendar/end/")
    client.post("/settings/calendar/make/")

    assert client.get(address).status_code == 200
    assert Client().get("/settings/calendar/").headers["Location"].startswith("/sign-in/")
