"""IMDb: ratings of all ages, watchlists and lists.

https://help.imdb.com/article/imdb/track-movies-tv/ratings-faq/G67Y87TFYYP6TWAV. A film is known by its `Const`; the type of
a title is written in its owner's language, in whatever case. The date of a rating is no day on which anything was watched.
"""

import datetime
import unicodedata
from dataclasses import replace

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

MOST = 10
CTIME = "%a %b %d %H:%M:%S %Y"
LIST = "IMDb"


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalpha())


# Within a title's type, in the languages of IMDb. A television film or special, a short and a video are films.
NO_FILMS = tuple(
    map(
        _letters,
        (
            *("series", "série", "serie", "सीरीज़", "シリーズ"),
            *("episode", "épisode", "episodio", "episódio", "Folge", "एपिसोड", "エピソード"),
            *("game", "Jeu vidéo", "Videospiel", "videojuego", "videogioco", "jogo", "गेम", "ゲーム"),
            *("podcast", "पॉडकास्ट", "ポッドキャスト"),
        ),
    )
)


def _film(cells: Cells) -> FilmNamed:
    kind = _letters(cells["Title Type"])
    if any(word in kind for word in NO_FILMS):
        raise RowRefused("not_a_film", "Title Type")
    year = read.year(cells, "Year")
    film = FilmNamed(
        title=read.title(cells, "Title").removesuffix(f" ({year})"),
        original_title=read.title(cells, "Original Title"),
        year=year,
        imdb_id=read.imdb_id(cells, "Const"),
        directors=tuple(filter(None, (" ".join(name.split()) for name in cells["Directors"].split(",")))),
        address=cells["URL"],
    )
    return read.named(film, "Const")


def _rating(cells: Cells, options: Options) -> Said:
    return _rated(cells, "Your Rating", read.moment(cells, "Date Rated", options))


def _old_rating(cells: Cells, options: Options) -> Said:
    try:
        on = datetime.datetime.strptime(cells["created"], CTIME).replace(tzinfo=datetime.UTC).date()
    except ValueError:
        return _rated(cells, "You rated", read.moment(cells, "created", options))
    return _rated(cells, "You rated", read.noon(on))


def _rated(cells: Cells, column: str, noted_at: datetime.datetime | None) -> Said:
    film, score = _film(cells), read.score(cells, column, most=MOST)
    if score is None:
        raise RowRefused("not_a_score", column, str(MOST))
    return Said(film=film, is_seen=True, score=score, noted_at=noted_at)


def _wished(cells: Cells, options: Options) -> Said:
    return replace(_on_a_list(cells, options), is_wished=True, memo=read.text(cells, "Description"))


def _listed(cells: Cells, options: Options) -> Said:
    return replace(
        _on_a_list(cells, options),
        list_name=options.list_name or LIST,
        list_position=read.count(cells, "Position"),
        list_note=read.text(cells, "Description"),
    )


def _on_a_list(cells: Cells, options: Options) -> Said:
    """What any list says of a film: that it was seen, if it was rated."""
    score = read.score(cells, "Your Rating", most=MOST)
    noted = "Created" if score is None else "Date Rated"
    return Said(film=_film(cells), is_seen=score is not None, score=score, noted_at=read.moment(cells, noted, options))


RATINGS = Part("imdb.ratings", ("Const", "Your Rating", "Date Rated", "Title"), _rating, lacks=("Position",))
# Until 2017.
OLD_RATINGS = Part("imdb.ratings_old", ("const", "created", "You rated", "Title"), _old_rating)
# The same columns, which ratings until 2017 had, too: whoever brings one must say which it is. A list of people has no titles.
_LISTED = ("Position", "Const", "Created", "Title")
WATCHLIST = Part("imdb.watchlist", _LISTED, _wished)
ANY_LIST = Part("imdb.list", _LISTED, _listed)

FORMAT = Format(name="imdb", label="IMDb", language="en", parts=(RATINGS, OLD_RATINGS, WATCHLIST, ANY_LIST))
