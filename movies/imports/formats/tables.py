"""CSV as people have it: read by the names of its columns, and what is broken costs its own row, not what follows."""

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO

from movies.imports.formats.cells import Cells, heading_key
from movies.imports.formats.rows import BadRow, FileRefused, Options, Row, RowRefused, Said
from mymovie.lines import Lines, NotText, TooLong

LONGEST_RECORD = 256 * 1024  # bytes; a review may be long
MOST_LINES = 2000  # of one record
MOST_COLUMNS = 200
LEAST_TELLING = 4  # columns; a line of prose may well hold two commas
LONGEST_HEADING = 200

DATE_ORDER = "date_order"
"""A column that is given to each row of a table whose dates do not tell their order: so it can be read again by itself."""

csv.field_size_limit(LONGEST_RECORD)


@dataclass(frozen=True)
class Part:
    """A kind of table: the columns that it always has, those that it never has, and what a row of it says.

    `read` raises RowRefused. `name` stays with each row, so that one which was refused can be read again by itself.
    `above`: how many records stand above the heading, and `of_above` makes of them columns that each row is given.
    `dates`: the column whose dates may be written in an order that the file does not tell. `told`: what else its owner was
    asked about the file, as columns that each row is given. `is_whole`: it has no other columns.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[Cells, Options], Said]
    lacks: tuple[str, ...] = ()
    above: int = 0
    of_above: Callable[[list[list[str]]], dict[str, str]] | None = None
    dates: str = ""
    told: Callable[[Options], dict[str, str]] | None = None
    is_whole: bool = False

    def fits(self, headings: list[str]) -> bool:
        given = set(map(heading_key, filter(None, headings)))
        columns = set(map(heading_key, self.columns))
        if self.is_whole and given != columns:
            return False
        return given >= columns and given.isdisjoint(map(heading_key, self.lacks))


@dataclass(frozen=True)
class Record:
    """The cells of a record that begins on `line`, or why it cannot be read, and what of it can be shown."""

    line: int
    cells: list[str]
    code: str = ""
    text: str = ""


class Table:
    """Its headings, then its records. Raises FileRefused where it has none."""

    def __init__(self, file: IO[bytes], *, above: int = 0) -> None:
        self._lines = Lines(file, LONGEST_RECORD)
        self._numbered = iter(self._lines)
        self._again: deque[tuple[int, bytes]] = deque()
        self.delimiter = ","
        self.above: list[list[str]] = []
        for _ in range(above):
            record = self._next_record()
            self.above.append(record.cells if record else [])
        self.headings = self._heading()

    def _heading(self) -> list[str]:
        for _number, line in self._take():
            if not line.strip():
                continue
            try:
                text = self._lines.text_of(line)
            except (TooLong, NotText):
                raise FileRefused("no_text") from None
            by_delimiter = {mark: _cells(text, mark) or [] for mark in ",;\t"}
            self.delimiter = max(by_delimiter, key=lambda mark: len(by_delimiter[mark]))
            headings = [cell.strip() for cell in by_delimiter[self.delimiter]]
            is_prose = text.startswith("<") or any(len(heading) > LONGEST_HEADING for heading in headings)
            if is_prose or not any(headings):
                raise FileRefused("no_heading")
            if len(headings) > MOST_COLUMNS:
                raise FileRefused("too_many_columns", str(len(headings)))
            return _each_once(headings)
        raise FileRefused("empty")

    def records(self) -> Iterator[Record]:
        """Without the heading where it comes again, as it does where files were put together."""
        while record := self._next_record(len(self.headings)):
            if [cell.strip() for cell in record.cells] != self.headings:
                yield record

    def _take(self) -> Iterator[tuple[int, bytes]]:
        """What was put back comes first."""
        while line := self._again.popleft() if self._again else next(self._numbered, None):
            yield line

    def _next_record(self, columns: int = 0) -> Record | None:
        """Lines until all quotation marks are closed. Where they never are, or the record does not have so many columns,
        its first line is bad alone, and the next one begins another."""
        taken: list[tuple[int, bytes]] = []
        size, is_open = 0, False
        for number, line in self._take():
            if not taken and not line.strip(b" \t,;\r\n"):
                continue
            taken.append((number, line))
            size += len(line)
            is_open ^= line.count(b'"') % 2 == 1
            if not is_open:
                return self._read(taken, columns)
            if size > LONGEST_RECORD or len(taken) > MOST_LINES:
                break
        return self._first_line_alone(taken, "lone_quote", columns) if taken else None

    def _read(self, taken: list[tuple[int, bytes]], columns: int) -> Record:
        try:
            text = "\n".join(self._lines.text_of(line) for _number, line in taken)
        except TooLong:
            return self._first_line_alone(taken, "row_too_long")
        except NotText:
            return self._first_line_alone(taken, "not_readable")
        cells = _cells(text, self.delimiter)
        if cells is None or (
            columns and len(taken) > 1 and (len(cells) != columns or self._are_records(text, columns))
        ):
            return self._first_line_alone(taken, "lone_quote", columns)
        return Record(taken[0][0], cells, "too_many_cells" if columns and any(cells[columns:]) else "")

    def _are_records(self, text: str, columns: int) -> bool:
        """Whether each of the lines would be a record by itself: then a mark was left open at the end of one, and closed
        by the next such slip."""
        return columns >= LEAST_TELLING and all(line.count(self.delimiter) == columns - 1 for line in text.split("\n"))

    def _first_line_alone(self, taken: list[tuple[int, bytes]], code: str, columns: int = 0) -> Record:
        """Not bad if its mark stands in the middle of a cell, as in 5" disc."""
        self._again.extendleft(reversed(taken[1:]))
        number, line = taken[0]
        if len(line) > LONGEST_RECORD:
            return Record(number, [], "row_too_long", self._lines.shown(line))
        if columns and len(cells := self._cells_of(line)) == columns:
            return Record(number, cells)
        return Record(number, [], code, self._lines.shown(line))

    def _cells_of(self, line: bytes) -> list[str]:
        try:
            return _cells(self._lines.text_of(line), self.delimiter) or []
        except (TooLong, NotText):
            return []


def _each_once(headings: list[str]) -> list[str]:
    """The second "Title" is "Title (2)"."""
    seen: Counter[str] = Counter()
    told = []
    for heading in headings:
        seen[heading_key(heading)] += bool(heading)
        count = seen[heading_key(heading)]
        told.append(f"{heading} ({count})" if count > 1 else heading)
    return told


def _cells(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def read_table(table: Table, part: Part, options: Options, *, file: str = "") -> Iterator[Row | BadRow]:
    """What each record says."""
    given = part.of_above(table.above) if part.of_above else {}
    told = (part.told(options) if part.told else {}) | {DATE_ORDER: options.date_order if part.dates else ""}
    given |= {name: value for name, value in told.items() if value}
    for record in table.records():
        raw = dict(zip(table.headings, record.cells, strict=False)) | given
        raw.pop("", None)
        if record.code:
            yield BadRow(file, record.line, part.name, raw, record.code, value=record.text)
        else:
            yield read_row(part, raw, options, file=file, line=record.line)


def read_row(part: Part, raw: Mapping[str, str], options: Options, *, file: str, line: int) -> Row | BadRow:
    cells = Cells(raw)
    if part.dates and cells[DATE_ORDER]:
        options = replace(options, date_order=cells[DATE_ORDER])
    try:
        said = part.read(cells, options)
    except RowRefused as refused:
        return BadRow(file, line, part.name, raw, refused.code, refused.column, cells[refused.column], refused.about)
    return Row(file, line, part.name, raw, said)
