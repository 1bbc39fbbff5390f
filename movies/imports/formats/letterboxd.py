"""Letterboxd: its export, a ZIP of tables, and the table that it takes in.

https://letterboxd.com/about/importing-data/. The rows hold no number of TMDB or IMDb. An address is the film's in ratings and
watched, and the entry's in the diary and reviews. Half stars are real: 3.5 is 70. The date of a rating is no day on which
anything was watched.
"""

import re

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format, Member
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

URI = "Letterboxd URI"
PAGE_OF_FILM = "letterboxd.com/film/"
MOST_STARS = 5


def _film(cells: Cells, *, address: str = "") -> FilmNamed:
    film = FilmNamed(
        title=read.title(cells, "Name"), year=read.year(cells, "Year"), address=cells[address] if address else ""
    )
    return read.named(film, "Name")


def _stars(cells: Cells) -> int | None:
    """Some tools write the stars themselves."""
    written = cells["Rating"]
    if re.fullmatch("★{0,4}½|★{1,5}", written):
        return written.count("★") * 20 + written.count("½") * 10
    return read.score(cells, "Rating", most=MOST_STARS)


def _viewing(cells: Cells, options: Options) -> Said:
    """A diary entry, or a review; a review without a day is of a film that was seen, whenever that was. Some tools write
    the film's page for the entry's."""
    is_of_film = PAGE_OF_FILM in cells[URI]
    watched_on = read.day(cells, "Watched Date", options)
    review = read.text(cells, "Review")
    return Said(
        film=_film(cells, address=URI if is_of_film else ""),
        is_seen=True,
        is_viewing=watched_on is not None or not review,
        watched_on=watched_on,
        is_again=read.is_yes(cells, "Rewatch"),
        viewing_key="" if is_of_film else cells[URI],
        score=_stars(cells),
        review=review,
        tags=read.tags(cells, "Tags"),
        noted_at=read.moment(cells, "Date", options),
    )


def _rating(cells: Cells, options: Options) -> Said:
    score = _stars(cells)
    if score is None:
        raise RowRefused("not_a_score", "Rating", str(MOST_STARS))
    return Said(film=_film(cells, address=URI), is_seen=True, score=score, noted_at=read.moment(cells, "Date", options))


def _watched(cells: Cells, options: Options) -> Said:
    return Said(film=_film(cells, address=URI), is_seen=True, noted_at=read.moment(cells, "Date", options))


def _wished(cells: Cells, options: Options) -> Said:
    return Said(film=_film(cells, address=URI), is_wished=True, noted_at=read.moment(cells, "Date", options))


def _liked(cells: Cells, options: Options) -> Said:
    return Said(film=_film(cells, address=URI), is_liked=True, noted_at=read.moment(cells, "Date", options))


def _listed(cells: Cells, options: Options) -> Said:
    """`List` and `List Description` stand above the table; they are given to each of its rows."""
    return Said(
        film=_film(cells, address="URL"),
        list_name=" ".join(cells["List"].split())[: read.LONGEST_TITLE],
        list_description=read.text(cells, "List Description"),
        list_position=read.count(cells, "Position"),
        list_note=read.text(cells, "Description"),
    )


def above_a_list(before: list[list[str]]) -> dict[str, str]:
    """What the three records above a list's table say: the version, headings, and their values."""
    said = dict(zip(before[1], before[2], strict=False))
    return {"List": said.get("Name", ""), "List Description": said.get("Description", "")}


def _taken_in(cells: Cells, options: Options) -> Said:
    """A row of the table that Letterboxd takes in, which others write, too."""
    rated = "Rating10" if cells["Rating10"] else "Rating"
    film = FilmNamed(
        title=read.title(cells, "Title"),
        year=read.year(cells, "Year"),
        tmdb_id=read.tmdb_id(cells, "tmdbID"),
        imdb_id=read.imdb_id(cells, "imdbID"),
        directors=tuple(filter(None, (" ".join(name.split()) for name in cells["Directors"].split(",")))),
        address=cells["LetterboxdURI"],
    )
    watched_on = read.day(cells, "WatchedDate", options)
    is_again = read.is_yes(cells, "Rewatch")
    return Said(
        film=read.named(film, "Title"),
        is_seen=True,
        is_viewing=watched_on is not None or is_again,
        watched_on=watched_on,
        is_again=is_again,
        score=read.score(cells, rated, most=10 if rated == "Rating10" else MOST_STARS),
        review=read.text(cells, "Review"),
        tags=read.tags(cells, "Tags"),
    )


_FILMS = ("Name", "Year", URI)

DIARY = Part("letterboxd.diary", (*_FILMS, "Rewatch"), _viewing)
RATINGS = Part("letterboxd.ratings", (*_FILMS, "Rating"), _rating, lacks=("Rewatch",))
# These three look alike: within the archive their names tell them apart, alone whoever brings one must.
WATCHED = Part("letterboxd.watched", _FILMS, _watched, lacks=("Rating", "Rewatch"))
WATCHLIST = Part("letterboxd.watchlist", _FILMS, _wished, lacks=("Rating", "Rewatch"))
LIKES = Part("letterboxd.likes", _FILMS, _liked, lacks=("Rating", "Rewatch"))
TAKEN_IN = Part("letterboxd.import", ("Title", "Year", "WatchedDate"), _taken_in)
LIST = Part("letterboxd.list", ("Position", "Name", "Year", "URL"), _listed, above=3, of_above=above_a_list)

# What we give out for it, where that is more than one table.
_OF_OURS = r"[^/]*-letterboxd-\d+\.csv"

FORMAT = Format(
    name="letterboxd",
    label="Letterboxd",
    language="en",
    parts=(DIARY, RATINGS, WATCHED, WATCHLIST, LIKES, TAKEN_IN),
    # What was deleted, or hangs on nothing, lies in folders of its own.
    members=(
        Member(r"watched\.csv", WATCHED),
        Member(r"ratings\.csv", RATINGS),
        Member(r"diary\.csv", DIARY),
        Member(r"reviews\.csv", DIARY),
        Member(r"likes/films\.csv", LIKES),
        Member(r"watchlist\.csv", WATCHLIST),
        Member(r"lists/[^/]+\.csv", LIST),
        Member(_OF_OURS, TAKEN_IN),
    ),
    known_by=(rf"(diary|ratings|watched)\.csv|{_OF_OURS}",),
)
