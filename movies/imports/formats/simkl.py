"""Simkl: its backup, as JSON or as a table.

https://simkl.com/apps/. What stands on none of its lists but "dropped" or "on hold" was neither seen nor is it wanted. An
anime may be a film, as only the JSON tells. Numbers may be written as text.
"""

import re
from typing import NamedTuple

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format, Member
from movies.imports.formats.items import Item, JsonPart, cells_of
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST = 10


class Places(NamedTuple):
    """Where each thing stands: columns of the table, or paths in an item."""

    title: str
    year: str
    tmdb_id: str
    imdb_id: str
    status: str
    watched: str
    rating: str
    memo: str
    rated_at: str = ""
    wished_at: str = ""


TABLE_PLACES = Places("Title", "Year", "TMDB", "IMDB", "Watchlist", "WatchedDate", "Rating", "Memo")
_ITEM = ("status", "last_watched_at", "user_rating", "memo.text", "user_rated_at", "added_to_watchlist_at")
MOVIE_PLACES = Places("movie.title", "movie.year", "movie.ids.tmdb", "movie.ids.imdb", *_ITEM)
SHOW_PLACES = Places("show.title", "show.year", "show.ids.tmdb", "show.ids.imdb", *_ITEM)


def _said(cells: Cells, at: Places, options: Options, *, is_again: bool = False) -> Said:
    film = FilmNamed(
        title=read.title(cells, at.title),
        year=read.year(cells, at.year),
        tmdb_id=read.tmdb_id(cells, at.tmdb_id),
        imdb_id=read.imdb_id(cells, at.imdb_id),
    )
    film, memo = read.named(film, at.title), read.text(cells, at.memo)
    match "".join(filter(str.isalpha, cells[at.status].casefold())):
        case "completed":
            watched_on = read.day(cells, at.watched, options)
            return Said(
                film=film,
                is_seen=True,
                is_viewing=watched_on is not None or is_again,
                watched_on=watched_on,
                is_again=is_again,
                score=read.score(cells, at.rating, most=MOST),
                memo=memo,
                noted_at=read.moment(cells, at.rated_at, options),
            )
        case "plantowatch":
            noted_at = read.moment(cells, at.wished_at, options)
            return Said(film=film, is_wished=True, memo=memo, noted_at=noted_at)
    raise RowRefused("not_seen", at.status)


def _movie(item: Item, options: Options) -> Said:
    is_again = item.get("is_rewatch") is True
    return _said(cells_of(item, *MOVIE_PLACES), MOVIE_PLACES, options, is_again=is_again)


def _show(item: Item, options: Options) -> Said:
    raise RowRefused("not_a_film", "show.title")


def _anime(item: Item, options: Options) -> Said:
    if item.get("anime_type") != "movie":
        raise RowRefused("not_a_film", "anime_type")
    return _said(cells_of(item, *SHOW_PLACES), SHOW_PLACES, options)


def _row(cells: Cells, options: Options) -> Said:
    if cells["Type"].casefold() != "movie":
        raise RowRefused("not_a_film", "Type")
    return _said(Cells({**cells.raw, **_in_iso(cells, TABLE_PLACES.watched)}), TABLE_PLACES, options)


def _in_iso(cells: Cells, column: str) -> dict[str, str]:
    """The day stands first, as in 18-12-2023 21:50:41, where the year does not."""
    return {column: re.sub(r"^(\d{1,2})-(\d{1,2})-(\d{4})", r"\3-\2-\1", cells[column])}


MOVIES = JsonPart("simkl.movies", "movies.item", ("status", "movie"), _movie)
SHOWS = JsonPart("simkl.shows", "shows.item", ("status", "show"), _show)
ANIME = JsonPart("simkl.anime", "anime.item", ("status", "show"), _anime)
TABLE = Part("simkl.table", ("SIMKL_ID", "Title", "Type", "Year", "Watchlist", "WatchedDate", "TMDB", "IMDB"), _row)

FORMAT = Format(
    name="simkl",
    label="Simkl",
    language="en",
    parts=(MOVIES, SHOWS, ANIME, TABLE),
    members=(
        Member(r"SimklBackup[^/]*\.json", MOVIES),
        Member(r"SimklBackup[^/]*\.json", SHOWS),
        Member(r"SimklBackup[^/]*\.json", ANIME),
        Member(r"SimklBackup[^/]*\.csv", TABLE),
    ),
    known_by=(r"SimklBackup[^/]*\.(json|csv)",),
)
