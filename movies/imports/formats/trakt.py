"""Trakt: its export, a ZIP of what its API answers; one such answer alone; and its tables.

https://docs.trakt.tv. Moments are UTC. What it calls a `trakt_rating` is the average of all who rated, nobody's own. Series,
seasons and episodes stand among the films.
"""

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from movies.imports.formats import cells as read
from movies.imports.formats import items
from movies.imports.formats.archives import Archive
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format, Member
from movies.imports.formats.items import Item, JsonPart, cells_of
from movies.imports.formats.rows import LONGEST_TITLE, FileRefused, FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST = 10
MOST_LISTS = 1000
LIST = "Trakt"
UNKNOWN = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""When that was watched of which nobody knows when."""

HISTORY_FILES = r"watched-history(-\d+)?\.json"


def _film(item: Item) -> FilmNamed:
    if item.get("type", "movie") != "movie" or not isinstance(item.get("movie"), dict):
        raise RowRefused("not_a_film", "type" if "type" in item else "show.title")
    cells = cells_of(item, "movie.title", "movie.year", "movie.ids.tmdb", "movie.ids.imdb", "movie.ids.slug")
    slug = cells["movie.ids.slug"]
    film = FilmNamed(
        title=read.title(cells, "movie.title"),
        year=read.year(cells, "movie.year"),
        tmdb_id=read.tmdb_id(cells, "movie.ids.tmdb"),
        imdb_id=read.imdb_id(cells, "movie.ids.imdb"),
        address=f"https://trakt.tv/movies/{slug}" if slug else "",
    )
    return read.named(film, "movie.title")


def _day(cells: Cells, column: str, options: Options) -> datetime.date | None:
    return None if read.moment(cells, column, options) == UNKNOWN else read.day(cells, column, options)


def _play(item: Item, options: Options) -> Said:
    cells = cells_of(item, "id", "watched_at")
    return Said(
        film=_film(item),
        is_seen=True,
        is_viewing=True,
        watched_on=_day(cells, "watched_at", options),
        viewing_key=cells["id"],
    )


def _watched(item: Item, options: Options) -> Said:
    """All times of a film in one. Where a history tells each, it only says that there were some."""
    film = _film(item)
    if item.get("is_in_history"):
        return Said(film=film, is_seen=True)
    cells = cells_of(item, "plays", "last_watched_at")
    watched_on = _day(cells, "last_watched_at", options)
    is_again = (read.count(cells, "plays") or 1) > 1
    is_viewing = watched_on is not None or is_again
    return Said(film=film, is_seen=True, is_viewing=is_viewing, watched_on=watched_on, is_again=is_again)


def _is_in_history(archive: Archive, name: str) -> Item:
    return {"is_in_history": any(re.fullmatch(HISTORY_FILES, _alone(other)) for other in archive.names)}


def _rating(item: Item, options: Options) -> Said:
    film, cells = _film(item), cells_of(item, "rating", "rated_at")
    return Said(film=film, is_seen=True, score=_score(cells), noted_at=read.moment(cells, "rated_at", options))


def _score(cells: Cells) -> int:
    score = read.score(cells, "rating", most=MOST)
    if score is None:
        raise RowRefused("not_a_score", "rating", str(MOST))
    return score


def _wished(item: Item, options: Options) -> Said:
    film, cells = _film(item), cells_of(item, "notes", "listed_at")
    noted_at = read.moment(cells, "listed_at", options)
    return Said(film=film, is_wished=True, memo=read.text(cells, "notes"), noted_at=noted_at)


def _listed(item: Item, options: Options) -> Said:
    film, cells = _film(item), cells_of(item, "rank", "notes", "listed_at", "list.name", "list.description")
    return Said(
        film=film,
        list_name=" ".join(cells["list.name"].split())[:LONGEST_TITLE] or options.list_name or LIST,
        list_description=read.text(cells, "list.description"),
        list_position=read.count(cells, "rank"),
        list_note=read.text(cells, "notes"),
        noted_at=read.moment(cells, "listed_at", options),
    )


def _list(archive: Archive, name: str) -> Item:
    """The list itself, which another member describes, by the number that its file is called by."""
    _lists, _list, number, slug = _alone(name).removesuffix(".json").split("-", 3)
    for each in _lists_of(archive, name.removesuffix(_alone(name)) + "lists-lists.json"):
        if items.value_at(each, "ids.trakt") == number:
            return {"list": {"name": each.get("name"), "description": each.get("description")}}
    return {"list": {"name": slug.replace("-", " ")}}


def _lists_of(archive: Archive, name: str) -> Iterator[Item]:
    if name not in archive.names:
        return
    with suppress(FileRefused), archive.member(name) as file:
        yield from (each for each in islice(items.items(file, "item"), MOST_LISTS) if isinstance(each, dict))


def _alone(name: str) -> str:
    """Without its folder."""
    return name.rpartition("/")[2]


def _film_of_row(cells: Cells) -> FilmNamed:
    if cells["type"].casefold() != "movie":
        raise RowRefused("not_a_film", "type")
    film = FilmNamed(
        title=read.title(cells, "title"),
        year=read.year(cells, "year"),
        tmdb_id=read.tmdb_id(cells, "tmdb_id"),
        imdb_id=read.imdb_id(cells, "imdb_id"),
        address=cells["url"],
    )
    return read.named(film, "title")


def _play_of_row(cells: Cells, options: Options) -> Said:
    """`trakt_id` is the film's here, not the viewing's."""
    watched_on = _day(cells, "watched_at", options)
    return Said(film=_film_of_row(cells), is_seen=True, is_viewing=True, watched_on=watched_on)


def _rating_of_row(cells: Cells, options: Options) -> Said:
    film, noted_at = _film_of_row(cells), read.moment(cells, "rated_at", options)
    return Said(film=film, is_seen=True, score=_score(cells), noted_at=noted_at)


HISTORY = JsonPart("trakt.history", "item", ("watched_at", "action", "type"), _play)
WATCHED = JsonPart("trakt.watched", "item", ("last_watched_at", "last_updated_at"), _watched, _is_in_history)
RATINGS = JsonPart("trakt.ratings", "item", ("rated_at", "rating", "type"), _rating)
# The same keys: within the archive their names tell them apart, alone whoever brings one must.
_LISTED = ("rank", "listed_at", "type")
WATCHLIST = JsonPart("trakt.watchlist", "item", _LISTED, _wished)
ANY_LIST = JsonPart("trakt.list", "item", _LISTED, _listed, _list)

_FILMS = ("type", "title", "year", "trakt_id", "imdb_id", "tmdb_id")
HISTORY_TABLE = Part("trakt.history_table", ("watched_at", "action", *_FILMS), _play_of_row)
RATINGS_TABLE = Part("trakt.ratings_table", ("rated_at", "rating", *_FILMS), _rating_of_row)

FORMAT = Format(
    name="trakt",
    label="Trakt",
    language="en",
    parts=(HISTORY, WATCHED, RATINGS, WATCHLIST, ANY_LIST, HISTORY_TABLE, RATINGS_TABLE),
    members=(
        Member(HISTORY_FILES, HISTORY),
        Member(r"watched-movies(-\d+)?\.json", WATCHED),
        Member(r"ratings-movies(-\d+)?\.json", RATINGS),
        Member(r"lists-watchlist(-\d+)?\.json", WATCHLIST),
        Member(r"lists-list-\d+-[^/]+\.json", ANY_LIST),
    ),
    known_by=(r"(watched-history|watched-movies|ratings-movies|lists-watchlist)(-\d+)?\.json",),
)
