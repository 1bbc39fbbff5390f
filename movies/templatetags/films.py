"""What templates say of films and walls."""

import datetime
from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from movies.catalog import title_order, tmdb
from movies.catalog.brief import InBrief
from movies.catalog.countries import country_name
from movies.catalog.dates import for_machines, in_words
from movies.catalog.models import Credit, Film, Person, Precision, ReleaseDate
from movies.catalog.openings import days_japan_waited
from movies.catalog.release_table import CountryReleases
from movies.catalog.tmdb.images import Size
from movies.diary.charts import CELL, Cell
from movies.diary.listing import EntryRow
from movies.diary.models import Entry
from movies.diary.scores import last_of_band
from movies.diary.statistics import Tally
from movies.diary.wall import Arrangement, Order, Section
from mymovie.addresses import address

register = template.Library()
register.simple_tag(days_japan_waited)
register.simple_tag(country_name, name="country")


@register.simple_tag
def score(score: int | None) -> SafeString:
    return _score(score, get_language())


@lru_cache(maxsize=500)  # there are a hundred, and lists are full of them
def _score(score: int | None, _language: str) -> SafeString:
    return render_to_string("components/score.html", {"score": score})


@register.simple_tag
def day(date: datetime.date | None, precision: str = Precision.DAY, is_short: bool = False) -> SafeString:
    """A <time>, as exact as the date is known; empty for none."""
    return SafeString() if date is None else _day(date, precision, is_short, get_language())


@lru_cache(maxsize=10_000)
def _day(date: datetime.date, precision: str, is_short: bool, language: str) -> SafeString:
    said = in_words(date, precision, is_short=is_short)
    return SafeString(f'<time datetime="{for_machines(date, precision)}">{said}</time>')


def day_recorded(entry: Entry | EntryRow) -> SafeString:
    return day(timezone.localdate(entry.recorded_at), is_short=True)


@register.simple_tag
def day_reviewed(entry: Entry) -> SafeString:
    """The day on which its review was written, where that is known."""
    return day(timezone.localdate(entry.reviewed_at), is_short=True) if entry.reviewed_at else SafeString()


@register.simple_tag
def day_of(moment: datetime.datetime) -> SafeString:
    return day(timezone.localdate(moment))


def film_day(film: InBrief, arrangement: Arrangement) -> SafeString:
    """Its release, as a card has room for it."""
    japan = day(film.japan_on, film.japan_precision, is_short=True)
    world = day(film.world_on, film.world_precision, is_short=True)
    if arrangement.key == "world_on":
        return world or year_elsewhere(pgettext("before a year", "Japan"), film.japan_on)
    if film.country == "JP":
        return japan or world
    return japan or year_elsewhere(pgettext("before a year", "World"), film.world_on)


def year_elsewhere(where: str, date: datetime.date | None) -> SafeString:
    """A date that stands in for an unknown one says whose it is, and no more than fits beside that."""
    return format_html("<span>{} {}</span>", where, day(date, Precision.YEAR, is_short=True)) if date else SafeString()


@register.simple_tag
def section_name(arrangement: Arrangement, section: Section) -> dict[str, str]:
    """A heading in two voices: `numeral` is said loudly, `unit` beside it."""
    return _section_name(arrangement, section, get_language())


@lru_cache(maxsize=5_000)
def _section_name(arrangement: Arrangement, section: Section, _language: str) -> dict[str, str]:
    match section:
        case None:
            return {"numeral": _NAMES_WITHOUT_KEY[arrangement.order](), "unit": ""}
        case title_order.LATIN:
            return {"numeral": "A–Z", "unit": ""}
        case title_order.OTHERS:
            return {"numeral": _("Others"), "unit": ""}
        case str() if section.isascii():
            return {"numeral": section.upper(), "unit": ""}
        case str():
            return {"numeral": section, "unit": pgettext("row of kana", "row")}
        case int() if arrangement.order == Order.SCORE:
            return {"numeral": f"{section}–{last_of_band(section)}", "unit": ""}
        case int():
            return {"numeral": f"{section}", "unit": pgettext("decade", "s")}
        case _:
            return {"numeral": in_words(section, Precision.MONTH), "unit": ""}


_NAMES_WITHOUT_KEY = {
    Order.SCORE: lambda: _("Unscored"),
    Order.RELEASE: lambda: _("Release date unknown"),
    Order.WATCHED: lambda: _("Day unknown"),
    Order.RECORDED: lambda: _("Day unknown"),
    Order.TITLE: lambda: _("Others"),
}


@register.simple_tag
def ages(owner: User, entry: Entry | EntryRow, arrangement: Arrangement) -> str:
    """How old `owner` was when the film opened and when they saw it, where they want that told; else ""."""
    if not (owner.shows_age and owner.birth_date):
        return ""
    film = entry.film
    said = []
    opened = (film.japan_on, film.japan_precision), (film.world_on, film.world_precision)
    opened_on, precision = next(
        (day for day in (opened[::-1] if arrangement.key == "world_on" else opened) if day[0]), (None, "")
    )
    if opened_on and precision == Precision.DAY and opened_on >= owner.birth_date:
        said.append(_("%(age)d when it opened") % {"age": age_on(opened_on, owner.birth_date)})
    if entry.watched_on and entry.watched_on >= owner.birth_date:
        said.append(_("%(age)d when seen") % {"age": age_on(entry.watched_on, owner.birth_date)})
    return " · ".join(said)


def age_on(day: datetime.date, birth_date: datetime.date) -> int:
    """In whole years; who was born on a 29th of February is a year older on the 1st of March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@register.simple_tag
def entry_of(film: Film, mine: dict[int, Entry]) -> Entry | None:
    """The viewer's own entry of a film, by `recorded_among`."""
    return mine.get(film.pk)


@register.simple_tag
def poster_address(path: str, size: Size) -> str:
    return tmdb.image_url(path, size)


@register.simple_tag
def poster_srcset(path: str, *sizes: Size) -> str:
    return tmdb.srcset(path, sizes)


@register.simple_tag
def drawn_poster(film: InBrief) -> str:
    """The address of the poster we draw for a film that has none; it changes whenever the film's facts do."""
    language = (("language", get_language() or ""),)
    return address("drawn_poster", known=language, pk=film.pk, version=film.poster_version)


def poster_begun(film: InBrief, sizes: str, widths: tuple[Size, ...]) -> str:
    """The beginning of the tag of a film's poster, or of the one drawn for it; the second of `widths` is for old browsers."""
    if film.poster_path:
        source = escape(tmdb.image_url(film.poster_path, widths[1]))
        srcset = f' srcset="{escape(tmdb.srcset(film.poster_path, widths))}" sizes="{sizes}"'
    else:
        source, srcset = escape(drawn_poster(film)), ""
    return f'<img class="poster" src="{source}"{srcset} width="342" height="513"'


@register.simple_tag
def day_in_words(date: datetime.date) -> str:
    """Where no markup may stand."""
    return _day_in_words(date, get_language())


@lru_cache(maxsize=5_000)
def _day_in_words(date: datetime.date, language: str) -> str:
    return in_words(date)


@register.simple_tag
def release_rows(releases: Iterable[CountryReleases]) -> SafeString:
    """All days of a film, by country: a string, as there may be a hundred."""
    language, made = get_language(), []
    for of_country in releases:
        country = f'<th scope="rowgroup" rowspan="{len(of_country.days)}">{escape(of_country.country)}</th>'
        made.append("<tbody>")
        for release in of_country.days:
            note = f" <small>{escape(release.note)}</small>" if release.note else ""
            its_day, how = day(release.released_on, is_short=True), _kind_name(release.kind, language)
            made.append(f"<tr>{country}<td>{its_day}</td><td>{how}{note}</td></tr>")
            country = ""
        made.append("</tbody>")
    return mark_safe("".join(made))  # noqa: S308  # escaped where it is put in


@lru_cache
def _kind_name(kind: int, _language: str) -> str:
    return escape(ReleaseDate.Kind(kind).label)


@register.simple_tag
def cast_members(cast: Iterable[Credit]) -> SafeString:
    """As their days: there may be fifty."""
    made = []
    for credit in cast:
        name, to = escape(credit.person.local_name), escape(credit.person.get_absolute_url())
        character = f" <small>{escape(credit.character)}</small>" if credit.character else ""
        made.append(f'<li><a href="{to}">{name}</a>{character}</li>')
    return mark_safe("".join(made))  # noqa: S308  # escaped where it is put in


@register.simple_tag
def heat_cell(cell: Cell) -> SafeString:
    """A day on which films were seen, on a heat map. Not a template of its own: a year has hundreds."""
    return format_html(
        '<rect class="level-{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
        *(cell.level, cell.x, cell.y, CELL, CELL, day_in_words(cell.day), cell.count),
    )


@register.simple_tag
def month_name(first: datetime.date) -> str:
    """As charts have room for it."""
    return date_format(first, "n月" if get_language() == "ja" else "M")


@register.simple_tag
def days_seen(days: Iterable[tuple[datetime.date, int]]) -> SafeString:
    """Days where their month is said already, and how many films were seen on each that has more than one."""
    language = get_language()
    said = ((_day_number(date, language), f" ×{times}" if times > 1 else "") for date, times in days)
    return format_html_join(_(", "), "{}{}", said)


@lru_cache(maxsize=5_000)
def _day_number(date: datetime.date, language: str) -> SafeString:
    said = date_format(date, "j日" if language == "ja" else "j")
    return format_html('<time datetime="{}">{}</time>', for_machines(date), said)


@register.simple_tag
def tally_name(tally: Tally, kind: str) -> SafeString | str:
    name = tally.name_ja or tally.name if get_language() == "ja" else tally.name
    match kind:
        case "country":
            return country_name(name)
        case "director":
            person = Person(pk=tally.pk, name=tally.name, name_ja=tally.name_ja)
            return format_html('<a href="{}">{}</a>', person.get_absolute_url(), name)
        case _:
            return name
