"""Which film a mention means, as TMDB has it, where ours did not tell."""

from collections.abc import Iterable
from typing import Any

from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.catalog.titles import is_japanese
from movies.diary.films import film_from_tmdb
from movies.imports import likeness
from movies.imports.formats.rows import FilmNamed
from movies.imports.likeness import Known, Verdict
from movies.imports.matching import MOST_CANDIDATES
from movies.imports.models import Mention

Summary = Known[tmdb.FilmSummary]


def ask(mention: Mention, *, language: str) -> None:
    """Settle it, with at most one question to TMDB; the mention is not saved. The film that TMDB's own number leads to is
    made here. One found otherwise that is not ours yet is told by the one candidate, and `film` stays None.

    Raises tmdb.BadKey, tmdb.Unavailable: then it has to be asked again.
    """
    named = likeness.named(mention.named)
    spoken = "ja-JP" if language == "ja" or is_japanese(named.title or named.original_title) else "en-US"
    try:
        if named.tmdb_id:
            _by_number(mention, named, named.tmdb_id)
        elif named.imdb_id:
            _by_imdb(mention, named, spoken)
        else:
            _by_title(mention, named, spoken)
    except (tmdb.NotFound, tmdb.Invalid):
        _doubt(mention, "unknown_id" if named.tmdb_id or named.imdb_id else "no_such_film")


def _by_number(mention: Mention, named: FilmNamed, tmdb_id: int) -> None:
    if ours := _ours([tmdb_id]).get(tmdb_id):  # made since it was looked for
        if likeness.is_meant_by_id(likeness.of_film(ours), named, has_other_id=_is_other(ours.imdb_id, named)):
            _be_sure(mention, ours)
        else:
            _doubt(mention, "id_disagrees", [{"film": ours.pk}])
        return
    facts = tmdb.for_jobs.film(tmdb_id)
    if facts.is_adult:
        _doubt(mention, "unknown_id")
    elif likeness.is_meant_by_id(likeness.of_facts(facts), named, has_other_id=_is_other(facts.imdb_id, named)):
        film = film_from_tmdb(facts)
        _be_sure(mention, film.merged_into or film)
    else:
        title = facts.title_ja or facts.title_en or facts.original_title
        year = facts.world_on.year if facts.world_on else None
        _doubt(mention, "id_disagrees", [_candidate(tmdb_id, title, facts.original_title, year, facts.poster_path)])


def _is_other(imdb_id: str | None, named: FilmNamed) -> bool:
    return bool(imdb_id and named.imdb_id and imdb_id != named.imdb_id)


def _by_imdb(mention: Mention, named: FilmNamed, spoken: str) -> None:
    found = tmdb.for_jobs.find(named.imdb_id, tmdb.ExternalSource.IMDB, language=spoken).films
    known = [likeness.of_summary(film) for film in found]
    ours = _ours(film.tmdb_id for film in found)
    has_other_id = any(_is_other(film.imdb_id, named) for film in ours.values())
    if len(known) == 1 and likeness.is_meant_by_id(known[0], named, has_other_id=has_other_id):
        _settle(mention, Verdict(known[0]), known, ours)
    else:
        _settle(mention, Verdict(None, "id_disagrees" if known else "unknown_id"), known, ours)


def _by_title(mention: Mention, named: FilmNamed, spoken: str) -> None:
    title = named.title or named.original_title
    year = None if named.year_slack else named.year
    page = tmdb.for_jobs.search_movie(title, year=year, language=spoken)
    known = [likeness.of_summary(film) for film in page.results]
    has_seen_all = page.pages <= 1 or likeness.is_telling(title)  # else the next page may have another
    verdict = likeness.by_title(named, known, bears_a_slip=has_seen_all)
    if verdict.known and not has_seen_all:
        verdict = Verdict(None, "several_films")
    if verdict.known and mention.reason == "directors_differ":  # TMDB's lists name no directors
        verdict = Verdict(None, mention.reason)
    known.sort(key=lambda each: not likeness.has_title(each, named))
    _settle(mention, verdict, known, _ours(each.film.tmdb_id for each in known))


def _settle(mention: Mention, verdict: Verdict[tmdb.FilmSummary], known: list[Summary], ours: dict[int, Film]) -> None:
    if verdict.known is None:
        _doubt(mention, verdict.reason, [_of_list(each, ours) for each in known])
    elif film := ours.get(verdict.known.film.tmdb_id):
        _be_sure(mention, film)
    else:
        _be_sure(mention, None, [_of_list(verdict.known, ours)])


def _be_sure(mention: Mention, film: Film | None, candidates: Iterable[dict[str, Any]] = ()) -> None:
    mention.state, mention.film, mention.reason = Mention.State.SURE, film, ""
    mention.candidates = list(candidates)


def _doubt(mention: Mention, reason: str, found: Iterable[dict[str, Any]] = ()) -> None:
    """Ours come first, but leave room for what TMDB has found."""
    mention.state, mention.film, mention.reason = Mention.State.DOUBTFUL, None, reason
    new = [candidate for candidate in found if candidate not in mention.candidates]
    ours = mention.candidates[: max(MOST_CANDIDATES - len(new), MOST_CANDIDATES // 2)]
    mention.candidates = [*ours, *new][:MOST_CANDIDATES]


def _of_list(known: Summary, ours: dict[int, Film]) -> dict[str, Any]:
    film = known.film
    if film.tmdb_id in ours:
        return {"film": ours[film.tmdb_id].pk}
    year = film.released_on.year if film.released_on else None
    return _candidate(film.tmdb_id, film.title, film.original_title, year, film.poster_path)


def _candidate(tmdb_id: int, title: str, original_title: str, year: int | None, poster_path: str) -> dict[str, Any]:
    return {
        "tmdb_id": tmdb_id,
        "title": title,
        "original_title": original_title,
        "year": year,
        "poster_path": poster_path,
    }


def _ours(tmdb_ids: Iterable[int]) -> dict[int, Film]:
    films = Film.objects.filter(tmdb_id__in=list(tmdb_ids)).select_related("merged_into")
    return {film.tmdb_id: film.merged_into or film for film in films if film.tmdb_id}
