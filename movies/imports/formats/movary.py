"""Movary: its history, ratings and watchlist.

https://github.com/leepeuker/movary. A row of the history is one time that a film was watched, also where no day is given.
"""

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST = 10


def _film(cells: Cells) -> FilmNamed:
    film = FilmNamed(
        title=read.title(cells, "title"),
        year=read.year(cells, "year"),
        tmdb_id=read.tmdb_id(cells, "tmdbId"),
        imdb_id=read.imdb_id(cells, "imdbId"),
    )
    return read.named(film, "title")


def _play(cells: Cells, options: Options) -> Said:
    return Said(
        film=_film(cells),
        is_seen=True,
        is_viewing=True,
        watched_on=read.day(cells, "watchedAt", options),
        memo=read.text(cells, "comment"),
    )


def _rating(cells: Cells, options: Options) -> Said:
    film, score = _film(cells), read.score(cells, "userRating", most=MOST)
    if score is None:
        raise RowRefused("not_a_score", "userRating", str(MOST))
    return Said(film=film, is_seen=True, score=score)


def _wished(cells: Cells, options: Options) -> Said:
    return Said(film=_film(cells), is_wished=True, noted_at=read.moment(cells, "addedAt", options))


_FILMS = ("title", "year", "tmdbId", "imdbId")

HISTORY = Part("movary.history", (*_FILMS, "watchedAt"), _play)
RATINGS = Part("movary.ratings", (*_FILMS, "userRating"), _rating)
WATCHLIST = Part("movary.watchlist", (*_FILMS, "addedAt"), _wished)

FORMAT = Format(name="movary", label="Movary", language="en", parts=(HISTORY, RATINGS, WATCHLIST))
