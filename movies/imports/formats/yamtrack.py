"""Yamtrack: one table of films, series, books and games; of any age, by the names of its columns.

https://github.com/FuzzyGrim/Yamtrack. A film that was seen several times has as many rows. Newer tables hold lists, too:
`row_type` tells a list and what stands on it from what was watched.
"""

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST_POINTS = 10
SEEN = ("completed", "repeating")
WISHED = "planning"


def _film(cells: Cells) -> FilmNamed:
    """Only TMDB's numbers are ours; those of what was typed in by hand mean nothing elsewhere."""
    if cells["media_type"].casefold() != "movie":
        raise RowRefused("not_a_film", "media_type")
    film = FilmNamed(
        title=read.title(cells, "title"),
        tmdb_id=read.tmdb_id(cells, "media_id") if cells["source"].casefold() == "tmdb" else None,
    )
    return read.named(film, "title")


def _row(cells: Cells, options: Options) -> Said:
    match cells["row_type"].casefold():
        case "" | "media":
            return _watched(cells, options)
        case "list_item":
            return _listed(cells, options)
        case _:
            raise RowRefused("not_a_film", "row_type")


def _watched(cells: Cells, options: Options) -> Said:
    film = _film(cells)
    watched_on = read.day(cells, "end_date", options)
    score = read.score(cells, "score", most=MOST_POINTS)
    memo = read.text(cells, "notes")
    noted_at = read.moment(cells, "created_at" if cells["created_at"] else "progressed_at", options)
    status = cells["status"].casefold()
    if status == WISHED:
        return Said(film=film, is_wished=True, memo=memo, noted_at=noted_at)
    # Old tables have no status; what ended, or was judged, was seen.
    if status not in SEEN and (status or (watched_on is None and score is None)):
        raise RowRefused("not_seen", "status")
    return Said(
        film=film,
        is_seen=True,
        is_viewing=watched_on is not None,
        watched_on=watched_on,
        score=score,
        memo=memo,
        noted_at=noted_at,
    )


def _listed(cells: Cells, options: Options) -> Said:
    return Said(
        film=_film(cells),
        list_name=read.title(cells, "list_name"),
        list_description=read.text(cells, "list_description"),
        list_note=read.text(cells, "notes"),
        noted_at=read.moment(cells, "list_item_date_added", options),
    )


PART = Part("yamtrack", ("media_id", "source", "media_type", "title"), _row)
FORMAT = Format(name="yamtrack", label="Yamtrack", language="en", parts=(PART,))
