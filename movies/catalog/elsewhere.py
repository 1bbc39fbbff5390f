"""The films of a search that TMDB knows, beside those that we have ourselves."""

from dataclasses import dataclass

from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.catalog.search import name_directors, search_films


@dataclass(frozen=True)
class Hit:
    """A film that TMDB found; `film` is our own row of it, where we have one."""

    facts: tmdb.FilmSummary
    film: Film | None

    @property
    def tmdb_id(self) -> int:
        return self.facts.tmdb_id

    @property
    def key(self) -> str:
        return str(self.facts.tmdb_id)

    @property
    def title(self) -> str:
        return self.facts.title

    @property
    def other_title(self) -> str:
        return "" if self.facts.original_title == self.facts.title else self.facts.original_title

    @property
    def year(self) -> int | None:
        return self.facts.released_on.year if self.facts.released_on else None

    @property
    def poster_path(self) -> str:
        return self.facts.poster_path


@dataclass(frozen=True)
class Hits:
    """One page of them; `next_page` is None on the last."""

    hits: list[Hit]
    next_page: int | None


def search_elsewhere(query: str, *, year: int | None, page: int, language: str) -> Hits:
    """Ask TMDB, with the patience of a page; what our own search finds too is left to it. Raises tmdb.TmdbError."""
    found = tmdb.for_pages.search_movie(
        query, year=year, page=page, language="ja-JP" if language == "ja" else "en-US", region="JP"
    )
    known = Film.objects.filter(tmdb_id__in=[facts.tmdb_id for facts in found.results]).select_related("merged_into")
    own = {film.tmdb_id: film.merged_into or film for film in known}
    name_directors(list(own.values()))
    hits = [Hit(facts, own.get(facts.tmdb_id)) for facts in found.results]
    shown_already = search_films(query, year=year, among=own.values()).films if own else []
    return Hits(
        hits=[hit for hit in hits if hit.film not in shown_already],
        next_page=page + 1 if page < found.pages else None,
    )
