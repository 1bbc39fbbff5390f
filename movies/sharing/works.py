"""Our rows as the plain facts that pictures are painted from. What our fonts cannot say is said otherwise, or not at all."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from accounts.models import User
from movies.catalog.dates import in_words
from movies.catalog.models import Credit, Film
from movies.catalog.posters import PosterFacts
from movies.catalog.posters.cleaning import clean
from movies.diary.models import Entry
from movies.diary.wall import Arrangement, Order, Section, Wall
from movies.sharing.painting.fonts import can_print, printable
from movies.sharing.painting.pictures import FilmFacts, WallFacts
from movies.sharing.painting.posters import Work
from movies.sharing.painting.sheet import Cell, Heading, SheetFacts
from movies.templatetags.films import section_name
from mymovie.paging import Cursor

MOST_ON_A_SHEET = 400  # what half a processor paints within the minute that a task may take


def works_of(films: Sequence[Film]) -> list[Work]:
    """In their order; two questions to the database, however many they are."""
    directors: dict[int, str] = {}
    for credit in Credit.objects.filter(film__in=films, job=Credit.Job.DIRECTOR).billed():
        directors.setdefault(credit.film_id, printable(clean(credit.person.local_name)))
    genres: dict[int, list[int]] = {}
    of_films = Film.genres.through.objects.filter(film__in=films).order_by("genre_id", "pk")
    for film_id, genre_id in of_films.values_list("film_id", "genre_id"):
        genres.setdefault(film_id, []).append(genre_id)
    return [_work(film, directors.get(film.pk, ""), genres.get(film.pk, [])) for film in films]


def _work(film: Film, director: str, genre_ids: Sequence[int]) -> Work:
    title, language = _title(film)
    return Work(
        PosterFacts(
            film_id=film.pk,
            title=title,
            title_lang=language,
            year=film.year,
            director=director,
            genre_ids=genre_ids,
        ),
        film.poster_path,
    )


def _title(film: Film) -> tuple[str, str]:
    """In the language spoken, or the next one whose letters we have."""
    titles = [
        (film.title, film.title_language),
        (film.other_title, film.other_title_language),
        (film.title_en, "en"),
        (film.original_title, film.original_language),
    ]
    cleaned = [(clean(title), language) for title, language in titles]
    whole = next((found for found in cleaned if found[0] and can_print(found[0])), None)
    return whole or next(
        ((printable(title), language) for title, language in cleaned if printable(title)), (f"{film.year or '—'}", "en")
    )


def wall_facts(owner: User, arrangement: Arrangement, count: int) -> WallFacts:
    return WallFacts(name=_wall_name(owner), said=_said(owner, arrangement), **_counted(count))


def sheet_facts(owner: User, arrangement: Arrangement, count: int, day: str) -> SheetFacts:
    return SheetFacts(name=_wall_name(owner), said=f"{_said(owner, arrangement)}　{day}", **_counted(count))


def _wall_name(owner: User) -> str:
    return _("%(name)s’s films") % {"name": printable(owner.display_name) or owner.handle}


def _said(owner: User, arrangement: Arrangement) -> str:
    orders = {
        Order.RELEASE: _("by release date"),
        Order.SCORE: _("by score"),
        Order.WATCHED: _("by day watched"),
        Order.RECORDED: _("by day recorded"),
        Order.TITLE: _("by title"),
    }
    return f"@{owner.handle}　{orders[arrangement.order]}"


def _counted(count: int) -> dict[str, str]:
    return {
        "count": number_format(count, use_l10n=True, force_grouping=True),
        "unit": npgettext("beside a large number", "film", "films", count),
    }


def film_facts(film: Film, work: Work, entry: Entry | None = None) -> FilmFacts:
    """With `entry`: what its owner gave it. No review, no memo: only the score."""
    title = work.facts.title
    others = [clean(film.title), clean(film.other_title), clean(film.original_title)]
    other = next((text for text in others if text and text != title and can_print(text)), "")
    said = []
    if work.facts.director:
        said.append(_("Directed by %(name)s") % {"name": work.facts.director})
    if film.japan_on:
        said.append(_("In Japan %(day)s") % {"day": in_words(film.japan_on, film.japan_precision)})
    elif film.world_on:
        said.append(_("First shown %(day)s") % {"day": in_words(film.world_on, film.world_precision)})
    if entry is None:
        return FilmFacts(title=title, other_title=other, said=said)
    return FilmFacts(
        title=title,
        other_title=other,
        said=said,
        score=entry.score,
        unscored=_("Unscored"),
        by=printable(entry.owner.display_name) or f"@{entry.owner.handle}",
    )


def first_of(wall: Wall, most: int) -> list[tuple[Section, Entry]]:
    """The first so many films of a wall, each with the section it stands in."""
    found: list[tuple[Section, Entry]] = []
    after: Cursor | None = None
    while len(found) < most:
        page = wall.page(after)
        found += [(run.section, entry) for run in page.runs for entry in run.entries]
        after = page.next
        if after is None:
            break
    return found[:most]


def cells_of(wall: Wall, first: Sequence[tuple[Section, Entry]]) -> list[Cell]:
    """The numbers of these films with the headings of their sections between, unless there were more than one of these
    to three films."""
    cells: list[Cell] = []
    sections = 0
    for section, run in groupby(range(len(first)), key=lambda number: first[number][0]):
        name = section_name(wall.arrangement, section)
        counted = _counted(wall.sections.counts.get(section, 0))
        cells += [Heading(name["numeral"], name["unit"], f"{counted['count']} {counted['unit']}"), *run]
        sections += 1
    return cells if sections * 3 <= len(first) else list(range(len(first)))
