"""What walls are made of. A page shows sixty cards, so each is put together here as one string: as templates within
templates they took half of the time of the page."""

import datetime
from typing import Any, NamedTuple

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from movies.catalog import tmdb
from movies.catalog.dates import in_words
from movies.catalog.models import Film, Precision
from movies.catalog.openings import days_japan_waited
from movies.diary.models import Entry
from movies.diary.sifting import Choices, Scores
from movies.diary.wall import Arrangement, Order, Page, Run, Section, Stop
from movies.diary.wall_address import Asked, Density
from movies.templatetags.films import ages, card_day, day, day_recorded, drawn_poster, section_name

register = template.Library()

AT_ONCE = {Density.CARDS: 8, Density.POSTERS: 12, Density.LIST: 8}
"""How many posters of a page are not lazy: those of its first row, on most windows."""

_SIZES = {
    Density.CARDS: "180px",
    Density.POSTERS: "(max-width:40rem) 24vw,130px",
    Density.LIST: "48px",
}
_WIDTHS: dict[Density, tuple[Any, ...]] = {
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


@register.simple_tag
def stop_name(arrangement: Arrangement, section: Section) -> dict[str, str]:
    """As its heading, but short: a rail has room for a year and for a letter."""
    if isinstance(section, datetime.date):
        return {"numeral": in_words(section, Precision.YEAR, is_short=True), "unit": ""}
    return section_name(arrangement, section)


@register.simple_tag(takes_context=True)
def stop_link(context: RequestContext, stop: Stop) -> str:
    """Down the page where the section begins on it, else to a page that begins with it."""
    if stop.first in context["page"].begins:
        return f"#{_place_of(stop.first)}"
    return wall_link(context, after=stop.start)


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


@register.simple_tag(takes_context=True)
def cards(context: RequestContext, page: Page, run: Run) -> SafeString:
    """The films of a run, as dense as it was asked for."""
    is_first_run, is_more = run is page.runs[0], bool(context["request"].htmx)
    making = CardMaker(context, _year_before(page, run, context["arrangement"]))
    at_once = AT_ONCE[making.density] if is_first_run and not is_more else 0
    made = [
        making.card(
            entry,
            loading="" if number < at_once else _LAZY,
            priority=_FIRST if at_once and not number else "",
            place="" if number or run.is_continued else f' id="{_place_of(run.section)}"',
            focus=" autofocus" if is_more and is_first_run and not number else "",
        )
        for number, entry in enumerate(run.entries)
    ]
    return mark_safe("".join(made))  # noqa: S308  # what people and TMDB have written is escaped where it is put in


_LAZY = ' loading="lazy"'
_FIRST = ' fetchpriority="high"'


def _year_before(page: Page, run: Run, arrangement: Arrangement) -> int | None:
    is_going_on = arrangement.order == Order.RELEASE and run.is_continued
    return getattr(page.after.key, "year", None) if is_going_on and page.after else None


class CardMaker:
    """Makes the cards of one run, in their order: each knows whether a year begins with it."""

    def __init__(self, context: RequestContext, year: int | None) -> None:
        asked: Asked = context["asked"]
        self.density, self.arrangement = asked.density, asked.arrangement
        self.owner: User = context["owner"]
        self.is_own: bool = context["is_own"]
        self.year = year
        self.makes = {Density.CARDS: self._card, Density.POSTERS: self._poster, Density.LIST: self._line}[self.density]
        self.words = {"edit": _("Edit"), "unscored": _("Unscored"), "score": _("%(score)s of 100")}
        self.before_score, self.after_score = (
            in_span("visually-hidden", part) for part in parts_of(self.words["score"])
        )

    def card(self, entry: Entry, *, loading: str, priority: str, place: str, focus: str) -> str:
        film = entry.film
        title = escape(film.title)
        alt = f"{title} · {self.score_said(entry.score)}" if self.density == Density.POSTERS else ""
        image = poster(film, self.density, f'{loading}{priority} alt="{alt}"')
        link = f'<a class="film-link" href="{escape(film.get_absolute_url())}"{focus}>{image}'
        return f'<li class="film"{place}>{self._year(entry)}{link}{self.makes(entry, film, title)}</li>'

    def _year(self, entry: Entry) -> str:
        """On the first film of a year, for eyes that skim; each film has its own date besides."""
        released_on = getattr(entry, self.arrangement.key) if self.arrangement.order == Order.RELEASE else None
        if released_on is None or released_on.year == self.year:
            return ""
        self.year = released_on.year
        return f'<span class="film-year" aria-hidden="true">{self.year}</span>'

    def _card(self, entry: Entry, film: Film, title: SafeString) -> str:
        age = ages(self.owner, entry, self.arrangement)
        return (
            f'<span class="film-title">{title}</span></a>{other_title(film)}'
            f'<span class="film-facts">{card_day(entry, self.arrangement)}{self._score(entry.score)}</span>'
            f"{self._waited(film)}{in_span('film-ages', escape(age))}{self._edit(film, title)}"
        )

    def _poster(self, entry: Entry, _film: Film, title: SafeString) -> str:
        score = "" if entry.score is None else f"<b>{entry.score}</b>"
        return f'<span class="film-said" aria-hidden="true">{title}{score}</span></a>'

    def _line(self, entry: Entry, film: Film, title: SafeString) -> str:
        directors = _(", ").join(credit.person.local_name for credit in film.directing)  # type: ignore[attr-defined]
        return (
            f'<span class="film-title">{title}</span></a>{other_title(film)}'
            f"{in_span('film-by', escape(directors))}{in_span('film-dates', both_days(film))}"
            f"{in_span('film-seen', self._seen(entry))}{self._score(entry.score)}{self._edit(film, title)}"
        )

    def _waited(self, film: Film) -> str:
        """The other of the two days, where Japan waited between them."""
        days = days_japan_waited(film) if self.arrangement.order == Order.RELEASE else None
        if not days:
            return ""
        if self.arrangement.key == "japan_on":
            other = f"{pgettext('before a year', 'World')} {day(film.world_on, is_short=True)}"
        else:
            other = f"{pgettext('before a year', 'Japan')} {day(film.japan_on, is_short=True)}"
        return in_span("film-waited", f"<span>{other}</span> <span>{in_days(days)}</span>")

    def _seen(self, entry: Entry) -> str:
        """How often is its owner's to know."""
        if self.arrangement.order == Order.RECORDED:
            return pgettext("before a day", "Recorded") + f" {day_recorded(entry)}"
        if not entry.watched_on:
            return ""
        times = len(entry.viewings.all()) if self.is_own else 1
        often = " · " + ngettext("%(n)d time", "%(n)d times", times) % {"n": times} if times > 1 else ""
        return pgettext("before a day", "Seen") + f" {day(entry.watched_on, is_short=True)}{often}"

    def _score(self, score: int | None) -> str:
        if score is None:
            return f'<span class="score score-none">{self.words["unscored"]}</span>'
        return f'<span class="score"><svg class="stars" aria-hidden="true"><rect/><rect width="{score}%"/></svg>{self.before_score}{score}{self.after_score}</span>'

    def score_said(self, score: int | None) -> str:
        return self.words["unscored"] if score is None else self.words["score"] % {"score": score}

    def _edit(self, film: Film, title: SafeString) -> str:
        if not self.is_own:
            return ""
        edit, address = self.words["edit"], reverse("record", args=[film.pk])
        return f'<a class="film-edit" href="{address}" aria-label="{edit} {title}">{edit}</a>'


def poster(film: Film, density: Density, more: str) -> str:
    """A film's poster, or the one drawn for it."""
    if film.poster_path:
        address = escape(tmdb.image_url(film.poster_path, _WIDTHS[density][1]))
        srcset = f' srcset="{escape(tmdb.srcset(film.poster_path, _WIDTHS[density]))}" sizes="{_SIZES[density]}"'
    else:
        address, srcset = escape(drawn_poster(film)), ""
    return f'<img class="poster" src="{address}"{srcset} width="342" height="513"{more}>'


def other_title(film: Film) -> str:
    other = film.other_title
    language = escape(film.other_title_language)
    return f'<span class="film-other" lang="{language}">{escape(other)}</span>' if other else ""


def both_days(film: Film) -> str:
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


def parts_of(score_said: str) -> list[str]:
    """What is said before the number and after it, to those who cannot see that it is a score."""
    return score_said.split("%(score)s")


def in_span(name: str, content: str) -> str:
    return f'<span class="{name}">{content}</span>' if content else ""
