"""Dates of which perhaps only the month or the year is known, in words."""

import calendar
import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from movies.catalog.models import Precision

JAPAN = ZoneInfo("Asia/Tokyo")

_LONG = {Precision.DAY: "DATE_FORMAT", Precision.MONTH: "YEAR_MONTH_FORMAT"}  # of each language, in mymovie/formats
_LONG_YEAR = {"ja": "Y年", "en": "Y"}
_SHORT = {Precision.DAY: "SHORT_DATE_FORMAT", Precision.MONTH: "M Y", Precision.YEAR: "Y"}
_WITH_WEEKDAY = {"ja": ("n月j日（D）", "Y年n月j日（D）"), "en": ("D j M", "D j M Y")}
_MACHINE_LENGTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def in_words(day: datetime.date, precision: str = Precision.DAY, *, is_short: bool = False) -> str:
    """In full a day has its weekday, 2026年11月22日（日）; in short it is as short as can be, 2026.11.22."""
    language = "ja" if get_language() == "ja" else "en"
    if is_short and language == "ja":  # as machines read it but for the dots: walls are full of these
        return for_machines(day, precision).replace("-", ".")
    formats = _SHORT if is_short else _LONG | {Precision.YEAR: _LONG_YEAR[language]}
    return date_format(day, formats[Precision(precision)])


def for_machines(day: datetime.date, precision: str = Precision.DAY) -> str:
    """What HTML's <time datetime> takes."""
    return day.isoformat()[: _MACHINE_LENGTH[Precision(precision)]]


def today_in_japan() -> datetime.date:
    """Films open on days of Japan's, wherever server and reader are."""
    return timezone.localdate(timezone=JAPAN)


def with_weekday(day: datetime.date, today: datetime.date) -> str:
    """For days to plan by; the year stands only where it is another than today's."""
    of_this_year, of_another = _WITH_WEEKDAY["ja" if get_language() == "ja" else "en"]
    return date_format(day, of_this_year if day.year == today.year else of_another)


def last_possible(day: datetime.date, precision: str) -> datetime.date:
    """The last day that a date of which only the month or the year is known can be."""
    match Precision(precision):
        case Precision.YEAR:
            return day.replace(month=12, day=31)
        case Precision.MONTH:
            return day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case _:
            return day
