"""The rows that were refused, as we give them back: mended, they are read again as what they were."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from movies.imports.formats import items, tables
from movies.imports.formats.cells import Cells
from movies.imports.formats.format import Format
from movies.imports.formats.items import RAW, JsonPart
from movies.imports.formats.rows import BadRow, FileRefused, Options, Row, RowRefused, Said
from movies.imports.formats.tables import Part, Table
from mymovie.spreadsheets import armed

# They stand before the file's own columns.
HEADINGS = ("mymovie_part", "mymovie_file", "mymovie_line", "mymovie_column", "mymovie_value", "mymovie_reason")


def _nothing(cells: Cells, options: Options) -> Said:
    raise RowRefused("unknown_format")


FORMAT = Format(name="rejects", label="MyMovie", language="", parts=(Part("rejects", HEADINGS[:3], _nothing),))


def read(table: Table, parts: Mapping[str, Part | JsonPart], options: Options) -> Iterator[Row | BadRow]:
    for record in table.records():
        raw = dict(zip(table.headings, record.cells, strict=False))
        part, file, _line = (raw.pop(name, "") for name in HEADINGS[:3])
        raw = {name: armed(value) for name, value in raw.items() if name and name not in HEADINGS and value}
        if record.code:
            yield BadRow(file, record.line, part, raw, record.code)
        else:
            yield reread(parts, part, raw, options, file=file, line=record.line)


def reread(
    parts: Mapping[str, Part | JsonPart], name: str, raw: Mapping[str, str], options: Options, *, file: str, line: int
) -> Row | BadRow:
    match parts.get(name):
        case Part() as part:
            return tables.read_row(part, raw, options, file=file, line=line)
        case JsonPart() as part:
            try:
                item = _item(raw.get(RAW, ""))
            except FileRefused:
                return BadRow(file, line, name, raw, "not_an_item", RAW, raw.get(RAW, "")[:200])
            return items.read_item(part, item, raw, options, file=file, line=line)
        case _:
            return BadRow(file, line, name, raw, "unknown_part", HEADINGS[0], name[:200])


def _item(text: str) -> Any:
    """Read with as much mistrust as a whole file is."""
    found = list(items.items(io.BytesIO(f"[{text}]".encode()), "item"))
    if len(found) != 1 or found[0] is items.TOO_LONG:
        raise FileRefused("no_json")
    return found[0]
