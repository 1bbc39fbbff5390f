"""A table of anyone's own: they say which of its columns is what."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from movies.imports.formats import cells as read
from movies.imports.formats.cells import Cells, heading_key
from movies.imports.formats.format import Format
from movies.imports.formats.rows import FilmNamed, Options, RowRefused, Said
from movies.imports.formats.tables import DATE_ORDER, Part, Table

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
SCALE = "scale"
"""Among `Options.columns`: where the scores end."""


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
    taken = {heading_key(name) for name in (*FIELDS, SCALE, DATE_ORDER)}
    table.headings = [
        ours.get(heading) or (f"{heading} (2)" if heading_key(heading) in taken else heading)
        for heading in table.headings
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
    scale = cells[SCALE] or options.columns.get(SCALE, "100")
    if scale not in map(str, SCALES):
        raise RowRefused("not_a_number", SCALE)
    watched_on = read.day(cells, "watched_on", options)
    return Said(
        film=read.named(film, "title"),
        is_seen=True,
        is_viewing=watched_on is not None,
        watched_on=watched_on,
        score=read.score(cells, "score", most=int(scale)),
        review=read.text(cells, "review"),
        memo=read.text(cells, "memo"),
        tags=read.tags(cells, "tags"),
    )


def date_order(dates: Iterable[str]) -> str:
    """In which order day, month and year stand in all of them: "ymd", "mdy", "dmy", or "" where they do not tell."""
    this_year = datetime.date.today().year
    orders = set(read.ORDERS)
    is_asked = False
    for date in dates:
        written = read.tidy_date(unicodedata.normalize("NFKC", date).strip())
        if read.is_unordered(written):
            is_asked = True
            for order in tuple(orders):
                on = read.in_order(written, order)
                if on is None or on.year > this_year:  # nobody has seen anything then
                    orders.discard(order)
    if not is_asked:
        return "ymd"
    return orders.pop() if len(orders) == 1 else ""


PART = Part("plain", (), _row, dates="watched_on", told=lambda options: {SCALE: options.columns.get(SCALE, "")})
FORMAT = Format(name="plain", label="CSV", language="", parts=(PART,))
