"""JSON as people have it: arrays of objects, read one by one, however many there are."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import ijson

from movies.imports.formats.archives import Archive
from movies.imports.formats.cells import Cells
from movies.imports.formats.rows import BadRow, FileRefused, Options, Row, RowRefused, Said

LONGEST_ITEM = 256 * 1024  # characters
RAW = "json"
"""The one column of an item: it is kept, and given back to be mended, as the JSON that it was."""

_NO_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; no database keeps it

Item = dict[str, Any]


@dataclass(frozen=True)
class JsonPart:
    """A kind of array: where it stands in the document ("item" for the document itself, "movies.item" for a member), the
    keys that all of its items have, and what an item says. `read` raises RowRefused.

    `of_archive`: what its archive tells of the member of that name, for each of its items to be given. Items that `is_row`
    says no to are none of the file's rows.
    """

    name: str
    path: str
    keys: tuple[str, ...]
    read: Callable[[Item, Options], Said]
    of_archive: Callable[[Archive, str], Item] | None = None
    is_row: Callable[[Item], bool] = lambda item: True

    @property
    def is_document(self) -> bool:
        return self.path == "item"

    def fits(self, item: Item) -> bool:
        return item.keys() >= set(self.keys)


def is_json(file: IO[bytes]) -> bool:
    """By its first characters; leaves the file at its beginning."""
    file.seek(0)
    begins = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    return begins[:1] in (b"[", b"{")


def items(file: IO[bytes], path: str) -> Iterator[Any]:
    """Raises FileRefused where it is no JSON, which may be after many good items."""
    try:
        yield from ijson.items(_without_mark(file), path, use_float=True)
    except (ijson.JSONError, UnicodeDecodeError, ValueError):
        raise FileRefused("no_json") from None


def _without_mark(file: IO[bytes]) -> "IO[bytes] | _Rest":
    begins = file.read(3)
    return file if begins == b"\xef\xbb\xbf" else _Rest(begins, file)


class _Rest:
    """A file of which something was read already; a member of an archive cannot go back."""

    def __init__(self, begins: bytes, file: IO[bytes]) -> None:
        self._begins, self._file = begins, file

    def read(self, size: int) -> bytes:
        if size and self._begins:
            begins, self._begins = self._begins, b""
            return begins
        return self._file.read(size)


def read_items(
    file: IO[bytes], part: JsonPart, options: Options, *, name: str = "", given: Item | None = None
) -> Iterator[Row | BadRow]:
    for number, found in enumerate(items(file, part.path), 1):
        item = found | given if given and isinstance(found, dict) else found
        if isinstance(item, dict) and not part.is_row(item):
            continue
        raw = {RAW: json.dumps(item, ensure_ascii=False, default=str)}
        yield read_item(part, item, raw, options, file=name, line=number)


def read_item(
    part: JsonPart, item: Any, raw: Mapping[str, str], options: Options, *, file: str, line: int
) -> Row | BadRow:
    if len(raw[RAW]) > LONGEST_ITEM:
        return BadRow(file, line, part.name, {RAW: ""}, "row_too_long")
    if _NO_TEXT.search(raw[RAW]):
        return BadRow(file, line, part.name, raw, "not_readable")
    if not isinstance(item, dict):
        return BadRow(file, line, part.name, raw, "not_an_item", RAW, raw[RAW][:200])
    try:
        said = part.read(item, options)
    except RowRefused as refused:
        value = value_at(item, refused.column)
        return BadRow(file, line, part.name, raw, refused.code, refused.column, value, refused.about)
    return Row(file, line, part.name, raw, said)


def value_at(item: Item, path: str) -> str:
    """What stands at "movie.ids.tmdb", as text; "" where nothing does."""
    value: Any = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cells_of(item: Item, *paths: str) -> Cells:
    """These places of an item as cells, so that what is written there is read as it is in a table."""
    return Cells({path: value_at(item, path) for path in paths})
