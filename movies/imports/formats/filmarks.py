"""Filmarks, which lets nobody take their films along: what others' programs have read off its pages, two tables and an array.

Titles are Japanese, and the year is that of production, which may be the one before the release. A mark is one of the film;
its day, where there is one, is when it was seen.
"""

import re

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.items import Item, JsonPart, cells_of
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST_STARS = 5
PAGE = "https://filmarks.com/movies/"

# Behind the title: 「(2021年製作の映画)」, with brackets and digits of either width.
_PRODUCED = re.compile(r"\s*[(（](?:(\d{4})年)?製作の(\w+)[)）]$")


def _film(title: str, year: int | None, column: str, address: str = "") -> FilmNamed:
    return read.named(FilmNamed(title=title, year=year, year_slack=1, address=address), column)


def _mark(cells: Cells, options: Options) -> Said:
    """`Title` holds the year, too, and tells a film from a series."""
    title = read.title(cells, "Title")
    year = None
    if produced := _PRODUCED.search(title):
        if produced[2] != "映画":
            raise RowRefused("not_a_film", "Title")
        year = read.year(Cells({"Title": produced[1] or ""}), "Title")
        title = title[: produced.start()]
    if re.search("/(dramas|animes)/", cells["URL"]):
        raise RowRefused("not_a_film", "URL")
    return Said(
        film=_film(title, year, "Title", cells["URL"]),
        is_seen=True,
        score=read.score(cells, "Rating", most=MOST_STARS),
        review=read.text(cells, "Review"),
    )


def _dated(cells: Cells, options: Options) -> Said:
    watched_on = read.day(cells, "date", options)
    return Said(
        film=_film(read.title(cells, "title"), read.year(cells, "year"), "title"),
        is_seen=True,
        is_viewing=watched_on is not None,
        watched_on=watched_on,
        score=read.score(cells, "rating", most=MOST_STARS),
    )


def _item(item: Item, options: Options) -> Said:
    cells = cells_of(item, "movieId", "reviewId", "title", "production_year", "watched_date", "rating", "review")
    watched_on = read.day(cells, "watched_date", options)
    return Said(
        film=_film(
            read.title(cells, "title"),
            read.year(cells, "production_year"),
            "title",
            f"{PAGE}{cells['movieId']}" if cells["movieId"] else "",
        ),
        is_seen=True,
        is_viewing=watched_on is not None,
        watched_on=watched_on,
        viewing_key=cells["reviewId"],
        score=read.score(cells, "rating", most=MOST_STARS),
        review=read.text(cells, "review"),
    )


MARKS = Part("filmarks.marks", ("Title", "Rating", "Review", "URL"), _mark, is_whole=True)
DATED = Part("filmarks.dated", ("title", "year", "rating", "date"), _dated, is_whole=True)
ITEMS = JsonPart("filmarks.items", "item", ("movieId", "reviewId", "title"), _item)

FORMAT = Format(name="filmarks", label="Filmarks", language="ja", parts=(MARKS, DATED, ITEMS))
