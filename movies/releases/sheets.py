"""Files of coming releases, as distributors send them: bytes in, rows and refusals out. Knows no rows of ours.

A row is a line: a quotation mark that is not closed costs its own line, never what follows. Only a piece of the file is
held at a time, however long it is.
"""

import csv
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from movies.releases.refusals import Refusal
from mymovie.lines import Lines, NotText, TooLong

LONGEST_LINE = 64 * 1024  # bytes
LONGEST_TITLE = 500
MOST_COLUMNS = 50
LARGEST_NUMBER = 2**31 - 1

# What a column may be called, whatever the case, width, spaces and underscores. The README tells staff the same.
HEADINGS = {
    "title": ("title", "邦題", "タイトル", "作品名"),
    "original_title": ("original title", "原題", "オリジナルタイトル"),
    "release_on": ("release on", "release date", "公開日"),
    "tmdb_id": ("tmdb id", "tmdb"),
    "imdb_id": ("imdb id", "imdb"),
    "channel": ("channel", "区分", "種別"),
}
NEEDED = ("title", "release_on", "channel")
WITHDRAWN = ("", "未定", "tba")


class Channel(StrEnum):
    CINEMA = "cinema"
    DIGITAL = "digital"


CHANNELS = {
    "cinema": Channel.CINEMA,
    "劇場": Channel.CINEMA,
    "劇場公開": Channel.CINEMA,
    "digital": Channel.DIGITAL,
    "配信": Channel.DIGITAL,
    "デジタル配信": Channel.DIGITAL,
}

_DAY = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})|年(?P<tsuki>\d{1,2})月(?P<hi>\d{1,2})日)"
    r"(?:\([日月火水木金土](?:・?祝)?\))?",
    re.ASCII,
)


class SheetRefused(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.refusal = Refusal(code, about)


class RowRefused(Exception):
    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.refusal = Refusal(code, about)


@dataclass(frozen=True)
class Row:
    number: int
    """The line of the file, the first being 1."""
    title: str
    original_title: str
    release_on: datetime.date | None
    """None where the date is withdrawn, or not yet known."""
    tmdb_id: int | None
    imdb_id: str
    channel: Channel


@dataclass(frozen=True)
class BadRow:
    number: int
    title: str
    refusal: Refusal


def read(file: IO[bytes], *, after: int = 0) -> Iterator[Row | BadRow]:
    """The rows on the lines after line `after`, the heading apart; empty lines count, and are no rows. Raises
    SheetRefused."""
    lines = Lines(file, LONGEST_LINE)
    columns, delimiter, has_rows = None, ",", False
    for number, line in lines:
        if columns is None:
            if line.strip():
                columns, delimiter = _heading(lines, line)
            continue
        if number <= after:
            has_rows = True
            continue
        if len(line) <= LONGEST_LINE and not line.strip(b" \t,;\r\n"):  # of a longer one only a part is here
            continue
        row = _row_or_refusal(lines, number, line, columns, delimiter)
        if row is not None:
            has_rows = True
            yield row
    if columns is None:
        raise SheetRefused("empty")
    if not has_rows:
        raise SheetRefused("no_rows")


def _row_or_refusal(lines: Lines, number: int, line: bytes, columns: list[str], delimiter: str) -> Row | BadRow | None:
    title = ""
    try:
        cells = _cells(_text_of(lines, line), delimiter)
        if not any(cells):
            return None
        named = dict(zip(columns, cells, strict=False))
        title = _title(named)
        _fit(cells, columns)
        return _row(number, named)
    except RowRefused as refused:
        return BadRow(number, title[:LONGEST_TITLE], refused.refusal)


def _text_of(lines: Lines, line: bytes) -> str:
    try:
        return lines.text_of(line)
    except TooLong:
        raise RowRefused("row_too_long") from None
    except NotText:
        raise RowRefused("not_readable") from None


def _heading(lines: Lines, line: bytes) -> tuple[list[str], str]:
    """The name of each column, "" for one without, and what stands between them."""
    of_the_file = {"row_too_long": "heading_too_long", "not_readable": "no_text", "lone_quote": "heading_quote"}
    try:
        text = _text_of(lines, line)
        read_as = [(_cells(text, delimiter), delimiter) for delimiter in ",;\t"]
    except RowRefused as refused:
        raise SheetRefused(of_the_file[refused.refusal.code]) from None
    cells, delimiter = max(read_as, key=lambda cells_and_delimiter: sum(map(_is_known, cells_and_delimiter[0])))
    if not any(map(_is_known, cells)):
        raise SheetRefused("no_heading", ", ".join(HEADINGS))
    if len(cells) > MOST_COLUMNS:
        raise SheetRefused("too_many_columns", str(len(cells)))
    for cell in cells:
        if cell and not _is_known(cell):
            raise SheetRefused("unknown_column", cell)
    columns = [_COLUMNS[_key(cell)] if cell else "" for cell in cells]
    for column in HEADINGS:
        if columns.count(column) > 1:
            raise SheetRefused("column_twice", column)
    if missing := [column for column in NEEDED if column not in columns]:
        raise SheetRefused("missing_columns", ", ".join(missing))
    return columns, delimiter


def _key(heading: str) -> str:
    return re.sub(r"[\s_-]", "", unicodedata.normalize("NFKC", heading).casefold())


_COLUMNS = {_key(heading): column for column, headings in HEADINGS.items() for heading in headings}


def _is_known(heading: str) -> bool:
    return _key(heading) in _COLUMNS


def _cells(text: str, delimiter: str) -> list[str]:
    if text.count('"') % 2:
        raise RowRefused("lone_quote")
    try:
        return [
            " ".join(cell.split()) for cells in csv.reader([text], delimiter=delimiter, strict=True) for cell in cells
        ]
    except csv.Error:
        raise RowRefused("lone_quote") from None


def _fit(cells: list[str], columns: list[str]) -> None:
    """A cell too few may be a date that was cut off, which must not pass for one withdrawn."""
    if len(cells) < len(columns):
        raise RowRefused("missing_cells")
    if any(cells[len(columns) :]):
        raise RowRefused("too_many_cells")
    for column, cell in zip(columns, cells, strict=False):
        if cell and not column:
            raise RowRefused("cell_without_heading", cell)


def _title(named: dict[str, str]) -> str:
    return named.get("title") or named.get("original_title", "")


def _row(number: int, named: dict[str, str]) -> Row:
    title, original_title = named["title"], named.get("original_title", "")
    if max(len(title), len(original_title)) > LONGEST_TITLE:
        raise RowRefused("title_too_long")
    tmdb_id = _tmdb_id(_plain(named.get("tmdb_id", "")))
    imdb_id = _imdb_id(_plain(named.get("imdb_id", "")))
    if not (title or original_title or tmdb_id or imdb_id):
        raise RowRefused("no_title")
    return Row(
        number, title, original_title, _day(_plain(named["release_on"])), tmdb_id, imdb_id, _channel(named["channel"])
    )


def _plain(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell).casefold())


def _channel(cell: str) -> Channel:
    if channel := CHANNELS.get(_plain(cell)):
        return channel
    raise RowRefused("not_a_channel", cell)


def _day(cell: str) -> datetime.date | None:
    if cell in WITHDRAWN:
        return None
    written = _DAY.fullmatch(cell)
    if written is None:
        raise RowRefused("not_a_date", cell)
    year, month, day = written["year"], written["month"] or written["tsuki"], written["day"] or written["hi"]
    try:
        released_on = datetime.date(int(year), int(month), int(day))
    except ValueError:
        raise RowRefused("not_a_date", cell) from None
    if not 1870 <= released_on.year < 2200:
        raise RowRefused("date_impossible", cell)
    return released_on


def _tmdb_id(cell: str) -> int | None:
    if not cell:
        return None
    if not re.fullmatch(r"\d{1,10}", cell, re.ASCII) or not 0 < int(cell) <= LARGEST_NUMBER:
        raise RowRefused("not_a_tmdb_id", cell)
    return int(cell)


def _imdb_id(cell: str) -> str:
    if cell and not re.fullmatch(r"tt\d{5,10}", cell, re.ASCII):
        raise RowRefused("not_an_imdb_id", cell)
    return cell
