"""What TMDB says about films, cleaned: text is safe to store and to show, "" and None stand for what it does not know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class ReleaseKind(IntEnum):
    PREMIERE = 1
    LIMITED = 2
    THEATRICAL = 3
    DIGITAL = 4
    PHYSICAL = 5
    TV = 6


@dataclass(frozen=True, slots=True)
class Release:
    country: str
    kind: ReleaseKind
    released_on: date
    certification: str
    note: str


@dataclass(frozen=True, slots=True)
class Genre:
    tmdb_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """TMDB does not translate `name`; `original_name` is in the person's own script, when TMDB knows it."""

    tmdb_id: int
    name: str
    original_name: str
    profile_path: str


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the cast. One person may play several."""

    person: Person
    character: str


class OfferKind(StrEnum):
    FLATRATE = "flatrate"
    FREE = "free"
    ADS = "ads"
    RENT = "rent"
    BUY = "buy"


@dataclass(frozen=True, slots=True)
class Offer:
    """That a provider has the film in Japan, and how; TMDB has this from JustWatch."""

    kind: OfferKind
    provider_id: int
    name: str
    logo_path: str


@dataclass(frozen=True, slots=True)
class FilmSummary:
    """A film in a list; `title` is in the language asked for, or else the original."""

    tmdb_id: int
    title: str
    original_title: str
    original_language: str
    overview: str
    released_on: date | None
    poster_path: str
    genre_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`pages` is how many can be asked for; adult films are left out of `results` but counted in `total`."""

    number: int
    results: tuple[T, ...]
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class FindResult:
    """The films among what an id of another site leads to."""

    films: tuple[FilmSummary, ...]


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """A film in full; directors and cast stand in the order of their billing, a poster is preferred in our language.

    `alternative_titles` are what else it is called anywhere: in Japan, at home, in English, elsewhere. `offers` are where to watch it in Japan, the
    most prominent first within each kind; `watch_link` is TMDB's page of them.
    """

    tmdb_id: int
    imdb_id: str | None
    wikidata_id: str | None
    original_title: str
    original_language: str
    title_ja: str
    title_en: str
    overview_ja: str
    overview_en: str
    country: str
    runtime: int | None
    genres: tuple[Genre, ...]
    directors: tuple[Person, ...]
    cast: tuple[Role, ...]
    poster_path: str
    releases: tuple[Release, ...]
    primary_release_on: date | None
    is_adult: bool
    alternative_titles: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    watch_link: str = ""

    @property
    def japan_on(self) -> date | None:
        return japan_release(self.releases)

    @property
    def world_on(self) -> date | None:
        return world_release(self.releases, primary_on=self.primary_release_on)

    @property
    def digital_on(self) -> date | None:
        return digital_release(self.releases)


@dataclass(frozen=True, slots=True)
class Configuration:
    images_url: str
    poster_sizes: tuple[str, ...]
    profile_sizes: tuple[str, ...]


def japan_release(releases: Iterable[Release]) -> date | None:
    """日本公開日: the first day in cinemas at large; for a film that never had one, the first in a few."""
    japanese = [release for release in releases if release.country == "JP"]
    for kind in (ReleaseKind.THEATRICAL, ReleaseKind.LIMITED):
        if days := [release.released_on for release in japanese if release.kind is kind]:
            return min(days)
    return None


def digital_release(releases: Iterable[Release]) -> date | None:
    days = (each.released_on for each in releases if each.country == "JP" and each.kind is ReleaseKind.DIGITAL)
    return min(days, default=None)


def world_release(releases: Iterable[Release], *, primary_on: date | None) -> date | None:
    """The first day in any cinema of the world, or else the day that TMDB calls the film's own (streaming, television).

    Premieres do not count, here as in 日本公開日: a Japanese film would be said to have kept Japan waiting since its own.
    """
    cinema = (ReleaseKind.LIMITED, ReleaseKind.THEATRICAL)
    return min((release.released_on for release in releases if release.kind in cinema), default=primary_on)
