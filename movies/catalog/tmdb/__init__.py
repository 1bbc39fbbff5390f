"""The Movie Database, https://developer.themoviedb.org: its films as plain facts, or a TmdbError. No ORM, no requests.

`for_pages` answers within two seconds or not at all; `for_jobs` tries for longer.
"""

from movies.catalog.tmdb.client import LONGEST_SPAN, Channel, Client, ExternalSource
from movies.catalog.tmdb.errors import BadKey, Invalid, NotFound, RateLimited, TmdbError, Unavailable
from movies.catalog.tmdb.facts import (
    Configuration,
    FilmFacts,
    FilmSummary,
    FindResult,
    Genre,
    Offer,
    OfferKind,
    Page,
    Person,
    Release,
    ReleaseKind,
    Role,
    japan_release,
    world_release,
)
from movies.catalog.tmdb.images import image_url, srcset
from movies.catalog.tmdb.reading import LAST_PAGE
from movies.catalog.tmdb.token import is_enabled
from movies.catalog.tmdb.wire import JOB, PAGE, Wire
from mymovie.pace import PostgresBucket

__all__ = [
    "LAST_PAGE",
    "LONGEST_SPAN",
    "BadKey",
    "Channel",
    "Configuration",
    "ExternalSource",
    "FilmFacts",
    "FilmSummary",
    "FindResult",
    "Genre",
    "Invalid",
    "NotFound",
    "Offer",
    "OfferKind",
    "Page",
    "Person",
    "RateLimited",
    "Release",
    "ReleaseKind",
    "Role",
    "TmdbError",
    "Unavailable",
    "for_jobs",
    "for_pages",
    "image_url",
    "is_enabled",
    "is_left_alone",
    "japan_release",
    "srcset",
    "world_release",
]

# TMDB is to see at most 20 a second. Two are kept for those that start a little later than their turn.
_wire = Wire(bucket=PostgresBucket("tmdb", per_second=18))
for_pages = Client(_wire, PAGE)
for_jobs = Client(_wire, JOB)


def is_left_alone() -> bool:
    """Whether so much has failed that nobody is let through to TMDB for a while, in this process."""
    return _wire.breaker.is_open
