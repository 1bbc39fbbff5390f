"""TMDB: what an account there has rated or wants to see.

https://www.themoviedb.org/settings/import-list. One table for both: what has no rating is wanted. Series have numbers of
their own, which are other films' too, so none is ever looked for.
"""

import re

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST = 10


def _film(cells: Cells) -> FilmNamed:
    if cells["Type"].casefold() != "movie":
        raise RowRefused("not_a_film", "Type")
    film = FilmNamed(
        title=read.title(cells, "Name"),
        year=_year(cells["Release Date"]),
        tmdb_id=read.tmdb_id(cells, "TMDb ID"),
        imdb_id=read.imdb_id(cells, "IMDb ID"),
    )
    return read.named(film, "Name")


def _year(released: str) -> int | None:
    """TMDB's own, so nobody is to mend it."""
    found = re.match(r"((?:18|19|20|21)\d\d)-", released, re.ASCII)
    return int(found[1]) if found else None


def _row(cells: Cells, options: Options) -> Said:
    film, score = _film(cells), read.score(cells, "Your Rating", most=MOST)
    is_seen = score is not None
    noted_at = read.moment(cells, "Date Rated", options)
    return Said(film=film, is_seen=is_seen, score=score, is_wished=not is_seen, noted_at=noted_at)


PART = Part("tmdb_account.films", ("TMDb ID", "Type", "Name", "Your Rating", "Date Rated"), _row)
FORMAT = Format(name="tmdb_account", label="TMDB", language="", parts=(PART,))
