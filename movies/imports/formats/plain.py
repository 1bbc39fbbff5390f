"""A table of anyone's own: they say which of its columns is what."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells, heading_key
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import Part, Table

# What we call a column, what we call it to people, and what they may call it: a mapping to begin with.
FIELDS = {
    "title": (_("Title"), ("title", "name", "film", "movie", "邦題", "題名", "タイトル", "作品名", "映画")),
    "original_title": (_("Original title"), ("original title", "原題")),
    "year": (_("Year"), ("year", "release year", "公開年", "製作年", "制作年", "年")),
    "tmdb_id": (_("Number at TMDB"), ("tmdb id", "tmdb", "tmdbid")),
    "imdb_id": (_("Number at IMDb"), ("imdb id", "imdb", "imdbid", "const")),
    "directors": (_("Directors"), ("director", "directors", "監督")),
    "watched_on": (
        _("Day watched"),
        ("watched on", "watched", "date", "watched date", "鑑賞日", "観た日", "視聴日", "日付"),
    ),
    "score": (_("Score"), ("score", "rating", "点数", "評価", "スコア")),
    "review": (_("Review"), ("review", "感想", "レビュー")),
    "tags": (_("Tags"), ("tags", "タグ")),
    "memo": (_("Private notes"), ("memo", "notes", "note", "メモ", "備考")),
}
SCALES = (100, 10, 5)


def guess(headings: Iterable[str]) -> dict[str, str]:
    """For each of FIELDS a heading that seems to be it, where there is one."""
    given = {_loosely(heading): heading for heading in reversed(list(headings))}
    found = {
        field: next((given[_loosely(name)] for name in names if _loosely(name) in given), "")
        for field, (_label, names) in FIELDS.items()
    }
    return {field: heading for field, heading in found.items() if heading}


def _loosely(heading: str) -> str:
    return re.sub(r"[_\-]", "", heading_key(heading))


def renamed(table: Table, options: Options) -> Table:
    """With our names instead of its own, so that a row that was refused can be read again without them."""
    ours = {heading: field for field, heading in options.columns.items() if heading and field in FIELDS}
    taken = set(FIELDS)
    table.headings = [
        ours.get(heading) or (f"{heading} " if heading in taken else heading) for heading in table.headings
    ]
    return table


def _row(cells: Cells, options: Options) -> Said:
    film = FilmNamed(
        title=read.title(cells, "title"),
        original_title=read.title(cells, "original_title"),
        year=read.year(cells, "year"),
        tmdb_id=read.tmdb_id(cells, "tmdb_id"),
        imdb_id=read.imdb_id(cells, "imdb_id"),
        directors=tuple(filter(None, (" ".join(name.split()) for name in re.split("[,、]", cells["directors"])))),
    )
    if not (film.title or film.original_title or film.tmdb_id or film.imdb_id):
        raise RowRefused("no_title", "title")
    watched_on = read.day(cells, "watched_on", options)
    return Said(
        film=film,
        is_seen=True,
        is_viewing=watched_on is not None,
        watched_on=watched_on,
        score=read.score(cells, "score", most=int(options.columns.get("scale", "100"))),
        review=read.text(cells, "review"),
        memo=read.text(cells, "memo"),
        tags=read.tags(cells, "tags"),
    )


def date_order(dates: Iterable[str]) -> str:
    """In which order day, month and year stand in all of them: "ymd", "mdy", "dmy", or "" where they do not tell."""
    orders = {"mdy", "dmy"}
    is_asked = False
    for written in dates:
        plain = unicodedata.normalize("NFKC", written).strip()
        found = re.fullmatch(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", plain, re.ASCII)
        if found is None or len(found[1]) == 4:
            continue
        is_asked = True
        if int(found[1]) > 12:
            orders.discard("mdy")
        if int(found[2]) > 12:
            orders.discard("dmy")
    if not is_asked:
        return "ymd"
    return orders.pop() if len(orders) == 1 else ""


PART = Part("plain", (), _row)
FORMAT = Format(name="plain", label="CSV", language="", parts=(PART,))
