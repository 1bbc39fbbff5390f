"""What somebody waits for, as a calendar that other programs read (iCalendar, RFC 5545).

The address is the key: it names the owner and an edition, and is signed. Nothing of it is kept but the edition.
"""

import datetime
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from accounts.models import User
from movies.diary.models import Wish
from movies.releases.models import CalendarFeed
from movies.releases.reminders import Channel, opening_of

KEPT_FOR = datetime.timedelta(days=90)  # what has opened stays that long
READ_AGAIN_AFTER = datetime.timedelta(hours=12)

_signer = Signer(salt="movies.releases.calendar", sep=".")


def address_of(feed: CalendarFeed) -> str:
    return settings.SITE_URL + reverse("calendar_feed", args=[_signer.sign_object([feed.owner_id, feed.edition])])


def owner_of(token: str) -> User | None:
    """Whose feed it is; None for an address that is none, is no longer, or whose owner is not there."""
    try:
        owner_id, edition = _signer.unsign_object(token)
    except BadSignature:
        return None
    return User.objects.filter(pk=owner_id, is_active=True, calendar_feed__edition=edition).first()


def written_for(owner: User, today: datetime.date) -> bytes:
    """In the owner's language; the same bytes as long as there is nothing new."""
    with override(owner.language):
        calendar = Calendar()
        calendar.add("prodid", "-//MyMovie//MyMovie//" + owner.language.upper())
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("Films I wait for"))
        calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT12H")
        for event in _events(owner, today):
            calendar.add_component(event)
        written: bytes = calendar.to_ical()
    return written


def _events(owner: User, today: datetime.date) -> Iterator[Event]:
    first = today - KEPT_FOR
    lately = Q(film__japan_on__gte=first) | Q(film__digital_on__gte=first)
    wishes = Wish.objects.filter(lately, owner=owner).select_related("film")
    for wish in wishes.order_by("pk"):
        for channel in Channel:
            day = opening_of(wish.film, channel)
            if day and day >= first and (channel == Channel.CINEMA or wish.reminds_of_digital):
                yield _event(wish, channel, day)


def _event(wish: Wish, channel: Channel, day: datetime.date) -> Event:
    """`uid` stays when the day moves, and says nothing of whose calendar it is; what has changed since when, says the
    film."""
    film = wish.film
    summary = _("“%(title)s” opens in cinemas") if channel == Channel.CINEMA else _("“%(title)s” comes out digitally")
    event = Event()
    event.add("uid", f"film-{film.pk}-{channel}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", film.changed_at)
    event.add("last-modified", film.changed_at)
    event.add("sequence", int(film.changed_at.timestamp()) // 60 % 2**31)
    event.add("dtstart", day)
    event.add("dtend", day + datetime.timedelta(days=1))
    event.add("summary", _printable(summary % {"title": film.title}))
    event.add("url", settings.SITE_URL + film.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    return event


def _printable(text: str) -> str:
    """Without what would be no text in a calendar: it knows no controls but the end of a line."""
    return "".join(character if character.isprintable() else " " for character in text)
