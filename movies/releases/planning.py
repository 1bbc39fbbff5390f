"""Who is to be reminded of what, now. Planned anew every few minutes: each reminder is written once, whoever plans and how
often, and people are written to when their own morning has come."""

import datetime
import time
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts.mail.models import Kind, Mailbox, Notice, State
from accounts.mail.services import NewNotice, notify_all
from movies.catalog.dates import JAPAN
from movies.catalog.models import Precision
from movies.diary.models import Wish
from movies.releases import tasks
from movies.releases.reminders import WEEK, Channel, Event, end_of, moment_on, next_waking_moment

Row = dict[str, Any]  # the columns of a wish that are needed, and what is said of them
AT_ONCE = 2000  # wishes
PLANS_FOR = 40.0  # seconds; what is left then is for the next time


def plan_reminders() -> int:
    """Write the reminders that are due, and say how many."""
    now = timezone.now()
    stop_at = time.monotonic() + PLANS_FOR
    written = 0
    for planned in _batches(now):
        written += planned
        if time.monotonic() > stop_at:
            break
    return written


def _batches(now: datetime.datetime) -> Iterator[int]:
    today = now.astimezone(JAPAN).date()
    moments = {zone: moment_on(today, zone) for zone in zoneinfo.available_timezones()}
    due = {zone: moment for zone, moment in moments.items() if moment <= now}
    for channel in Channel:
        yield from _plan_changes(channel, now)
        yield from _plan_openings(channel, Event.OPENS, today, not_after=end_of(today), due=due)
        yield from _plan_openings(channel, Event.SOON, today + WEEK, not_after=end_of(today), due=due)


def _plan_openings(
    channel: Channel,
    event: Event,
    opens_on: datetime.date,
    *,
    not_after: datetime.datetime,
    due: dict[str, datetime.datetime],
) -> Iterator[int]:
    """Of all films that open on that day, for those whose morning it is: `due` says since when, for each time zone."""
    key = f"{event} {{}} {channel} {opens_on}"
    before, after = key.split("{}")
    key_of_wish = Concat(Value(before), Cast("pk", CharField()), Value(after))
    wishes = Wish.objects.annotate(key=key_of_wish).filter(
        _opens_on(channel, opens_on),
        _reached(channel),
        ~Exists(Notice.objects.filter(recipient=OuterRef("owner"), key=OuterRef("key"))),
        owner__time_zone__in=list(due),
    )
    if event == Event.SOON:
        wishes = wishes.filter(reminds_a_week_before=True)
    for some in _in_batches(wishes.values("pk", "owner_id", "film_id", "wished_at", "key", zone=F("owner__time_zone"))):
        yield notify_all(
            task=tasks.send_reminder,
            notices=[
                NewNotice(
                    recipient_id=wish["owner_id"],
                    kind=Kind.REMINDER,
                    key=wish["key"],
                    about=_about(event, wish, channel, opens_on),
                    not_after=not_after,
                )
                for wish in some
                if wish["wished_at"] < due[wish["zone"]]  # else they have seen the day when they wished
            ],
        )


def _in_batches(wishes: "QuerySet[Wish, Any]") -> Iterator[list[Row]]:
    after = 0
    while some := list(wishes.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        yield some
        after = some[-1]["pk"]


def _plan_changes(channel: Channel, now: datetime.datetime) -> Iterator[int]:
    """Where a film opens on another day than its wishers know."""
    is_other = (
        ~Q(day=F(channel.known)) & Q(day__isnull=False, **{f"{channel.known}__isnull": False})
        | Q(day=None, **{f"{channel.known}__isnull": False})
        | Q(day__isnull=False, **{channel.known: None})
    )
    others = Wish.objects.annotate(
        day=_day(channel), is_reached=Case(When(_reached(channel), then=True), default=False)
    )
    others = others.filter(is_other).order_by("pk")
    columns = ("pk", "owner_id", "film_id", "day", "is_reached", "reminds_a_week_before", "wished_at")
    others = others.values(*columns, known=F(channel.known), zone=F("owner__time_zone"))
    while True:
        with transaction.atomic():
            some = list(others.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
            if not some:
                return
            _note_known(some, channel)
            waiting = _overtaken(some, channel)
            told = [_as_told(wish, waiting) for wish in some if wish["is_reached"]]
            notices = [_change(wish, channel, now) for wish in told if _matters(wish, now)]
            written = notify_all(task=tasks.send_reminder, notices=notices)
        yield written


def _overtaken(wishes: list[Row], channel: Channel) -> dict[int, datetime.date | None]:
    """Changes that are still to be told of these wishes are told no more; says for each wish the day from before them."""
    waiting = Notice.objects.waiting().filter(
        recipient__in={wish["owner_id"] for wish in wishes},
        kind=Kind.REMINDER,
        about__channel=channel,
        about__event__in=[Event.DATED, Event.MOVED, Event.WITHDRAWN],
        about__wish__in=[wish["pk"] for wish in wishes],
    )
    days: dict[int, datetime.date | None] = {}
    overtaken = list(waiting.select_for_update(no_key=True).order_by("pk").values_list("pk", "about"))
    for _pk, about in overtaken:
        days.setdefault(about["wish"], about["was"] and datetime.date.fromisoformat(about["was"]))
    Notice.objects.filter(pk__in=[pk for pk, _about in overtaken]).update(state=State.DROPPED, why="overtaken")
    return days


def _as_told(wish: Row, waiting: dict[int, datetime.date | None]) -> Row:
    """A change that is overtaken before it was told leaves its owner with the day from before both."""
    return wish | {"known": waiting.get(wish["pk"], wish["known"])}


def _note_known(wishes: list[Row], channel: Channel) -> None:
    by_day = defaultdict(list)
    for wish in wishes:
        by_day[wish["day"]].append(wish["pk"])
    for day, pks in by_day.items():
        Wish.objects.filter(pk__in=pks).update(**{channel.known: day})


def _matters(wish: Row, now: datetime.datetime) -> bool:
    """What has opened long ago may be corrected without a word; and what opens today, or in a week, has its reminder."""
    today = now.astimezone(JAPAN).date()
    days = [day for day in (wish["day"], wish["known"]) if day]
    has_reminder = wish["day"] == today or (wish["day"] == today + WEEK and wish["reminds_a_week_before"])
    is_reminded = has_reminder and wish["wished_at"] < moment_on(today, wish["zone"])
    return wish["day"] != wish["known"] and max(days) >= today and not is_reminded


def _change(wish: Row, channel: Channel, now: datetime.datetime) -> NewNotice:
    day, was = wish["day"], wish["known"]
    event = Event.WITHDRAWN if day is None else Event.MOVED if was else Event.DATED
    today = now.astimezone(JAPAN).date()
    return NewNotice(
        recipient_id=wish["owner_id"],
        kind=Kind.REMINDER,
        key=f"{event} {wish['film_id']} {channel} {was}>{day} {now.isoformat()}",
        about=_about(event, wish, channel, day) | {"was": was and was.isoformat()},
        available_at=next_waking_moment(now, wish["zone"]),
        not_after=end_of(day or today + WEEK),
    )


def _about(event: Event, wish: Row, channel: Channel, day: datetime.date | None) -> dict[str, object]:
    return {
        "event": event,
        "wish": wish["pk"],
        "film": wish["film_id"],
        "channel": channel,
        "day": day and day.isoformat(),
    }


def _opens_on(channel: Channel, day: datetime.date) -> Q:
    """The same as a condition that an index of films serves."""
    if channel == Channel.DIGITAL:
        return Q(film__digital_on=day)
    return Q(film__japan_on=day, film__japan_precision=Precision.DAY)


def _day(channel: Channel) -> Combinable:
    """The day on which the film of a wish opens, where it is known to the day."""
    if channel == Channel.DIGITAL:
        return F("film__digital_on")
    return Case(When(film__japan_precision=Precision.DAY, then=F("film__japan_on")))


def _reached(channel: Channel) -> Q:
    """Its owner wants to be told of this, and can be."""
    mailboxes = Mailbox.objects.open_for(Kind.REMINDER).filter(pk=OuterRef("owner"))
    return Q(Exists(mailboxes), **{channel.flag: True}, owner__is_active=True)
