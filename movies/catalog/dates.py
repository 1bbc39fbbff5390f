"""Dates of which perhaps only the month or the year is known, in words."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import get_language

from movies.catalog.models import Precision

_SHORT = {
    "ja": {Precision.DAY: "Y.m.d", Precision.MONTH: "Y.m", Precision.YEAR: "Y"},
    "en": {Precision.DAY: "j M Y", Precision.MONTH: "M Y", Precision.YEAR: "Y"},
}
_LONG = {
    "ja": {Precision.DAY: "Y年n月j日", Precision.MONTH: "Y年n月", Precision.YEAR: "Y年"},
    "en": {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"},
}
_MACHINE_LENGTH = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def in_words(day: datetime.date, precision: str = Precision.DAY, *, is_short: bool = False) -> str:
    formats = (_SHORT if is_short else _LONG)["ja" if get_language() == "ja" else "en"]
    return date_format(day, formats[Precision(precision)])


def for_machines(day: datetime.date, precision: str = Precision.DAY) -> str:
    """What HTML's <time datetime> takes."""
    return day.isoformat()[: _MACHINE_LENGTH[Precision(precision)]]
