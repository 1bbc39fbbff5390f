"""When somebody is to be reminded of a film, and of what. A film opens on a day of Japan's; people live in all zones."""

import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from movies.catalog.dates import JAPAN
from movies.catalog.models import Film

MORNING = datetime.time(8)  # when people are written to, by their own clock
EVENING = datetime.time(21)
WEEK = datetime.timedelta(days=7)


class Channel(models.TextChoices):
    CINEMA = "cinema", _("in cinemas")
    DIGITAL = "digital", _("digitally")

    @property
    def flag(self) -> str:
        """The column of a wish that says whether its owner wants to be told."""
        return f"reminds_of_{self}"

    @property
    def known(self) -> str:
        """The column of a wish with the day that its owner knows."""
        return f"known_{self}_on"


class Event(models.TextChoices):
    OPENS = "opens", _("The film opens today")
    SOON = "soon", _("The film opens in a week")
    DATED = "dated", _("The day of its opening is known")
    MOVED = "moved", _("The day of its opening has moved")
    WITHDRAWN = "withdrawn", _("The day of its opening is off")


def opening_of(film: Film, channel: Channel) -> datetime.date | None:
    """The day on which it opens in Japan, where that is known to the day."""
    return film.digital_on if channel == Channel.DIGITAL else film.cinema_on


def moment_on(day: datetime.date, zone: str) -> datetime.datetime:
    """Eight in the morning of somebody's own `day`, but within the same day of Japan: where eight has not come by the
    last hour of that, then; and nowhere before it has begun."""
    morning = datetime.datetime.combine(day, MORNING, ZoneInfo(zone))
    begins = datetime.datetime.combine(day, datetime.time(), JAPAN)
    last_hour = datetime.datetime.combine(day, datetime.time(23), JAPAN)
    return min(max(morning, begins), last_hour).astimezone(datetime.UTC)


def end_of(day: datetime.date) -> datetime.datetime:
    """The end of a day of Japan's."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), JAPAN).astimezone(datetime.UTC)


def next_waking_moment(now: datetime.datetime, zone: str) -> datetime.datetime:
    """Now, unless it is night where somebody lives; else the next morning there."""
    there = now.astimezone(ZoneInfo(zone))
    if MORNING <= there.time() < EVENING:
        return now
    day = there.date() if there.time() < MORNING else there.date() + datetime.timedelta(days=1)
    return datetime.datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(datetime.UTC)
