"""What templates say of the days on which films come out in Japan."""

import datetime
from typing import NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from movies.catalog.dates import for_machines, in_words, last_possible, today_in_japan, with_weekday
from movies.catalog.models import Film, Precision

register = template.Library()

RUNS_FOR = datetime.timedelta(weeks=6)  # as long as a film is commonly shown


class Said(NamedTuple):
    """`words` of the opening itself, `ahead` for how long one has to wait."""

    words: str
    ahead: str = ""


@register.simple_tag
def opening(film: Film) -> Said:
    today = today_in_japan()
    if film.japan_on is None:
        return Said(_("No date yet"))
    if film.japan_precision != Precision.DAY:
        has_opened = last_possible(film.japan_on, film.japan_precision) < today
        said = in_words(film.japan_on, film.japan_precision)
        time = _time(film.japan_on, said, film.japan_precision)
        return Said(format_html(_("Opened {day}") if has_opened else _("Opens {day}"), day=time))
    if film.japan_on > today:
        said = with_weekday(film.japan_on, today)
        return Said(format_html(_("Opens {day}"), day=_time(film.japan_on, said)), ahead(film.japan_on, today))
    if film.japan_on == today:
        return Said(_("Opens today"))
    if film.japan_on > today - RUNS_FOR:
        return Said(_("In cinemas now"))
    return Said(format_html(_("Opened {day}"), day=_time(film.japan_on, in_words(film.japan_on, is_short=True))))


@register.simple_tag
def digital_release(film: Film) -> str:
    """Empty where no day is known."""
    today = today_in_japan()
    if film.digital_on is None:
        return ""
    if film.digital_on <= today:
        return _("Out digitally")
    said = _time(film.digital_on, with_weekday(film.digital_on, today))
    return format_html(_("Digital {day}"), day=said)


@register.simple_tag
def days_ahead(day: datetime.date) -> str:
    """How far off a day is that stands as a heading; "" for those that say it themselves."""
    today = today_in_japan()
    return ahead(day, today) if (day - today).days > 1 else ""


@register.simple_tag
def day_heading(day: datetime.date) -> SafeString:
    today = today_in_japan()
    names = {0: _("Today"), 1: _("Tomorrow")}
    return _time(day, names.get((day - today).days) or with_weekday(day, today))


def ahead(day: datetime.date, today: datetime.date) -> str:
    days = (day - today).days
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


def _time(day: datetime.date, said: str, precision: str = Precision.DAY) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', for_machines(day, precision), said)
