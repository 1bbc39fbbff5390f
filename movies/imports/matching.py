"""Which of our films a file's mentions mean: a handful of questions to the database for a thousand of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from movies.catalog import tmdb
from movies.catalog.models import Credit, Film, ReleaseDate
from movies.catalog.search import name_directors, search_films
from movies.catalog.titles import is_japanese
from movies.imports import likeness
from movies.imports.formats.rows import FilmNamed
from movies.imports.likeness import Known, Verdict
from movies.imports.models import Mention, Pick
from mymovie.folding import indexable

MOST_CANDIDATES = 8
# Each line is looked up by itself: asked for films that overlap with all of a thousand lines, PostgreSQL thinks that most
# films do, and compares every one of them with all lines, for five seconds among 100,000.
_WITH_LINES = f"""
SELECT film.id FROM unnest(%s::text[]) AS line
JOIN {Film._meta.db_table} AS film ON string_to_array(film.search_text, E'\\n') @> ARRAY[line]
"""  # noqa: S608  # the table is ours
IDS = ("tmdb_id", "imdb_id")
UNREAD = ("overview_ja", "overview_en", "title_kana", "watch_link")
# What is doubtful among our films and may not be among TMDB's.
TMDB_MAY_TELL = {"no_such_film", "year_differs", "no_year", "directors_differ", "other_title"}


@dataclass(frozen=True)
class Shelf:
    """Our films that a chunk of mentions may mean. `by_id` has them by ("tmdb_id", 129), `by_line` by each line of
    their search text, merged ones being those that they were merged into."""

    by_id: dict[tuple[str, int | str], Known[Film]]
    by_line: dict[str, list[Known[Film]]]

    def holders(self, named: FilmNamed) -> dict[str, Known[Film] | None]:
        """Who has each of the ids that are given."""
        return {name: self.by_id.get((name, value)) for name in IDS if (value := getattr(named, name))}

    def titled(self, named: FilmNamed) -> list[Known[Film]]:
        """Each once, those included that are only read so."""
        found = (known for line in sorted(likeness.lines(named)) for known in self.by_line.get(indexable(line), ()))
        return list({known.film.pk: known for known in found}.values())


def match(owner: User, mentions: Sequence[Mention], *, language: str) -> None:
    """Settle what can be settled here; the rest is to be asked of TMDB, where that can tell, or of the owner. Nothing is
    saved. `language` is the format's."""
    picks = {pick.key: pick for pick in _picks(owner, mentions)}
    left = [mention for mention in mentions if not _is_picked(mention, picks.get(mention.key))]
    all_named = [likeness.named(mention.named) for mention in left]
    shelf = _shelf(all_named)
    for mention, named in zip(left, all_named, strict=True):
        _match(mention, named, shelf, language=language)


def candidates_for(mention: Mention) -> list[Film]:
    """Our films to choose from, the likeliest first, each with the credits of its directors in `directing`."""
    stored = [candidate["film"] for candidate in mention.candidates if "film" in candidate]
    by_pk = Film.objects.select_related("merged_into").in_bulk(stored)
    films = [_kept(by_pk[pk]) for pk in stored if pk in by_pk]
    named = likeness.named(mention.named)
    for title in filter(None, (named.title, named.original_title)):
        if len(films) < MOST_CANDIDATES:
            films += search_films(title, size=MOST_CANDIDATES).films
    chosen = list({film.pk: film for film in films}.values())[:MOST_CANDIDATES]
    name_directors(chosen)
    return chosen


def _picks(owner: User, mentions: Sequence[Mention]) -> QuerySet[Pick]:
    keys = [mention.key for mention in mentions]
    return Pick.objects.filter(owner=owner, key__in=keys).select_related("film__merged_into")


def _is_picked(mention: Mention, pick: Pick | None) -> bool:
    if pick is None:
        return False
    mention.state = Mention.State.PICKED if pick.film else Mention.State.LEFT_OUT
    mention.film = _kept(pick.film) if pick.film else None
    mention.candidates, mention.reason = [], ""
    return True


def _match(mention: Mention, named: FilmNamed, shelf: Shelf, *, language: str) -> None:
    holders = shelf.holders(named)
    titled = shelf.titled(named)
    known = list({known.film.pk: known for known in holders.values() if known}.values())
    verdict = _by_ids(named, holders, known) if known else _by_title(named, titled, language=language)
    mention.film = verdict.known.film if verdict.known else None
    mention.reason, mention.candidates = verdict.reason, []
    if verdict.known:
        mention.state = Mention.State.SURE
        return
    mention.candidates = [{"film": film.pk} for film in _likeliest(named, [*known, *titled])]
    may_be_told = verdict.reason in TMDB_MAY_TELL or bool(holders)
    is_asked = not known and may_be_told and tmdb.is_enabled()
    mention.state = Mention.State.ASKING if is_asked else Mention.State.DOUBTFUL


def _by_ids(named: FilmNamed, holders: dict[str, Known[Film] | None], known: list[Known[Film]]) -> Verdict[Film]:
    if len(known) == 1:
        has_other_id = any(holder is None and getattr(known[0].film, name) for name, holder in holders.items())
        if likeness.is_meant_by_id(known[0], named, has_other_id=has_other_id):
            return Verdict(known[0])
    return Verdict(None, "id_disagrees")


def _by_title(named: FilmNamed, titled: list[Known[Film]], *, language: str) -> Verdict[Film]:
    """Among those which none of the ids that are given contradicts."""
    if not likeness.lines(named):
        return Verdict(None, "unfindable_title" if named.title or named.original_title else "unknown_id")
    possible = [
        known
        for known in titled
        if not any(getattr(named, name) and getattr(known.film, name) for name in IDS)  # else it would hold that id
    ]
    is_of_japan = language != "en" and not named.year_slack and is_japanese(named.title)
    bears_a_slip = likeness.is_telling(named.title or named.original_title) and not tmdb.is_enabled()
    verdict = likeness.by_title(named, possible, bears_a_slip=bears_a_slip, is_of_japan=is_of_japan)
    if verdict.known and likeness.rests_on_other_title(verdict.known, named):
        return Verdict(None, "other_title")
    return verdict


def _likeliest(named: FilmNamed, films: Iterable[Known[Film]]) -> list[Film]:
    def unlikeness(known: Known[Film]) -> tuple[bool, int, int, int]:
        off = likeness.years_off(known, named, is_of_japan=True)
        return (not likeness.has_title(known, named), 9999 if off is None else off, -known.film.fame, known.film.pk)

    each = {known.film.pk: known for known in films}.values()
    return [known.film for known in sorted(each, key=unlikeness)[:MOST_CANDIDATES]]


def _shelf(all_named: list[FilmNamed]) -> Shelf:
    """Three questions to the database, two more where a film was found."""
    holders = _holders(all_named)
    titled = list(with_lines({indexable(line) for named in all_named for line in likeness.lines(named)}))
    known = _known([*holders, *titled])
    by_id = {(name, getattr(film, name)): known[_kept(film).pk] for film in holders for name in IDS}
    by_line: dict[str, list[Known[Film]]] = defaultdict(list)
    for film in titled:
        for line in film.search_text.split("\n"):
            by_line[line].append(known[_kept(film).pk])
    return Shelf(by_id, by_line)


def _holders(all_named: list[FilmNamed]) -> list[Film]:
    given = {name: {value for named in all_named if (value := getattr(named, name))} for name in IDS}
    with_ids = Q(tmdb_id__in=given["tmdb_id"]) | Q(imdb_id__in=given["imdb_id"])
    return list(_films().filter(with_ids)) if any(given.values()) else []


def with_lines(lines: set[str]) -> QuerySet[Film]:
    """Films that have one of these as a whole line of their search text."""
    return _films().filter(pk__in=RawSQL(_WITH_LINES, [sorted(lines)]))  # noqa: S611  # the lines are its parameter


def _films() -> QuerySet[Film]:
    return Film.objects.select_related("merged_into").defer(*UNREAD, *(f"merged_into__{name}" for name in UNREAD))


def _known(films: Iterable[Film]) -> dict[int, Known[Film]]:
    """By the key of the film that is kept; what was merged into it gives it its titles."""
    by_pk = {film.pk: film for film in films}
    kept = {_kept(film).pk: _kept(film) for film in by_pk.values()}
    released_in = _first_years(kept)
    directors = _directors(kept)
    known = {
        pk: likeness.of_film(film, released_in=released_in.get(pk), directors=directors.get(pk, ()))
        for pk, film in kept.items()
    }
    for film in by_pk.values():
        if film.merged_into_id:
            known[film.merged_into_id] = known[film.merged_into_id].also_called(film)
    return known


def _first_years(films: Iterable[int]) -> dict[int, int]:
    first = ReleaseDate.objects.filter(film__in=films).values("film_id").annotate(first_on=Min("released_on"))
    return {pk: first_on.year for pk, first_on in first.values_list("film_id", "first_on")}


def _directors(films: Iterable[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    directing = Credit.objects.filter(film__in=films, job=Credit.Job.DIRECTOR)
    for pk, *both in directing.values_list("film_id", "person__name", "person__name_ja"):
        names[pk] += both
    return names


def _kept(film: Film) -> Film:
    return film.merged_into or film
