"""The film that a request names."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.diary import films
from mymovie.rest import problems


class FilmUnknown(problems.Problem):
    status_code, kind, title = 404, "film-unknown", _("There is no such film.")


class TmdbAway(problems.Problem):
    status_code, kind, title = 503, "tmdb-away", _("TMDB does not answer just now. Please try again in a minute.")


def find_film(asked: dict[str, Any]) -> Film | tmdb.FilmFacts:
    try:
        return films.found(pk=asked.get("film"), tmdb_id=asked.get("tmdb_id"))
    except Film.DoesNotExist as error:
        raise FilmUnknown from error
    except tmdb.TmdbError as error:
        raise TmdbAway(headers={"Retry-After": "60"}) from error
