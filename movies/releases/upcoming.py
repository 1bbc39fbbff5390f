"""What comes out in Japan, day by day, eight weeks to a page."""

import datetime
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet

from movies.catalog.models import Film, Precision
from movies.releases.reminders import Channel, opening_of
from mymovie.paging import BadCursor, Cursor

SPAN = datetime.timedelta(weeks=8)
MOST_FILMS = 240  # on a page, however many come out


@dataclass(frozen=True)
class Day:
    on: datetime.date
    films: list[Film]


def coming(channel: Channel, today: datetime.date) -> QuerySet[Film]:
    """What comes out from `today` on, where that is known to the day."""
    if channel == Channel.DIGITAL:
        return Film.objects.filter(digital_on__gte=today, merged_into=None)
    return Film.objects.filter(japan_on__gte=today, japan_precision=Precision.DAY, merged_into=None)


def page_of_days(channel: Channel, after: Cursor | None, today: datetime.date) -> tuple[list[Day], Cursor | None]:
    """The days of eight weeks from `today`, or from the place where the page before has ended, and the place where this
    one ends, if anything follows. Where eight weeks hold nothing, those that begin with the next film."""
    column = "digital_on" if channel == Channel.DIGITAL else "japan_on"
    films, begins = coming(channel, today), today
    match after:
        case Cursor(datetime.date() as day, pk):
            films = films.filter(Q(**{f"{column}__gt": day}) | Q(pk__gt=pk), **{f"{column}__gte": day})
            begins = max(begins, day)
        case Cursor():
            raise BadCursor(after)  # every film here has its day
    found = [(opening_of(film, channel), film) for film in films.order_by(column, "pk")[: MOST_FILMS + 1]]
    dated = [(day, film) for day, film in found if day]
    if not dated:
        return [], None
    first, _film = dated[0]
    ends = SPAN + (begins if first < begins + SPAN else first)
    page = [(day, film) for day, film in dated if day < ends]
    if len(page) > MOST_FILMS:
        last, _film = page[-1]
        page = [(day, film) for day, film in page if day < last] or page[:MOST_FILMS]
    days = [Day(day, [film for _day, film in of_day]) for day, of_day in groupby(page, key=lambda dated: dated[0])]
    last, last_film = page[-1]
    return days, Cursor(last, last_film.pk) if len(page) < len(found) else None
