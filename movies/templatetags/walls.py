"""What walls are made of. A page shows sixty cards, so each is put together here as one string: as templates within
templates they took half of the time of the page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from django import template
from django.template import RequestContext
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.models import User
from movies.catalog import brief
from movies.catalog.dates import in_words
from movies.catalog.models import Precision
from movies.catalog.openings import days_japan_waited
from movies.catalog.tmdb.images import Size
from movies.diary.listing import EntryRow
from movies.diary.models import Entry
from movies.diary.sifting import Choices, Scores
from movies.diary.wall import Arrangement, Order, Page, Run, Section, Sections, Wall
from movies.diary.wall_address import Asked, Density
from movies.templatetags.films import ages, day, day_recorded, film_day, poster_begun, section_name
from mymovie.addresses import address

register = template.Library()

AT_ONCE = {Density.CARDS: 8, Density.POSTERS: 12, Density.LIST: 8}
"""How many posters of a page are not lazy: those of its first row, on most windows."""

_SIZES = {
    Density.CARDS: "180px",
    Density.POSTERS: "(max-width:40rem) 24vw,130px",
    Density.LIST: "48px",
}
_WIDTHS: dict[Density, tuple[Size, ...]] = {
    Density.CARDS: ("w185", "w342"),
    Density.POSTERS: ("w154", "w342"),
    Density.LIST: ("w92", "w154"),
}


@register.simple_tag(takes_context=True)
def wall_link(context: RequestContext, **changes: Any) -> str:
    """The address of this wall but for what changes."""
    query = context["asked"].but(**changes).query
    path: str = context["request"].path
    return f"{path}?{query}" if query else path


@register.simple_tag
def direction_name(arrangement: Arrangement) -> str:
    """What stands first."""
    match arrangement.order:
        case Order.SCORE:
            return _("Lowest first") if arrangement.is_ascending else _("Highest first")
        case Order.TITLE:
            return _("From the front") if arrangement.is_ascending else _("From the back")
        case _:
            return _("Oldest first") if arrangement.is_ascending else _("Newest first")


def rail(wall: Wall, page: Page, asked: Asked, path: str) -> SafeString:
    """Where one can jump to: down the page where a section begins on it, else to a page that begins with it."""
    begins = page.begins
    stops = _stops(wall.sections, f"{path}?{asked.but().query}", get_language() or "")
    links = [here if first in begins else there for first, here, there in stops]
    return mark_safe("".join(links))  # noqa: S308  # escaped where it is put in


@lru_cache(maxsize=100)  # some 10 KB each
def _stops(sections: Sections, beginning: str, _language: str) -> list[tuple[Section, str, str]]:
    """With the section that each begins with, and its link where that is on the page, and where it is not."""
    made = []
    further = escape(f"{beginning}{'' if beginning.endswith('?') else '&'}after=")
    for stop in sections.rail:
        name = stop_name(sections.arrangement, stop.section)
        said = f"{escape(name['numeral'])}{in_span('visually-hidden', name['unit'])}"
        bar = f'<svg aria-hidden="true"><rect width="{stop.weight}%" height="100%"/></svg>'
        here = f'<a href="#{escape(_place_of(stop.first))}">{bar}<span>{said}</span></a>'
        there = f'<a href="{further}{quote_plus(str(stop.start))}">{bar}<span>{said}</span></a>'
        if not stop.count:
            here = there = f'<span class="rail-gap">{bar}{said}</span>'
        made.append((stop.first, here, there))
    return made


def stop_name(arrangement: Arrangement, section: Section) -> dict[str, str]:
    """As its heading, but short: a rail has room for a year and for a letter."""
    if isinstance(section, datetime.date):
        return {"numeral": in_words(section, Precision.YEAR, is_short=True), "unit": ""}
    return section_name(arrangement, section)


def _place_of(section: Section) -> str:
    return f"s-{section}"


@register.simple_tag
def filter_name(name: str, value: str) -> str:
    """What a film has to be, in words. `value`: as it was asked for; genres and directors by name."""
    match name:
        case "decade":
            return f"{value}{pgettext('decade', 's')}"
        case "score":
            return _score_name(Scores.read(value))
        case "again":
            return _("Seen more than once")
        case "tag":
            return f"#{value}"
        case _:
            return value


def _score_name(score: Scores) -> str:
    if score.is_none:
        return _("Unscored")
    if score.most == 100 and score.least != 90:
        return _("%(score)d or more") % {"score": score.least}
    return f"{score.least}–{score.most}" if score.least != score.most else f"{score.least}"


class Option(NamedTuple):
    value: str
    words: str
    is_chosen: bool


class Select(NamedTuple):
    name: str
    words: str
    options: list[Option]


@register.simple_tag
def selects(asked: Asked, choices: Choices, sifted_by: dict[str, str]) -> list[Select]:
    """Those that leave a choice. What is asked for stands among the options even where it is too rare to be offered."""
    offered = {
        "genre": (_("Genre"), choices.genre),
        "decade": (_("Decade"), choices.decade),
        "director": (_("Director"), choices.director),
        "score": (_("Score"), choices.score + choices.least),
        "tag": (_("Tag"), choices.tag),
    }
    chosen = asked.sieve.written()
    made = []
    for name, (words, found) in offered.items():
        options = [
            Option(f"{value}", f"{filter_name(name, said or f'{value}')} ({count})", chosen.get(name) == f"{value}")
            for value, said, count in found
        ]
        if name in chosen and not any(option.is_chosen for option in options):
            options.insert(0, Option(chosen[name], filter_name(name, sifted_by[name]), is_chosen=True))
        if options:
            made.append(Select(name, words, options))
    return made


@register.simple_tag
def options(select: Select) -> SafeString:
    """Without the space between them that a template would leave: there may be a hundred."""
    chosen, other = SafeString(" selected"), SafeString()
    made = [(one.value, chosen if one.is_chosen else other, one.words) for one in select.options]
    return format_html_join("", '<option value="{}"{}>{}</option>', made)


def films(page: Page, asked: Asked, owner: User, *, is_own: bool, is_more: bool) -> SafeString:
    """The films of a page in their sections, as dense as it was asked for. `is_more`: they go on below others that are
    there already."""
    making, made = CardMaker(page, asked, owner, is_own=is_own, is_more=is_more), []
    for run in page.runs:
        if not run.is_continued:
            made += [_gap(asked.arrangement, decade) for decade in run.gap]
        if not (run.is_continued and is_more):
            made.append(_heading(asked.arrangement, run.section, run.count, run.is_continued, making.manner.language))
        made += making.cards(run)
    return mark_safe("".join(made))  # noqa: S308  # what people and TMDB have written is escaped where it is put in


def _gap(arrangement: Arrangement, decade: int) -> str:
    name = section_name(arrangement, decade)
    return f'<li class="wall-gap">{name["numeral"]}{name["unit"]} <small>{in_films(0)}</small></li>'


@lru_cache(maxsize=2_000)
def _heading(arrangement: Arrangement, section: Section, count: int, is_continued: bool, _language: str) -> str:
    name = section_name(arrangement, section)
    continued = f" <small>{_('(continued)')}</small>" if is_continued else ""
    return (
        f'<li class="wall-section"><h2><span class="numeral">{escape(name["numeral"])}</span>{name["unit"]}{continued} '
        f"<small>{in_films(count)}</small></h2></li>"
    )


def in_films(count: int) -> str:
    return ngettext("%(counter)s film", "%(counter)s films", count) % {"counter": count}


_LAZY = ' loading="lazy"'
_FIRST = ' fetchpriority="high"'


class FilmParts(NamedTuple):
    """What a card says of its film: markup, all of it, but for `title`, which is escaped."""

    title: str
    link: str
    """The beginning of the link to the film."""
    poster: str
    """The beginning of the poster inside, which goes on with how it is loaded and read out."""
    under: str
    """The end of the link, and what stands below."""
    day: str
    waited: str
    edit: str
    """Its owner's link to their form."""


@dataclass(frozen=True, eq=False)
class Manner:
    """In which films are told; one and the same for all pages that tell them so, as it is looked for sixty times on each."""

    density: Density
    arrangement: Arrangement
    language: str

    @cached_property
    def unscored(self) -> str:
        return _("Unscored")

    @cached_property
    def scored(self) -> str:
        return _("%(score)s of 100")

    @cached_property
    def scores(self) -> dict[int | None, str]:
        """Each as it stands on a card. What is beside the number is for those who cannot see that it is a score."""
        before, after = (in_span("visually-hidden", part) for part in self.scored.split("%(score)s"))
        stars = '<svg class="stars" aria-hidden="true"><rect/><rect width="{}%"/></svg>'
        made: dict[int | None, str] = {None: f'<span class="score score-none">{self.unscored}</span>'}
        for n in range(101):
            made[n] = f'<span class="score">{stars.format(n)}{before}{n}{after}</span>'
        return made


manner = cache(Manner)


@lru_cache(maxsize=6_000)
def parts_of_film(film: brief.FilmRow, manner: Manner) -> FilmParts:
    """The same for the same facts, on whosever wall, on a page in the manner's language."""
    density, arrangement = manner.density, manner.arrangement
    title, *other = map(escape, film.titles_in(manner.language))
    said = f'<span class="film-title">{title}</span></a>{other_title(*other)}'
    edit, form = _("Edit"), address("record", pk=film.pk)
    return FilmParts(
        title,
        f'<a class="film-link" href="{escape(film.get_absolute_url())}"',
        f">{poster_begun(film, _SIZES[density], _WIDTHS[density])}",
        "" if density == Density.POSTERS else said,
        film_day(film, arrangement),
        _waited(film, arrangement),
        f'<a class="film-edit" href="{form}" aria-label="{edit} {title}">{edit}</a>',
    )


def _waited(film: brief.FilmRow, arrangement: Arrangement) -> str:
    """The other of the two days, where Japan waited between them."""
    days = days_japan_waited(film) if arrangement.order == Order.RELEASE else None
    if not days:
        return ""
    if arrangement.key == "japan_on":
        other = f"{pgettext('before a year', 'World')} {day(film.world_on, is_short=True)}"
    else:
        other = f"{pgettext('before a year', 'Japan')} {day(film.japan_on, is_short=True)}"
    return in_span("film-waited", f"<span>{other}</span> <span>{in_days(days)}</span>")


class CardMaker:
    """Makes the cards of a page, in their order: each knows whether a year begins with it."""

    def __init__(self, page: Page, asked: Asked, owner: User, *, is_own: bool, is_more: bool) -> None:
        self.page, self.owner, self.is_own, self.is_more = page, owner, is_own, is_more
        self.density, self.arrangement = asked.density, asked.arrangement
        self.manner = manner(asked.density, asked.arrangement, get_language() or "")
        self.released_on = asked.arrangement.key if asked.arrangement.order == Order.RELEASE else None
        self.year = (
            getattr(page.after.key, "year", None) if page.after and page.runs and page.runs[0].is_continued else None
        )
        self.makes: Callable[[Any, FilmParts], str] = {
            Density.CARDS: self._card,
            Density.POSTERS: self._poster,
            Density.LIST: self._line,
        }[self.density]
        self.tells_ages = bool(owner.shows_age and owner.birth_date)

    def cards(self, run: Run) -> list[str]:
        is_first_run = run is self.page.runs[0]
        at_once = AT_ONCE[self.density] if is_first_run and not self.is_more else 0
        return [
            self.card(
                entry,
                loading="" if number < at_once else _LAZY,
                priority=_FIRST if at_once and not number else "",
                place="" if number or run.is_continued else f' id="{_place_of(run.section)}"',
                focus=" autofocus" if self.is_more and is_first_run and not number else "",
            )
            for number, entry in enumerate(run.entries)
        ]

    def card(self, entry: Entry | EntryRow, *, loading: str, priority: str, place: str, focus: str) -> str:
        film = parts_of_film(brief.row_of(entry.film), self.manner)
        alt = f"{film.title} · {self.score_said(entry.score)}" if self.density == Density.POSTERS else ""
        return (
            f'<li class="film"{place}>{self._year(entry)}{film.link}{focus}{film.poster}{loading}{priority} alt="{alt}">'
            f"{self.makes(entry, film)}</li>"
        )

    def _year(self, entry: Entry | EntryRow) -> str:
        """On the first film of a year, for eyes that skim; each film has its own date besides."""
        released_on = getattr(entry, self.released_on) if self.released_on else None
        if released_on is None or released_on.year == self.year:
            return ""
        self.year = released_on.year
        return f'<span class="film-year" aria-hidden="true">{self.year}</span>'

    def _card(self, entry: Entry | EntryRow, film: FilmParts) -> str:
        age = in_span("film-ages", escape(ages(self.owner, entry, self.arrangement))) if self.tells_ages else ""
        match self.arrangement.order:
            case Order.WATCHED:
                its_day: str = day(entry.watched_on, is_short=True)
            case Order.RECORDED:
                its_day = day_recorded(entry)
            case _:
                its_day = film.day
        return (
            f'{film.under}<span class="film-facts">{its_day}{self.manner.scores[entry.score]}</span>'
            f"{film.waited}{age}{film.edit if self.is_own else ''}"
        )

    def _poster(self, entry: Entry | EntryRow, film: FilmParts) -> str:
        score = "" if entry.score is None else f"<b>{entry.score}</b>"
        return f'<span class="film-said" aria-hidden="true">{film.title}{score}</span></a>'

    def _line(self, entry: Entry, film: FilmParts) -> str:
        directors = _(", ").join(credit.person.local_name for credit in entry.film.directing)  # type: ignore[attr-defined]
        return (
            f"{film.under}"
            f"{in_span('film-by', escape(directors))}{in_span('film-dates', both_days(entry.film))}"
            f"{in_span('film-seen', self._seen(entry))}{self.manner.scores[entry.score]}{film.edit if self.is_own else ''}"
        )

    def _seen(self, entry: Entry) -> str:
        """How often is its owner's to know."""
        if self.arrangement.order == Order.RECORDED:
            return pgettext("before a day", "Recorded") + f" {day_recorded(entry)}"
        if not entry.watched_on:
            return ""
        times = len(entry.viewings.all()) if self.is_own else 1
        often = " · " + ngettext("%(n)d time", "%(n)d times", times) % {"n": times} if times > 1 else ""
        return pgettext("before a day", "Seen") + f" {day(entry.watched_on, is_short=True)}{often}"

    def score_said(self, score: int | None) -> str:
        return self.manner.unscored if score is None else self.manner.scored % {"score": score}


def other_title(title: str, language: str) -> str:
    """Of what is markup already."""
    return f'<span class="film-other" lang="{language}">{title}</span>' if title else ""


def both_days(film: brief.InBrief) -> str:
    """First in the world, then in Japan, and how long that took; one alone where the other is the same or not known."""
    world = day(film.world_on, film.world_precision, is_short=True)
    japan = day(film.japan_on, film.japan_precision, is_short=True)
    if not (world and japan) or world == japan:
        return japan or world
    where = pgettext("before a year", "World"), pgettext("before a year", "Japan")
    days = days_japan_waited(film)
    return (
        f"<span>{where[0]} {world}</span> → <span>{where[1]} {japan}</span>"
        f"{f' · <span>{in_days(days)}</span>' if days else ''}"
    )


def in_days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def in_span(name: str, content: str) -> str:
    return f'<span class="{name}">{content}</span>' if content else ""
