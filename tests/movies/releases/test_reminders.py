"""Who waits for a film is told when it opens, once, on their own morning of that very day of Japan's."""

import datetime
import threading
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.mail.models import Mailbox, Notice, State
from accounts.mail.services import turn_off
from movies.catalog.models import Film
from movies.diary.merging import merge_films
from movies.diary.models import Wish
from movies.releases import jobs
from movies.releases.planning import plan_reminders
from movies.releases.reminders import moment_on, next_waking_moment
from mymovie.outbox.models import Message
from tests.factories import FilmFactory, MailboxFactory, UserFactory, WishFactory

pytestmark = pytest.mark.django_db

OPENS_ON = datetime.date(2026, 12, 4)
JAPAN = ZoneInfo("Asia/Tokyo")
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _letters_are_kept(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAIL_PER_SECOND = 10_000


class MovedClock:
    def __init__(self) -> None:
        self.moment = timezone.now()

    def now(self) -> datetime.datetime:
        return self.moment

    def to(self, written: str, zone: str = "Asia/Tokyo") -> None:
        self.moment = datetime.datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(datetime.UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    clock = MovedClock()
    monkeypatch.setattr(timezone, "now", clock.now)
    clock.to("2026-11-25T12:00")
    return clock


def film(**facts: Any) -> Film:
    return FilmFactory(title_ja="時の庭", title_en="A Garden of Time", **facts)


def wish(film: Film, *, zone: str = "Asia/Tokyo", language: str = "ja", **wanted: Any) -> Wish:
    mailbox = MailboxFactory(user__time_zone=zone, user__language=language)
    known = {"known_cinema_on": film.japan_on, "known_digital_on": film.digital_on}
    return WishFactory(owner=mailbox.user, film=film, **known | wanted)


def send_what_waits() -> list[str]:
    """What the relay and a worker do, until nothing is due; says what was written."""
    while due := list(Message.objects.due(timezone.now()).order_by("available_at", "pk")):
        for message in due:
            message.delete()
            jobs.send_reminder(**message.kwargs)
    subjects = [letter.subject for letter in mail.outbox]
    mail.outbox.clear()
    return subjects


def plan_and_send() -> list[str]:
    plan_reminders()
    return send_what_waits()


def in_cinemas(day: datetime.date = OPENS_ON) -> dict[str, Any]:
    return {"japan_on": day, "japan_precision": "day"}


def test_on_the_day_it_opens_its_wishers_are_told_once(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))

    told = {}
    for written in ("2026-12-03T23:59", "2026-12-04T00:00", "2026-12-04T07:59", "2026-12-04T08:00", "2026-12-04T08:10"):
        clock.to(written)
        told[written] = plan_and_send()

    assert told == {
        "2026-12-03T23:59": [],
        "2026-12-04T00:00": [],
        "2026-12-04T07:59": [],
        "2026-12-04T08:00": ["『時の庭』が今日公開されます"],
        "2026-12-04T08:10": [],
    }


@pytest.mark.parametrize(
    ("wanted", "told_on"),
    [
        ({}, {"12-04": "opens in cinemas in Japan today"}),
        (
            {"reminds_of_digital": True},
            {"12-04": "opens in cinemas in Japan today", "12-25": "comes out digitally in Japan today"},
        ),
        ({"reminds_of_cinema": False, "reminds_of_digital": True}, {"12-25": "comes out digitally in Japan today"}),
        (
            {"reminds_a_week_before": True},
            {"11-27": "opens in cinemas in Japan in a week", "12-04": "opens in cinemas in Japan today"},
        ),
        ({"reminds_of_cinema": False}, {}),
        ({"reminds_of_cinema": False, "reminds_a_week_before": True}, {}),
    ],
)
def test_they_are_told_of_what_they_asked_for(
    clock: MovedClock, wanted: dict[str, bool], told_on: dict[str, str]
) -> None:
    wish(film(**in_cinemas(), digital_on=datetime.date(2026, 12, 25)), language="en", **wanted)

    told = {}
    for _day in range(35):
        clock.moment += datetime.timedelta(days=1)
        if subjects := plan_and_send():
            told[f"{clock.moment:%m-%d}"] = subjects

    assert told == {day: [f"“A Garden of Time” {said}"] for day, said in told_on.items()}


@pytest.mark.parametrize(
    ("zone", "there"),
    [
        ("Asia/Tokyo", "2026-12-04 08:00"),
        ("Pacific/Kiritimati", "2026-12-04 08:00"),  # 14 hours before UTC, 5 before Japan
        ("Pacific/Auckland", "2026-12-04 08:00"),
        ("Europe/Berlin", "2026-12-04 08:00"),
        ("America/New_York", "2026-12-04 08:00"),
        ("America/Los_Angeles", "2026-12-04 06:00"),  # eight there is past midnight in Japan
        ("Pacific/Honolulu", "2026-12-04 04:00"),
        ("Pacific/Pago_Pago", "2026-12-04 03:00"),
    ],
)
def test_everybody_is_told_in_their_own_morning_and_within_the_day_of_japan(zone: str, there: str) -> None:
    moment = moment_on(OPENS_ON, zone)

    assert f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == there
    assert moment.astimezone(JAPAN).date() == OPENS_ON


@pytest.mark.parametrize(
    ("zone", "at", "then"),
    [
        ("Asia/Tokyo", "2026-11-25T07:59", "2026-11-25 08:00"),
        ("Asia/Tokyo", "2026-11-25T12:34", "2026-11-25 12:34"),
        ("Asia/Tokyo", "2026-11-25T21:00", "2026-11-26 08:00"),
        ("America/New_York", "2026-11-25T12:00", "2026-11-25 22:00"),  # 22:00 of the day before, there
    ],
)
def test_nobody_is_written_to_at_night_of_a_day_that_has_moved(zone: str, at: str, then: str) -> None:
    now = datetime.datetime.fromisoformat(at).replace(tzinfo=JAPAN)

    assert f"{next_waking_moment(now, zone).astimezone(JAPAN):%Y-%m-%d %H:%M}" == then


def test_what_is_late_is_not_sent_after_midnight_in_japan(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    clock.to("2026-12-04T23:59")
    plan_reminders()

    clock.to("2026-12-05T00:00")

    assert send_what_waits() == []
    assert Notice.objects.get().state == State.DROPPED


def test_who_wishes_for_a_film_on_the_day_it_opens_has_seen_that(clock: MovedClock) -> None:
    clock.to("2026-12-04T14:00")
    wish(film(**in_cinemas()))
    clock.to("2026-12-04T14:10")

    assert plan_and_send() == []


def test_a_day_of_which_only_the_month_is_known_reminds_nobody(clock: MovedClock) -> None:
    wish(film(japan_on=datetime.date(2026, 12, 1), japan_precision="month"), known_cinema_on=None)
    clock.to("2026-12-01T10:00")

    assert plan_and_send() == []


CHANGES = {
    "moved": ("2026-12-04", "2026-12-11", ["『時の庭』の公開日が2026年12月11日（金）に変わりました"]),
    "brought forward": ("2026-12-04", "2026-12-01", ["『時の庭』の公開日が2026年12月1日（火）に変わりました"]),
    "known": (None, "2026-12-04", ["『時の庭』の公開日が2026年12月4日（金）に決まりました"]),
    "withdrawn": ("2026-12-04", None, ["『時の庭』の公開日が未定になりました"]),
    "opened long ago": (None, "2001-07-20", []),
    "corrected": ("2001-07-20", "2001-07-21", []),
    "forgotten": ("2001-07-20", None, []),
    "not at all": ("2026-12-04", "2026-12-04", []),
}


def day(written: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(written) if written else None


@pytest.mark.parametrize(("was", "becomes", "told"), CHANGES.values(), ids=CHANGES)
def test_when_the_day_moves_they_are_told_once(
    clock: MovedClock, was: str | None, becomes: str | None, told: list[str]
) -> None:
    waited_for = film(**in_cinemas(day(was)) if was else {})
    wish(waited_for)
    assert plan_and_send() == []

    Film.objects.update(japan_on=day(becomes), japan_precision="day" if becomes else "")

    assert [plan_and_send(), plan_and_send()] == [told, []]


def test_a_day_that_moves_twice_is_told_twice_and_then_the_opening(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    told = []
    for moved_to in ("2026-12-11", "2026-12-18"):
        Film.objects.update(japan_on=day(moved_to))
        told += plan_and_send()
    clock.to("2026-12-04T09:00")
    told += plan_and_send()
    clock.to("2026-12-18T09:00")
    told += plan_and_send()

    assert told == [
        "『時の庭』の公開日が2026年12月11日（金）に変わりました",
        "『時の庭』の公開日が2026年12月18日（金）に変わりました",
        "『時の庭』が今日公開されます",
    ]


def test_a_day_that_moves_to_and_fro_is_told_as_it_is_in_the_end(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    told = []
    for moved_to in ("2026-12-11", "2026-12-04", "2026-12-11"):
        clock.moment += datetime.timedelta(minutes=10)
        Film.objects.update(japan_on=day(moved_to))
        told += plan_and_send()

    assert [subject.partition("が")[2] for subject in told] == [
        "2026年12月11日（金）に変わりました",
        "2026年12月4日（金）に変わりました",
        "2026年12月11日（金）に変わりました",
    ]


def test_nobody_is_told_of_a_day_that_is_past(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    Film.objects.update(japan_on=day("2026-11-20"))

    assert plan_and_send() == []


def test_what_moves_to_today_is_told_as_its_opening_alone(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    clock.to("2026-12-02T12:00")
    Film.objects.update(japan_on=day("2026-12-02"))

    assert plan_and_send() == ["『時の庭』が今日公開されます"]


def test_a_change_at_night_is_told_in_the_morning_if_it_still_holds(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    clock.to("2026-11-25T23:00")
    Film.objects.update(japan_on=day("2026-12-11"))
    assert plan_and_send() == []
    Film.objects.update(japan_on=day("2026-12-18"))
    assert plan_and_send() == []

    clock.to("2026-11-26T08:01")

    assert send_what_waits() == ["『時の庭』の公開日が2026年12月18日（金）に変わりました"]


def night_of_changes(clock: MovedClock, *days: str) -> None:
    clock.to("2026-11-25T23:00")
    for moved_to in days:
        clock.moment += datetime.timedelta(minutes=10)
        Film.objects.update(japan_on=day(moved_to))
        plan_reminders()


def test_the_former_day_is_the_one_that_they_were_told(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    night_of_changes(clock, "2026-12-11", "2026-12-18", "2026-12-11")
    clock.to("2026-11-26T08:01")
    for message in Message.objects.all():
        jobs.send_reminder(**message.kwargs)

    (letter,) = mail.outbox
    assert "12月11日（金）に変わりました" in letter.subject
    assert "これまでは2026年12月4日（金）" in letter.body


def test_what_has_moved_and_come_back_in_the_night_is_no_news(clock: MovedClock) -> None:
    wish(film(**in_cinemas()))
    night_of_changes(clock, "2026-12-11", "2026-12-04")
    clock.to("2026-11-26T08:01")

    assert send_what_waits() == []


def test_a_film_that_is_merged_on_the_day_it_opens_is_told_once(clock: MovedClock) -> None:
    one, other = film(**in_cinemas()), film(**in_cinemas())
    wish(one)
    clock.to("2026-12-04T08:00")
    told = plan_and_send()

    merge_films(actor=UserFactory(is_staff=True), film=one, into=other, reason="One film")

    clock.to("2026-12-04T12:00")
    assert told + plan_and_send() == ["『時の庭』が今日公開されます"]


@pytest.mark.parametrize(("wanted", "moved_to"), [({}, "2026-12-04"), ({"reminds_a_week_before": True}, "2026-12-11")])
def test_who_wished_today_is_told_of_a_move_that_no_reminder_tells(
    clock: MovedClock, wanted: dict[str, bool], moved_to: str
) -> None:
    clock.to("2026-12-04T10:00")
    wish(film(**in_cinemas(datetime.date(2026, 12, 25))), **wanted)
    clock.to("2026-12-04T14:00")
    Film.objects.update(japan_on=day(moved_to))

    (said,) = plan_and_send()

    assert "公開日が2026年12月" in said


def test_of_a_change_that_they_did_not_ask_about_nobody_is_told_later(clock: MovedClock) -> None:
    quiet = wish(film(**in_cinemas()), reminds_of_cinema=False)
    Film.objects.update(japan_on=day("2026-12-11"))
    assert plan_and_send() == []

    Wish.objects.update(reminds_of_cinema=True)

    assert plan_and_send() == []
    quiet.refresh_from_db()
    assert quiet.known_cinema_on == day("2026-12-11")


NO_LONGER = {
    "no longer wished for": lambda wish: wish.delete(),
    "reminder turned off": lambda wish: Wish.objects.update(reminds_of_cinema=False),
    "day moved": lambda wish: Film.objects.update(japan_on=day("2026-12-11")),
    "unsubscribed": lambda wish: turn_off(user_pk=wish.owner_id, kind="reminder"),
    "mail came back": lambda wish: Mailbox.objects.update(bounced_at=timezone.now()),
    "complained": lambda wish: Mailbox.objects.update(complained_at=timezone.now()),
    "no address": lambda wish: Mailbox.objects.update(address=""),
    "suspended": lambda wish: type(wish.owner).objects.update(is_active=False, suspended_at=timezone.now()),
    "account gone": lambda wish: wish.owner.delete(),
}


@pytest.mark.parametrize("change", NO_LONGER.values(), ids=NO_LONGER)
@pytest.mark.parametrize("is_queued", [True, False], ids=["queued", "not queued"])
def test_what_is_no_longer_so_is_not_sent_even_when_it_is_queued(clock: MovedClock, change, is_queued: bool) -> None:
    wished = wish(film(**in_cinemas()))
    clock.to("2026-12-04T08:00")
    if is_queued:
        plan_reminders()

    change(wished)

    assert send_what_waits() == []
    assert "『時の庭』が今日公開されます" not in plan_and_send()


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_plan_each_reminder_once(clock: MovedClock) -> None:
    waited_for = film(**in_cinemas())
    for _ in range(30):
        wish(waited_for)
    Film.objects.update(japan_on=day("2026-12-03"))
    clock.to("2026-12-03T09:00")

    def plan() -> None:
        try:
            plan_reminders()
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Notice.objects.count() == Message.objects.count() == 30


def test_the_letter_says_it_all_in_both_forms(clock: MovedClock) -> None:
    waited_for = film(**in_cinemas())
    wished = wish(waited_for)
    clock.to("2026-12-04T08:00")
    plan_reminders()
    (message,) = Message.objects.all()

    jobs.send_reminder(**message.kwargs)

    (letter,) = mail.outbox
    html = letter.alternatives[0][0]
    for text in (letter.body, html):
        assert f"/films/{waited_for.pk}-" in text
        assert f"/films/{waited_for.pk}/record/" in text
        assert "/unsubscribe/" in text
    assert letter.to == [wished.owner.mailbox.address]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_hostile_title_stays_a_title(clock: MovedClock) -> None:
    named = FilmFactory(title_ja="<b>x</b>\r\nBcc: evil@example.com", **in_cinemas())
    wish(named)
    clock.to("2026-12-04T08:00")
    plan_reminders()
    (message,) = Message.objects.all()

    jobs.send_reminder(**message.kwargs)

    (letter,) = mail.outbox
    assert "<b>x</b>" not in letter.alternatives[0][0]
    assert "\n" not in letter.subject
    assert letter.bcc == []
