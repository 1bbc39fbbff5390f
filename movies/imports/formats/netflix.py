"""Netflix: the history of what was watched, films and episodes alike, with days as its owner's country writes them.

https://www.netflix.com/viewingactivity. A series is told from a film by its title alone: "White Collar: Season 2:
Withdrawal". What does not show it there is looked for as a film, and doubted by whoever finds none.
"""

import re
import unicodedata

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part

# Parts and volumes are films', too ("Mockingjay: Part 1"), unless an episode's title follows.
_EPISODE = re.compile(
    r"""
    : \s* (?: (?:season|series|staffel|saison|temporada|stagione) \s* \d+ | シーズン \s* \d+ | 第 \s* \d+ \s* シーズン )
    | : \s* (?: limited \s series | miniseries | リミテッドシリーズ | ミニシリーズ ) \s* (?: : | $ )
    | : \s* (?: part | volume | vol\. | chapter | book | collection | パート | チャプター | 第 ) \s* \d+ [^:]* : \s* \S
    | (?: ^ | : ) \s* episode \s* \d+
    | エピソード \s* \d+
    | 第 \s* \d+ \s* 話
    | \( episode \s \d+ \)
    """,
    re.VERBOSE,
)


def _viewing(cells: Cells, options: Options) -> Said:
    title = read.title(cells, "Title")
    if is_episode(title):
        raise RowRefused("not_a_film", "Title")
    film = read.named(FilmNamed(title=title), "Title")
    watched_on = read.day(cells, "Date", options)
    return Said(film=film, is_seen=True, is_viewing=watched_on is not None, watched_on=watched_on)


def is_episode(title: str) -> bool:
    return _EPISODE.search(unicodedata.normalize("NFKC", title).casefold()) is not None


PART = Part("netflix", ("Title", "Date"), _viewing, is_whole=True, dates="Date")
FORMAT = Format(name="netflix", label="Netflix", language="", parts=(PART,))
