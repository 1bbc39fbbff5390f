import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache

from movies.catalog.tmdb import reading
from movies.catalog.tmdb.answers import Json
from movies.catalog.tmdb.errors import Invalid, Unavailable
from movies.catalog.tmdb.facts import Configuration, FilmFacts, FilmSummary, FindResult, Genre, Page, Release
from movies.catalog.tmdb.flights import Flights
from movies.catalog.tmdb.wire import Params, Patience, Wire

T = TypeVar("T")

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LONGEST_SPAN = timedelta(days=14)  # of changes


class ExternalSource(StrEnum):
    IMDB = "imdb_id"
    WIKIDATA = "wikidata_id"


class Channel(StrEnum):
    """Where a film comes out, in TMDB's kinds of release."""

    CINEMA = "2|3"
    DIGITAL = "4"


class Client:
    """TMDB's films, asked with one patience. Every method raises TmdbError.

    Answers are kept in Django's cache for a while, failures never, and what several threads want at once is asked once.
    """

    def __init__(self, wire: Wire, patience: Patience) -> None:
        self.wire = wire
        self.patience = patience
        self._flights = Flights()

    def search_movie(
        self, query: str, *, year: int | None = None, page: int = 1, language: str = "ja-JP", region: str = "JP"
    ) -> Page[FilmSummary]:
        """Films by any of their titles; `year` is that of any of their releases."""
        params = {"query": reading.line(query), "include_adult": "false", "language": language, "region": region}
        if year is not None:
            params["year"] = str(year)
        return self._film_page("search/movie", params, page, keep=10 * MINUTE)

    def upcoming(self, *, page: int = 1, language: str = "ja-JP", region: str = "JP") -> Page[FilmSummary]:
        return self._film_page("movie/upcoming", {"language": language, "region": region}, page, keep=HOUR)

    def film(self, tmdb_id: int, *, language: str = "ja-JP", is_kept_enough: bool = True) -> FilmFacts:
        """`is_kept_enough`: an answer of the last hour will do."""
        params = {
            "append_to_response": (
                "alternative_titles,credits,external_ids,images,release_dates,translations,watch/providers"
            ),
            "include_image_language": f"{language[:2]},en,null",
            "language": language,
        }
        return self._ask(
            f"movie/{tmdb_id:d}",
            params,
            lambda body: reading.film_facts(body, language=language),
            keep=HOUR,
            is_kept_enough=is_kept_enough,
        )

    def release_dates(self, tmdb_id: int) -> tuple[Release, ...]:
        return self._ask(f"movie/{tmdb_id:d}/release_dates", {}, reading.releases, keep=HOUR)

    def find(self, external_id: str, source: ExternalSource, *, language: str = "ja-JP") -> FindResult:
        params = {"external_source": source, "language": language}
        name = quote(reading.line(external_id), safe="")
        return self._ask(f"find/{name}", params, reading.find_result, keep=HOUR)

    def changes(self, first: date, last: date, *, page: int = 1) -> Page[int]:
        """Ids of the films that were changed from `first` to `last`, a hundred a page."""
        if last - first > LONGEST_SPAN:
            raise Invalid(f"TMDB tells the changes of at most {LONGEST_SPAN.days} days")
        params: Params = {"start_date": f"{first}", "end_date": f"{last}", "page": _possible(page)}
        return reading.changed_ids(self.wire.ask("movie/changes", params, self.patience))

    def discover(
        self, channel: Channel, first: date, last: date, *, page: int = 1, language: str = "ja-JP"
    ) -> Page[FilmSummary]:
        """Films that come out in Japan from `first` to `last`."""
        params: Params = {
            "region": "JP",
            "with_release_type": channel,
            "release_date.gte": f"{first}",
            "release_date.lte": f"{last}",
            "sort_by": "primary_release_date.asc",
            "include_adult": "false",
            "language": language,
            "page": _possible(page),
        }
        return reading.film_page(self.wire.ask("discover/movie", params, self.patience))

    def genres(self, *, language: str = "ja-JP") -> tuple[Genre, ...]:
        """All genres of films; those without a name in `language` have their English one."""
        genres = self._ask("genre/movie/list", {"language": language}, reading.genres, keep=DAY)
        if language == "en" or all(genre.name for genre in genres):
            return genres
        english = {genre.tmdb_id: genre for genre in self.genres(language="en")}
        return tuple(genre if genre.name else english.get(genre.tmdb_id, genre) for genre in genres)

    def configuration(self) -> Configuration:
        """Asks anew each time, and so tells whether our token is good."""
        return reading.configuration(self.wire.ask("configuration", {}, self.patience))

    def _film_page(self, path: str, params: Params, page: int, *, keep: int) -> Page[FilmSummary]:
        return self._ask(path, {**params, "page": _possible(page)}, reading.film_page, keep=keep)

    def _ask(
        self, path: str, params: Params, read: Callable[[Json], T], *, keep: int, is_kept_enough: bool = True
    ) -> T:
        key = _cache_key(path, params)

        def look() -> T | None:
            return cache.get(key) if is_kept_enough else None

        def bring() -> T:
            # Once more: between a caller's look and its becoming the first, an earlier first may have come home.
            facts = look()
            if facts is None:
                facts = read(self.wire.ask(path, params, self.patience))
                cache.set(key, facts, keep)
            return facts

        kept = look()
        if kept is not None:
            return kept
        try:
            return self._flights.share(key, bring, timeout=self.patience.total)
        except TimeoutError:
            raise Unavailable("TMDB did not answer in time") from None


def _possible(page: int) -> int:
    if not 1 <= page <= reading.LAST_PAGE:
        raise Invalid(f"TMDB has pages 1 to {reading.LAST_PAGE}")
    return page


def _cache_key(path: str, params: Params) -> str:
    """Of all that the answer depends on; and of the release, as one release's facts may be unreadable to the next."""
    question = json.dumps([settings.TMDB_URL, settings.RELEASE, path, sorted(params.items())])
    return "tmdb:" + hashlib.sha256(question.encode()).hexdigest()
