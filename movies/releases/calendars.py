"""What somebody waits for as a calendar (RFC 5545): one event for each film and way of coming out that has a day."""

import datetime
import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event, vUri

from accounts.models import User
from movies.catalog.models import Film, Precision
from movies.diary.models import Wish
from movies.releases.reminders import Channel, opening_of

PAST = datetime.timedelta(days=90)
MOST_FILMS = 1000
ASK_AGAIN_AFTER = datetime.timedelta(hours=6)
NOT_A_LETTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

SUMMARIES: dict[Channel, Promise] = {
    Channel.CINEMA: _("“%(title)s” opens in Japanese cinemas"),
    Channel.DIGITAL: _("“%(title)s” comes out digitally in Japan"),
}


@dataclass(frozen=True)
class Opening:
    film: Film
    channel: Channel
    on: datetime.date

    @property
    def uid(self) -> str:
        """The same for ever and for everybody: it says which film, and not who waits for it."""
        return f"film-{self.film.pk}-{self.channel}@mymovie"


def openings_for(owner: User, today: datetime.date) -> list[Opening]:
    """What they wait for, from what opened lately on; of the digital releases those that they want to be told of."""
    since = today - PAST
    in_cinemas = Q(film__japan_on__gte=since, film__japan_precision=Precision.DAY)
    digitally = Q(film__digital_on__gte=since, reminds_of_digital=True)
    wishes = Wish.objects.filter(in_cinemas | digitally, owner=owner).select_related("film")
    openings = []
    for wish in wishes.order_by("film__japan_on", "pk")[:MOST_FILMS]:
        for channel in Channel:
            day = opening_of(wish.film, channel)
            if day and day >= since and (channel == Channel.CINEMA or wish.reminds_of_digital):
                openings.append(Opening(wish.film, channel, day))
    return openings


def etag_of(owner: User, openings: list[Opening]) -> str:
    """Changes whenever the calendar does, and costs less than to write it."""
    said = [(opening.uid, opening.on, opening.film.changed_at) for opening in openings]
    digest = hashlib.sha256(repr((said, owner.language, settings.RELEASE)).encode())
    return f'"{digest.hexdigest()[:32]}"'


def write(owner: User, openings: list[Opening]) -> bytes:
    with override(owner.language):
        calendar = Calendar()
        name = gettext("Films I wait for")
        calendar.add("PRODID", "-//MyMovie//Calendar//EN")
        calendar.add("VERSION", "2.0")
        calendar.add("NAME", name)
        calendar.add("X-WR-CALNAME", name)
        calendar.add("REFRESH-INTERVAL", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", "PT6H")
        for opening in openings:
            calendar.add_component(_event(opening))
        return calendar.to_ical()


def _event(opening: Opening) -> Event:
    film, event = opening.film, Event()
    title = NOT_A_LETTER.sub(" ", film.title)
    event.add("UID", opening.uid)
    event.add("DTSTAMP", film.changed_at)
    event.add("LAST-MODIFIED", film.changed_at)
    event.add("DTSTART", opening.on)
    event.add("SUMMARY", str(SUMMARIES[opening.channel]) % {"title": title})
    event.add("URL", vUri(settings.SITE_URL + film.get_absolute_url()))
    event.add("TRANSP", "TRANSPARENT")
    return event
